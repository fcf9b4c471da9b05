package dev.outbound.client.transport.jdk;

import java.nio.ByteBuffer;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;

/**
 * Finds the end of a body that passes, and changes nothing in it. Used by one thread at a
 * time.
 */
final class BodyScanner {

    /** The longest line of a chunk's size with its extensions. */
    private static final int MAX_LINE = 2048;

    private static final int MAX_TRAILERS = 64 * 1024;

    private enum Part {

        PLAIN, SIZE, EXTENSION, DATA, DATA_END, TRAILER, END

    }

    private Part part = Part.END;

    /** Of the body, or of the current chunk; negative for no end. */
    private long remaining;

    private int lineLength;

    private int trailers;

    private boolean sized;

    /**
     * Begin with a body.
     * @param length its length, {@link Framing#CHUNKED}, or another negative number for
     * one that ends with its connection
     */
    void begin(long length) {
        if (length == Framing.CHUNKED) {
            beginChunk();
        }
        else {
            this.part = (length == 0) ? Part.END : Part.PLAIN;
            this.remaining = length;
        }
        this.trailers = 0;
    }

    private void beginChunk() {
        this.part = Part.SIZE;
        this.remaining = 0;
        this.lineLength = 0;
        this.sized = false;
    }

    boolean isEnded() {
        return this.part == Part.END;
    }

    /** Whether the end is that of the connection. */
    boolean isOpenEnded() {
        return this.part == Part.PLAIN && this.remaining < 0;
    }

    /**
     * Pass over what belongs to the body.
     * @param bytes the bytes; their position is moved
     * @return how many belong to it
     * @throws RemoteProtocolException if its chunks are none
     */
    int scan(ByteBuffer bytes) {
        int start = bytes.position();
        while (bytes.hasRemaining() && this.part != Part.END) {
            if (this.part == Part.PLAIN || this.part == Part.DATA) {
                skip(bytes);
            }
            else {
                scan(bytes.get());
            }
        }
        return bytes.position() - start;
    }

    private void skip(ByteBuffer bytes) {
        if (this.remaining < 0) {
            bytes.position(bytes.limit());
            return;
        }
        int count = (int) Math.min(this.remaining, bytes.remaining());
        bytes.position(bytes.position() + count);
        this.remaining -= count;
        if (this.remaining == 0) {
            this.part = (this.part == Part.PLAIN) ? Part.END : Part.DATA_END;
            this.lineLength = 0;
        }
    }

    private void scan(byte b) {
        if (b == '\n') {
            endLine();
            return;
        }
        if (++this.lineLength > MAX_LINE) {
            throw broken("has too long a line between its chunks");
        }
        switch (this.part) {
            case SIZE -> size(b);
            case DATA_END -> {
                if (b != '\r' || this.lineLength > 1) {
                    throw broken("has a chunk that is longer than its size");
                }
            }
            case TRAILER -> {
                if (++this.trailers > MAX_TRAILERS) {
                    throw broken("has too many trailers");
                }
                // An empty line is the end.
                this.lineLength -= (b == '\r') ? 1 : 0;
            }
            default -> {
            }
        }
    }

    private void size(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0 && this.remaining < Long.MAX_VALUE >> 8) {
            this.remaining = 16 * this.remaining + digit;
            this.sized = true;
        }
        else if (this.sized && (b == ';' || b == ' ' || b == '\t' || b == '\r')) {
            this.part = Part.EXTENSION;
        }
        else {
            throw broken("has a chunk without a size");
        }
    }

    private void endLine() {
        switch (this.part) {
            case SIZE, EXTENSION -> {
                if (!this.sized) {
                    throw broken("has a chunk without a size");
                }
                this.part = (this.remaining > 0) ? Part.DATA : Part.TRAILER;
            }
            case DATA_END -> beginChunk();
            case TRAILER -> this.part = (this.lineLength == 0) ? Part.END : Part.TRAILER;
            default -> throw new IllegalStateException("There is no line in " + this.part);
        }
        this.lineLength = 0;
    }

    private static RemoteProtocolException broken(String what) {
        return new RemoteProtocolException(Phase.BODY, "the body " + what, null);
    }

}
