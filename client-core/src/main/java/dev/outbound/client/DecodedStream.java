package dev.outbound.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

import dev.outbound.client.http.ContentDecoder;

/**
 * The content of a body that arrives with content codings. Closing it gives back the
 * decoder's memory and leaves the body alone.
 */
final class DecodedStream extends InputStream {

    private final InputStream body;

    private final ContentDecoder decoder;

    private final byte[] received = new byte[4 * 1024];

    private final Queue<ByteBuffer> decoded = new ArrayDeque<>();

    private boolean complete;

    DecodedStream(InputStream body, ContentDecoder decoder) {
        this.body = body;
        this.decoder = decoder;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (this.decoded.isEmpty()) {
            if (this.complete) {
                return -1;
            }
            int read = this.body.read(this.received);
            if (read >= 0) {
                this.decoder.decode(ByteBuffer.wrap(this.received, 0, read), this::keep);
            }
            else {
                this.complete = true;
                this.decoder.finish(this::keep);
            }
        }
        ByteBuffer next = this.decoded.element();
        int count = Math.min(length, next.remaining());
        next.get(bytes, offset, count);
        if (!next.hasRemaining()) {
            this.decoded.remove();
        }
        return count;
    }

    private void keep(ByteBuffer piece) {
        if (piece.hasRemaining()) {
            this.decoded.add(ByteBuffer.allocate(piece.remaining()).put(piece).flip());
        }
    }

    @Override
    public void close() {
        this.decoder.close();
    }

}
