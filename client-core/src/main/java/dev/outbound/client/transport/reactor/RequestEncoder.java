package dev.outbound.client.transport.reactor;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;

import dev.outbound.client.transport.OutgoingHeadWriter;

/**
 * Writes the head of a call in the place of what Reactor Netty has made of it. Used on
 * the event loop only.
 */
final class RequestEncoder extends HttpRequestEncoder {

    private static final int END_OF_LINE = 2;

    private final ChannelGuard guard;

    private final OutgoingHeadWriter writer = new OutgoingHeadWriter();

    RequestEncoder(ChannelGuard guard) {
        this.guard = guard;
    }

    @Override
    protected void encodeInitialLine(ByteBuf buffer, HttpRequest message) {
        Call call = this.guard.call();
        if (call == null) {
            throw new IllegalStateException("There is no call");
        }
        this.writer.write(call.request().method().name(), call.target(), call.outgoing());
        // Netty ends the head.
        buffer.writeBytes(this.writer.bytes(), 0, this.writer.length() - END_OF_LINE);
    }

    @Override
    protected void encodeHeaders(HttpHeaders headers, ByteBuf buffer) {
        // They are written already.
    }

}
