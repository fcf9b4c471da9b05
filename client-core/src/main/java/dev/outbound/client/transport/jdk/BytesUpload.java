package dev.outbound.client.transport.jdk;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/** A body that is in memory. */
final class BytesUpload extends Upload {

    private final ByteBuffer bytes;

    BytesUpload(byte[] bytes, long length) {
        super(length);
        this.bytes = ByteBuffer.wrap(bytes);
    }

    @Override
    @Nullable ByteBuffer next() {
        int size = Math.min(PIECE, this.bytes.remaining());
        if (size == 0) {
            return null;
        }
        ByteBuffer piece = this.bytes.slice(this.bytes.position(), size);
        this.bytes.position(this.bytes.position() + size);
        return piece;
    }

    @Override
    boolean isExhausted() {
        return !this.bytes.hasRemaining();
    }

}
