package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The JDK's inflater, fed with what arrives.
 */
final class Inflating {

    private final Inflater inflater;

    private final byte[] piece = new byte[8192];

    /**
     * Create an inflater.
     * @param raw whether there is neither the head nor the checksum of zlib
     */
    Inflating(boolean raw) {
        this.inflater = new Inflater(raw);
    }

    /**
     * Inflate up to the end of the bytes or of the data, what comes first.
     * @return whether the data is at its end; the bytes behind it are not read
     */
    boolean inflate(ByteBuffer bytes, ContentDecoder.Output output) throws DataFormatException {
        this.inflater.setInput(bytes);
        while (!this.inflater.finished()) {
            int length = this.inflater.inflate(this.piece);
            if (length > 0) {
                output.accept(ByteBuffer.wrap(this.piece, 0, length));
            }
            else if (this.inflater.needsDictionary()) {
                throw new DataFormatException("a dictionary is needed");
            }
            else if (this.inflater.needsInput() && !this.inflater.finished()) {
                return false;
            }
        }
        return true;
    }

    void reset() {
        this.inflater.reset();
    }

    void close() {
        this.inflater.end();
    }

}
