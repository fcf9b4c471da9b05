package dev.outbound.client.transport.reactor;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequestEncoder;

/**
 * Writes the field lines of a call as they are. They were checked when they came into the
 * request: Netty's headers check each again and are copied by Reactor Netty, which adds
 * lines of its own. Used on the event loop only.
 */
final class RequestEncoder extends HttpRequestEncoder {

    private static final int LONGEST_KEPT = 8 * 1024;

    private final ChannelGuard guard;

    private byte[] lines = new byte[256];

    private int length;

    RequestEncoder(ChannelGuard guard) {
        this.guard = guard;
    }

    @Override
    protected void encodeHeaders(HttpHeaders headers, ByteBuf buffer) {
        Call call = this.guard.call();
        if (call == null) {
            throw new IllegalStateException("There is no call");
        }
        this.length = 0;
        call.outgoing().forEach(this::append);
        buffer.writeBytes(this.lines, 0, this.length);
        if (this.lines.length > LONGEST_KEPT) {
            this.lines = new byte[256];
        }
    }

    private void append(String name, String value) {
        int needed = this.length + name.length() + value.length() + 4;
        if (needed > this.lines.length) {
            this.lines = Arrays.copyOf(this.lines, Math.max(needed, 2 * this.lines.length));
        }
        append(name);
        this.lines[this.length++] = ':';
        this.lines[this.length++] = ' ';
        append(value);
        this.lines[this.length++] = '\r';
        this.lines[this.length++] = '\n';
    }

    /**
     * Field lines have no character beyond ISO-8859-1, and for those this method of
     * strings is right; others make an array of each text, or look at each character.
     */
    @SuppressWarnings("deprecation")
    private void append(String text) {
        text.getBytes(0, text.length(), this.lines, this.length);
        this.length += text.length();
    }

}
