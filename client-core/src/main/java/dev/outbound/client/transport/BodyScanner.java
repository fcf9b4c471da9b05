package dev.outbound.client.transport;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;

/**
 * Finds the end of a body that passes, and its content, by the letter of RFC 9112,
 * section 7.1. Trailers are passed over. For the authors of transports; used by one
 * thread at a time.
 *
 * @since 0.1
 */
public final class BodyScanner {

    /** The longest line of a chunk's size with its extensions, in bytes. */
    public static final int MAX_LINE = 2048;

    private enum Part {

        PLAIN, SIZE, SIZE_END, EXTENSION, DATA, DATA_END, TRAILER_NAME, TRAILER, END

    }

    private final Limits limits;

    private Part part = Part.END;

    /** Of the body, or of the current chunk; negative for no end. */
    private long remaining;

    private int lineLength;

    private int trailers;

    private int trailerLines;

    private boolean sized;

    /** Behind it only the end of the line may come. */
    private boolean carriageReturn;

    /**
     * Create a scanner for the bodies of one connection, one after the other.
     * @param limits of the trailers
     */
    public BodyScanner(Limits limits) {
        this.limits = limits;
    }

    /**
     * Begin with a body.
     * @param length its length, {@link IncomingHead#CHUNKED}, or another negative number
     * for one that ends with its connection
     */
    public void begin(long length) {
        if (length == IncomingHead.CHUNKED) {
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
        this.carriageReturn = false;
    }

    /**
     * Return whether the body is complete.
     * @return whether nothing more belongs to it
     */
    public boolean isEnded() {
        return this.part == Part.END;
    }

    /**
     * Return whether the end of the body is that of its connection.
     * @return whether nothing else tells it
     */
    public boolean isOpenEnded() {
        return this.part == Part.PLAIN && this.remaining < 0;
    }

    /**
     * Return how much content comes next before anything else.
     * @return bytes up to the end of the body or of the chunk, as far as its size is
     * known, or a negative number where only the connection's end tells
     */
    public long contentLeft() {
        return (this.part == Part.PLAIN || this.part == Part.DATA) ? this.remaining : 0;
    }

    /**
     * Pass over what belongs to the body.
     * @param bytes the bytes; their position is moved
     * @param content takes each piece of the content
     * @throws RemoteProtocolException if its chunks are none
     * @throws LimitExceededException if its trailers are too large
     */
    public void scan(ByteBuffer bytes, Consumer<ByteBuffer> content) {
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
        if (this.part == Part.TRAILER || this.part == Part.TRAILER_NAME) {
            if (++this.trailers > this.limits.head()) {
                throw tooManyTrailers();
            }
        }
        else if (++this.lineLength > MAX_LINE) {
            throw new LimitExceededException(Phase.BODY,
                    "the body has a line of more than " + MAX_LINE + " bytes between its chunks", null);
        }
        if (this.carriageReturn) {
            throw broken();
        }
        if (b == '\r') {
            this.carriageReturn = true;
        }
        else {
            scanLine(b);
        }
    }

    private void scanLine(byte b) {
        switch (this.part) {
            case SIZE -> size(b);
            case SIZE_END -> sizeEnd(b);
            case EXTENSION, TRAILER -> {
                if (IncomingHeadReader.isControl(b)) {
                    throw broken();
                }
            }
            case TRAILER_NAME -> trailerName(b);
            default -> throw broken();
        }
    }

    private void size(byte b) {
        int digit = Character.digit(b, 16);
        if (digit < 0) {
            sizeEnd(b);
        }
        else if (this.remaining >= Long.MAX_VALUE >> 4) {
            throw broken();
        }
        else {
            this.remaining = 16 * this.remaining + digit;
            this.sized = true;
        }
    }

    private void sizeEnd(byte b) {
        if (!this.sized || (b != ';' && b != ' ' && b != '\t')) {
            throw broken();
        }
        this.part = (b == ';') ? Part.EXTENSION : Part.SIZE_END;
    }

    private void trailerName(byte b) {
        if (b == ':' && this.lineLength > 0) {
            this.part = Part.TRAILER;
        }
        else if (!IncomingHeadReader.isTokenCharacter(b)) {
            throw broken();
        }
        this.lineLength++;
    }

    private void endLine() {
        this.carriageReturn = false;
        switch (this.part) {
            case SIZE, SIZE_END, EXTENSION -> {
                if (!this.sized) {
                    throw broken();
                }
                this.part = (this.remaining > 0) ? Part.DATA : Part.TRAILER_NAME;
            }
            case DATA_END -> beginChunk();
            case TRAILER_NAME -> {
                if (this.lineLength > 0) {
                    throw broken();
                }
                this.part = Part.END;
            }
            case TRAILER -> {
                if (++this.trailerLines > this.limits.headLines()) {
                    throw tooManyTrailers();
                }
                this.part = Part.TRAILER_NAME;
            }
            default -> throw new IllegalStateException("There is no line in " + this.part);
        }
        this.lineLength = 0;
    }

    private LimitExceededException tooManyTrailers() {
        return new LimitExceededException(Phase.BODY, "the trailers of the response have more than "
                + this.limits.headLines() + " lines or " + this.limits.head() + " bytes", null);
    }

    private RemoteProtocolException broken() {
        String what = switch (this.part) {
            case DATA_END -> "a chunk that is longer than its size";
            case TRAILER, TRAILER_NAME -> "a trailer that is not a field line";
            default -> "a chunk without a size";
        };
        return new RemoteProtocolException(Phase.BODY, "the body has " + what, null);
    }

}
