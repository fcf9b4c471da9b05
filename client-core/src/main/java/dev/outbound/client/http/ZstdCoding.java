package dev.outbound.client.http;

import java.nio.ByteBuffer;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;

/**
 * {@code zstd} (RFC 8878): one frame or several, whose contents are joined.
 */
final class ZstdCoding implements Coding {

    private static final int PIECE = 8192;

    private final ZstdDecompressCtx decoder = new ZstdDecompressCtx();

    private final ByteBuffer input = ByteBuffer.allocateDirect(PIECE);

    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);

    private boolean complete = true;

    /** Whether the library is present, and runs on this machine. */
    static boolean isAvailable() {
        try {
            Native.load();
            return true;
        }
        catch (UnsatisfiedLinkError | ExceptionInInitializerError ex) {
            return false;
        }
    }

    @Override
    public void decode(ByteBuffer bytes, ContentDecoder.Output output) {
        while (bytes.hasRemaining()) {
            int length = Math.min(PIECE, bytes.remaining());
            this.input.clear().put(bytes.slice().limit(length)).flip();
            bytes.position(bytes.position() + length);
            decode(output);
        }
    }

    private void decode(ContentDecoder.Output output) {
        boolean full = true;
        while (this.input.hasRemaining() || full) {
            this.piece.clear();
            try {
                this.complete = this.decoder.decompressDirectByteBufferStream(this.piece, this.input);
            }
            catch (ZstdException ex) {
                throw new DecodingException("the body is not zstd: " + ex.getMessage(), ex);
            }
            full = !this.piece.hasRemaining() && !this.complete;
            if (this.piece.flip().hasRemaining()) {
                output.accept(this.piece);
            }
        }
    }

    @Override
    public void finish(ContentDecoder.Output output) {
        close();
        if (!this.complete) {
            throw new DecodingException("the body is zstd, and ends in its middle", null);
        }
    }

    @Override
    public void close() {
        this.decoder.close();
    }

}
