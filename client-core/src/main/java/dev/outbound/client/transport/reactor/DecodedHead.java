package dev.outbound.client.transport.reactor;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

import dev.outbound.client.transport.IncomingHead;

/**
 * A head of HTTP/1.1 as Reactor Netty is given it: that need not know more than whether
 * the connection can be used again.
 */
final class DecodedHead extends DefaultHttpResponse {

    private final IncomingHead head;

    private final long bodyLength;

    DecodedHead(IncomingHead head, long bodyLength) {
        super(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(head.status()),
                DefaultHttpHeadersFactory.headersFactory().withValidation(false));
        this.head = head;
        this.bodyLength = bodyLength;
        if (bodyLength == IncomingHead.TO_END || !head.keepsAlive()) {
            headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    IncomingHead head() {
        return this.head;
    }

    /** Return how long the body is, {@code CHUNKED} or {@code TO_END}. */
    long bodyLength() {
        return this.bodyLength;
    }

}
