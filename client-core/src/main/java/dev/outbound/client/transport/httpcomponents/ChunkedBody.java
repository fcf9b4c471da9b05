package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.transport.BodyScanner;

/**
 * Reads a chunked body by the letter of RFC 9112, section 7.1. HttpCore's stream takes a
 * sign for a digit, and a connection that ends within the trailers for a whole body.
 * Trailers are read and dropped.
 */
final class ChunkedBody extends InputStream {

    private final SessionInputBuffer buffer;

    private final Limits limits;

    private final ResponseHeadParser.Source in = new ResponseHeadParser.Source();

    private final CharArrayBuffer line = new CharArrayBuffer(32);

    private boolean begun;

    private boolean ended;

    /** What is left of the chunk. */
    private long left;

    ChunkedBody(SessionInputBuffer buffer, InputStream in, Limits limits) {
        this.buffer = buffer;
        this.limits = limits;
        this.in.over(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (this.left == 0 && !this.ended) {
            begin();
        }
        if (this.ended) {
            return -1;
        }
        int count = this.buffer.read(target, offset, (int) Math.min(length, this.left), this.in);
        if (count < 0) {
            throw closed();
        }
        this.left -= count;
        return count;
    }

    @Override
    public int available() {
        return (int) Math.min(this.left, this.buffer.length());
    }

    private void begin() throws IOException {
        if (this.begun) {
            endChunk();
        }
        this.begun = true;
        boolean whole = tryReadLine();
        if (this.line.length() >= BodyScanner.MAX_LINE) {
            throw new LimitExceededException(Phase.BODY,
                    "the body has a line of more than " + BodyScanner.MAX_LINE + " bytes between its chunks", null);
        }
        // What is wrong by its first byte is no end that came too early.
        if (whole || !this.line.isEmpty()) {
            this.left = size();
        }
        if (!whole) {
            throw closed();
        }
        if (this.left == 0) {
            skipTrailers();
            this.ended = true;
        }
    }

    private void endChunk() throws IOException {
        int b = this.buffer.read(this.in);
        if (b == '\r') {
            b = this.buffer.read(this.in);
        }
        if (b < 0) {
            throw closed();
        }
        if (b != '\n') {
            throw broken("a chunk that is longer than its size");
        }
    }

    private long size() throws IOException {
        long size = 0;
        int digits = 0;
        int length = this.line.length();
        while (digits < length) {
            int digit = digit(this.line.charAt(digits));
            if (digit < 0) {
                break;
            }
            if (size >= Long.MAX_VALUE >> 4) {
                throw bad();
            }
            size = 16 * size + digit;
            digits++;
        }
        int rest = digits;
        while (rest < length && (this.line.charAt(rest) == ' ' || this.line.charAt(rest) == '\t')) {
            rest++;
        }
        if (digits == 0 || (rest < length && this.line.charAt(rest) != ';')) {
            throw bad();
        }
        if (ResponseHeadParser.hasControl(this.line, rest)) {
            throw bad();
        }
        return size;
    }

    /** Not {@link Character#digit}, which knows the digits of all scripts. */
    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return (letter >= 'a' && letter <= 'f') ? letter - 'a' + 10 : -1;
    }

    private void skipTrailers() throws IOException {
        int size = 0;
        int lines = 0;
        for (readLine(); !this.line.isEmpty(); readLine()) {
            size += this.line.length() + 2;
            if (size > this.limits.head() || ++lines > this.limits.headLines()) {
                throw new LimitExceededException(Phase.BODY, "the trailers of the response have more than "
                        + this.limits.headLines() + " lines or " + this.limits.head() + " bytes", null);
            }
            if (!ResponseHeadParser.isFieldLine(this.line) || ResponseHeadParser.hasControl(this.line, 0)) {
                throw broken("a trailer that is not a field line");
            }
        }
    }

    private void readLine() throws IOException {
        if (!tryReadLine()) {
            throw closed();
        }
    }

    /**
     * Return whether the line is whole: the buffer gives what there is for a line, even
     * if its end is missing.
     */
    private boolean tryReadLine() throws IOException {
        this.line.clear();
        boolean whole = this.buffer.readLine(this.line, this.in) >= 0 && !this.in.isEnded();
        int last = this.line.length() - 1;
        if (!whole && last >= 0 && this.line.charAt(last) == '\r') {
            this.line.setLength(last);
        }
        return whole;
    }

    private static RemoteProtocolException bad() {
        return broken("a chunk without a size");
    }

    private static RemoteProtocolException broken(String what) {
        return new RemoteProtocolException(Phase.BODY, "the body has " + what, null);
    }

    private static ConnectionClosedException closed() {
        return new ConnectionClosedException("the connection was closed within the chunked body");
    }

}
