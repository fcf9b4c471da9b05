package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;

/**
 * {@code gzip} (RFC 1952): one member or several, whose contents are joined. What comes
 * behind the last one is ignored, as HTTPX, browsers and curl do.
 */
final class GzipCoding implements Coding {

    private static final int HEAD = 10;

    private static final int TAIL = 8;

    private static final int HAS_CHECK = 2;

    private static final int HAS_EXTRA = 4;

    private static final int HAS_NAME = 8;

    private static final int HAS_COMMENT = 16;

    private final Inflating inflating = new Inflating(true);

    private final CRC32 crc = new CRC32();

    private final byte[] fixed = new byte[HEAD];

    private State state = State.START;

    private int count;

    private int flags;

    private int extra;

    private long size;

    @Override
    public void decode(ByteBuffer bytes, ContentDecoder.Output output) {
        while (bytes.hasRemaining()) {
            if (this.state == State.DATA) {
                inflate(bytes, output);
            }
            else {
                this.state = next(bytes.get());
            }
        }
    }

    private void inflate(ByteBuffer bytes, ContentDecoder.Output output) {
        try {
            boolean end = this.inflating.inflate(bytes, (piece) -> {
                this.size += piece.remaining();
                this.crc.update(piece.duplicate());
                output.accept(piece);
            });
            this.state = end ? State.TAIL : State.DATA;
            this.count = 0;
        }
        catch (DataFormatException ex) {
            throw new DecodingException("the body is not gzip: " + ex.getMessage(), ex);
        }
    }

    private State next(byte b) {
        return switch (this.state) {
            case START, HEAD -> head(b);
            case EXTRA_LENGTH -> {
                this.fixed[this.count++] = b;
                this.extra = (this.fixed[0] & 0xff) | (this.fixed[1] & 0xff) << 8;
                yield (this.count < 2) ? State.EXTRA_LENGTH : (this.extra > 0) ? State.EXTRA : after(HAS_EXTRA);
            }
            case EXTRA -> (--this.extra > 0) ? State.EXTRA : after(HAS_EXTRA);
            case NAME -> (b != 0) ? State.NAME : after(HAS_NAME);
            case COMMENT -> (b != 0) ? State.COMMENT : after(HAS_COMMENT);
            case CHECK -> (++this.count < 2) ? State.CHECK : State.DATA;
            case TAIL -> tail(b);
            case BETWEEN -> between(b);
            case DATA, END -> State.END;
        };
    }

    private State head(byte b) {
        this.fixed[this.count++] = b;
        if ((this.count == 1 && b != 0x1f) || (this.count == 2 && b != (byte) 0x8b) || (this.count == 3 && b != 8)) {
            throw new DecodingException("the body is not gzip: it does not begin as such", null);
        }
        if (this.count < HEAD) {
            return State.HEAD;
        }
        this.flags = this.fixed[3];
        return after(0);
    }

    /** The optional part of the head that comes after the one with the given flag. */
    private State after(int flag) {
        this.count = 0;
        if (flag < HAS_EXTRA && (this.flags & HAS_EXTRA) != 0) {
            return State.EXTRA_LENGTH;
        }
        if (flag < HAS_NAME && (this.flags & HAS_NAME) != 0) {
            return State.NAME;
        }
        if (flag < HAS_COMMENT && (this.flags & HAS_COMMENT) != 0) {
            return State.COMMENT;
        }
        return ((this.flags & HAS_CHECK) != 0) ? State.CHECK : State.DATA;
    }

    private State tail(byte b) {
        this.fixed[this.count++] = b;
        if (this.count < TAIL) {
            return State.TAIL;
        }
        if (number(0) != this.crc.getValue() || number(4) != (this.size & 0xffffffffL)) {
            throw new DecodingException("the body is gzip, and its checksum is wrong", null);
        }
        this.count = 0;
        return State.BETWEEN;
    }

    private long number(int index) {
        long number = 0;
        for (int i = 3; i >= 0; i--) {
            number = number << 8 | (this.fixed[index + i] & 0xff);
        }
        return number;
    }

    private State between(byte b) {
        if (b != (byte) ((this.count == 0) ? 0x1f : 0x8b)) {
            return State.END;
        }
        this.fixed[this.count++] = b;
        if (this.count < 2) {
            return State.BETWEEN;
        }
        this.inflating.reset();
        this.crc.reset();
        this.size = 0;
        return State.HEAD;
    }

    @Override
    public void finish(ContentDecoder.Output output) {
        close();
        switch (this.state) {
            case START, BETWEEN, END -> {
            }
            default -> throw new DecodingException("the body is gzip, and ends in its middle", null);
        }
    }

    @Override
    public void close() {
        this.inflating.close();
    }

    private enum State {

        START, HEAD, EXTRA_LENGTH, EXTRA, NAME, COMMENT, CHECK, DATA, TAIL, BETWEEN, END

    }

}
