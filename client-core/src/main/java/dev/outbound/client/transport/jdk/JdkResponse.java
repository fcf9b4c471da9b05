package dev.outbound.client.transport.jdk;

import java.io.InputStream;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.IncomingHead;
import dev.outbound.client.transport.TransportResponse;

/** A response on the blocking lane. */
final class JdkResponse implements TransportResponse {

    private final IncomingHead head;

    private final BodyStream body;

    private final long contentLength;

    JdkResponse(IncomingHead head, Attempt attempt, Cancellation cancellation) {
        this.head = head;
        this.contentLength = attempt.contentLength(head);
        this.body = new BodyStream(attempt, this.contentLength, cancellation);
    }

    @Override
    public int statusCode() {
        return this.head.status();
    }

    @Override
    public String reasonPhrase() {
        return this.head.reason();
    }

    @Override
    public String httpVersion() {
        return this.head.version();
    }

    @Override
    public FieldLines fields() {
        return this.head.fields();
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
        this.body.abort();
    }

}
