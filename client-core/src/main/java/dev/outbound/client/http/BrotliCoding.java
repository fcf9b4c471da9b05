package dev.outbound.client.http;

import java.io.IOException;
import java.nio.ByteBuffer;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;

/**
 * {@code br} (RFC 7932), by Google's decoder. What comes behind the end is ignored.
 */
final class BrotliCoding implements Coding {

    private final DecoderJNI.Wrapper decoder;

    private boolean started;

    private boolean closed;

    BrotliCoding() {
        try {
            this.decoder = new DecoderJNI.Wrapper(8192);
        }
        catch (IOException ex) {
            throw new DecodingException("the brotli decoder cannot be used", ex);
        }
    }

    /** Whether the library is present, and runs on this machine. */
    static boolean isAvailable() {
        return Brotli4jLoader.isAvailable();
    }

    @Override
    public void decode(ByteBuffer bytes, ContentDecoder.Output output) {
        if (bytes.hasRemaining() && this.started && this.decoder.getStatus() == DecoderJNI.Status.DONE) {
            // The decoder takes it for an error where it comes in one piece with the end.
            throw new DecodingException("the body is not brotli", null);
        }
        this.started |= bytes.hasRemaining();
        while (bytes.hasRemaining()) {
            ByteBuffer input = this.decoder.getInputBuffer().clear();
            int length = Math.min(input.remaining(), bytes.remaining());
            input.put(bytes.slice().limit(length));
            bytes.position(bytes.position() + length);
            this.decoder.push(length);
            if (pull(output)) {
                bytes.position(bytes.limit());
            }
        }
    }

    /** Give out what is decoded; return whether that is all there will be. */
    private boolean pull(ContentDecoder.Output output) {
        while (true) {
            switch (this.decoder.getStatus()) {
                case OK -> this.decoder.push(0);
                case NEEDS_MORE_OUTPUT -> output.accept(this.decoder.pull());
                case NEEDS_MORE_INPUT, DONE -> {
                    while (this.decoder.hasOutput()) {
                        output.accept(this.decoder.pull());
                    }
                    return this.decoder.getStatus() == DecoderJNI.Status.DONE;
                }
                case ERROR -> throw new DecodingException("the body is not brotli", null);
            }
        }
    }

    @Override
    public void finish(ContentDecoder.Output output) {
        boolean complete = !this.started || this.decoder.getStatus() == DecoderJNI.Status.DONE;
        close();
        if (!complete) {
            throw new DecodingException("the body is brotli, and ends in its middle", null);
        }
    }

    @Override
    public void close() {
        if (!this.closed) {
            this.closed = true;
            this.decoder.destroy();
        }
    }

}
