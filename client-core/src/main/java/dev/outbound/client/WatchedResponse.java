package dev.outbound.client;

import java.io.InputStream;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.TransportResponse;

/**
 * A response whose send is watched by itself, to the end of the body: not with the call.
 */
record WatchedResponse(TransportResponse response, Cancellation watched) implements TransportResponse {

    @Override
    public int statusCode() {
        return this.response.statusCode();
    }

    @Override
    public String reasonPhrase() {
        return this.response.reasonPhrase();
    }

    @Override
    public String httpVersion() {
        return this.response.httpVersion();
    }

    @Override
    public FieldLines fields() {
        return this.response.fields();
    }

    @Override
    public @Nullable String first(String name) {
        return this.response.first(name);
    }

    @Override
    public InputStream body() {
        return this.response.body();
    }

    @Override
    public long contentLength() {
        return this.response.contentLength();
    }

    @Override
    public void close() {
        try {
            this.response.close();
        }
        finally {
            this.watched.unwatch();
        }
    }

    @Override
    public void abort() {
        try {
            this.response.abort();
        }
        finally {
            this.watched.unwatch();
        }
    }

}
