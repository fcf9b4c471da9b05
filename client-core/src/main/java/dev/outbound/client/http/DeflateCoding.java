package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;

import org.jspecify.annotations.Nullable;

/**
 * {@code deflate}: zlib (RFC 1950), or the bare data (RFC 1951), which some servers send
 * under this name. What comes behind the end is ignored.
 */
final class DeflateCoding implements Coding {

    private @Nullable Inflating inflating;

    private int first = -1;

    private boolean finished;

    @Override
    public void decode(ByteBuffer bytes, ContentDecoder.Output output) {
        if (this.inflating == null && this.first < 0 && bytes.hasRemaining()) {
            this.first = bytes.get() & 0xff;
        }
        if (!bytes.hasRemaining()) {
            return;
        }
        try {
            Inflating inflating = this.inflating;
            if (inflating == null) {
                inflating = new Inflating(!isZlib(this.first, bytes.get(bytes.position()) & 0xff));
                this.inflating = inflating;
                inflating.inflate(ByteBuffer.wrap(new byte[] { (byte) this.first }), output);
            }
            this.finished = this.finished || inflating.inflate(bytes, output);
            bytes.position(bytes.limit());
        }
        catch (DataFormatException ex) {
            throw new DecodingException("the body is not deflate: " + ex.getMessage(), ex);
        }
    }

    private static boolean isZlib(int method, int flags) {
        return (method & 0xf) == 8 && (method << 8 | flags) % 31 == 0;
    }

    @Override
    public void finish(ContentDecoder.Output output) {
        if (!this.finished && this.first >= 0) {
            throw new DecodingException("the body is deflate, and ends in its middle", null);
        }
        close();
    }

    @Override
    public void close() {
        Inflating inflating = this.inflating;
        if (inflating != null) {
            inflating.close();
        }
    }

}
