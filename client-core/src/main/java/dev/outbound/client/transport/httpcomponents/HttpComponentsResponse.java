package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.TransportResponse;

/**
 * HttpCore's response, read as it is asked for.
 */
final class HttpComponentsResponse implements TransportResponse {

    private final ClassicHttpResponse message;

    private final Lease lease;

    private final ResponseBody body;

    private final long contentLength;

    private @Nullable FieldLines fields;

    HttpComponentsResponse(ClassicHttpRequest request, ClassicHttpResponse message, Attempt attempt, Lease lease,
            Cancellation cancellation) throws IOException {
        this.message = message;
        this.lease = lease;
        HttpEntity entity = message.getEntity();
        this.contentLength = (entity != null) ? entity.getContentLength() : 0;
        TimeValue keepAlive = attempt.isComplete() ? KeepAlive.of(request, message) : null;
        InputStream content = (entity != null) ? entity.getContent() : InputStream.nullInputStream();
        this.body = new ResponseBody(content, this.contentLength, lease, keepAlive, cancellation, attempt.url());
    }

    @Override
    public int statusCode() {
        return this.message.getCode();
    }

    @Override
    public String reasonPhrase() {
        return this.message.getReasonPhrase();
    }

    @Override
    public String httpVersion() {
        return (this.message.getVersion() == HttpVersion.HTTP_1_0) ? "HTTP/1.0" : "HTTP/1.1";
    }

    @Override
    public FieldLines fields() {
        FieldLines fields = this.fields;
        if (fields == null) {
            FieldLines.Builder builder = FieldLines.builder();
            Iterator<Header> headers = this.message.headerIterator();
            while (headers.hasNext()) {
                Header header = headers.next();
                builder.append(header.getName(), header.getValue());
            }
            fields = builder.build();
            this.fields = fields;
        }
        return fields;
    }

    @Override
    public @Nullable String first(String name) {
        Header header = this.message.getFirstHeader(name);
        return (header != null) ? header.getValue() : null;
    }

    @Override
    public InputStream body() {
        return this.body;
    }

    @Override
    public long contentLength() {
        return this.contentLength;
    }

    @Override
    public void close() {
        this.body.drain();
    }

    @Override
    public void abort() {
        this.lease.abort();
    }

}
