package dev.outbound.client.transport.jdk;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;

/**
 * Finds the end of a body that passes, and its content. Used by one thread at a time.
 */
final class BodyScanner {

    /** The longest line of a chunk's size with its extensions. */
    private static final int MAX_LINE = 2048;

    private enum Part {

        PLAIN, SIZE, EXTENSION, DATA, DATA_END, TRAILER, END

    }

    private final Limits limits;

    private Part part = Part.END;

    /** Of the body, or of the current chunk; negative for no end. */
    private long remaining;

    private int lineLength;

    private int trailers;

    private int trailerLines;

    private boolean sized;

    BodyScanner(Limits limits) {
        this.limits = limits;
    }

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
        this.trailerLines = 0;
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
     * @param content takes each piece of the content
     * @throws RemoteProtocolException if its chunks are none
     */
    void scan(ByteBuffer bytes, Consumer<ByteBuffer> content) {
        while (bytes.hasRemaining() && this.part != Part.END) {
            if (this.part == Part.PLAIN || this.part == Part.DATA) {
                pass(bytes, content);
            }
            else {
                scan(bytes.get());
            }
        }
    }

    private void pass(ByteBuffer bytes, Consumer<ByteBuffer> content) {
        int count = (this.remaining < 0) ? bytes.remaining() : (int) Math.min(this.remaining, bytes.remaining());
        ByteBuffer piece = bytes.duplicate();
        bytes.position(bytes.position() + count);
        content.accept(piece.limit(bytes.position()));
        if (this.remaining < 0) {
            return;
        }
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
            throw new LimitExceededException(Phase.BODY,
                    "the body has a line of more than " + MAX_LINE + " bytes between its chunks", null);
        }
        switch (this.part) {
            case SIZE -> size(b);
            case DATA_END -> {
                if (b != '\r' || this.lineLength > 1) {
                    throw broken("has a chunk that is longer than its size");
                }
            }
            case TRAILER -> {
                if (++this.trailers > this.limits.head()) {
                    throw tooManyTrailers();
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
            case TRAILER -> endTrailer();
            default -> throw new IllegalStateException("There is no line in " + this.part);
        }
        this.lineLength = 0;
    }

    private void endTrailer() {
        if (this.lineLength == 0) {
            this.part = Part.END;
        }
        else if (++this.trailerLines > this.limits.headLines()) {
            throw tooManyTrailers();
        }
    }

    private LimitExceededException tooManyTrailers() {
        return new LimitExceededException(Phase.BODY, "the trailers of the response have more than "
                + this.limits.headLines() + " lines or " + this.limits.head() + " bytes", null);
    }

    private static RemoteProtocolException broken(String what) {
        return new RemoteProtocolException(Phase.BODY, "the body " + what, null);
    }

}
