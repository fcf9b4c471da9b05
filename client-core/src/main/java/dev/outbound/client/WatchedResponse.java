package dev.outbound.client;

import java.io.InputStream;

import dev.outbound.client.http.DelegatingHead;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.TransportResponse;

/**
 * A response whose send is watched by itself, to the end of the body: not with the call.
 */
record WatchedResponse(TransportResponse head, Cancellation watched) implements DelegatingHead, TransportResponse {

    @Override
    public InputStream body() {
        return this.head.body();
    }

    @Override
    public long contentLength() {
        return this.head.contentLength();
    }

    @Override
    public void close() {
        try {
            this.head.close();
        }
        finally {
            this.watched.unwatch();
        }
    }

    @Override
    public void abort() {
        try {
            this.head.abort();
        }
        finally {
            this.watched.unwatch();
        }
    }

}
