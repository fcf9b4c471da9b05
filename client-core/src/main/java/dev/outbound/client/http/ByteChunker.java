package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts bytes into chunks of one size as they arrive; only the last one may be smaller.
 * Not thread-safe.
 */
final class ByteChunker {

    private final int size;

    private byte[] chunk;

    private int length;

    /**
     * Create a chunker.
     * @param size the number of bytes of a chunk, or 0 to leave chunks as they arrive
     */
    ByteChunker(int size) {
        this.size = size;
        this.chunk = new byte[Math.min(size, 8192)];
    }

    /**
     * Add further bytes.
     * @param bytes are read to their end
     * @return the chunks that are complete, none of them empty
     */
    List<byte[]> add(ByteBuffer bytes) {
        List<byte[]> chunks = new ArrayList<>();
        if (this.size == 0 && bytes.hasRemaining()) {
            byte[] all = new byte[bytes.remaining()];
            bytes.get(all);
            chunks.add(all);
        }
        while (bytes.hasRemaining()) {
            int count = Math.min(this.size - this.length, bytes.remaining());
            grow(count);
            bytes.get(this.chunk, this.length, count);
            this.length += count;
            if (this.length == this.size) {
                chunks.add(take());
            }
        }
        return chunks;
    }

    /**
     * Tell that there are no further bytes.
     * @return the last chunk, or an empty array
     */
    byte[] finish() {
        return take();
    }

    private void grow(int count) {
        if (this.length + count > this.chunk.length) {
            int capacity = Math.min(this.size, Math.max(2 * this.chunk.length, this.length + count));
            this.chunk = java.util.Arrays.copyOf(this.chunk, capacity);
        }
    }

    private byte[] take() {
        byte[] chunk = java.util.Arrays.copyOf(this.chunk, this.length);
        this.length = 0;
        return chunk;
    }

}
