package dev.outbound.client.transport.jdk;

import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.transport.IncomingHead;
import dev.outbound.client.transport.ReactiveTransportResponse;

/** A response on the reactive lane. */
final class JdkReactiveResponse implements ReactiveTransportResponse {

    private final IncomingHead head;

    private final BodyFlux body;

    private final long contentLength;

    JdkReactiveResponse(IncomingHead head, Inbound inbound) {
        this.head = head;
        this.contentLength = inbound.attempt().contentLength(head);
        this.body = new BodyFlux(inbound, this.contentLength);
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
    public Flux<DataBuffer> body() {
        return this.body;
    }

    @Override
    public long contentLength() {
        return this.contentLength;
    }

    @Override
    public void close() {
        this.body.close();
    }

    @Override
    public void abort() {
        this.body.abort();
    }

}
