package dev.outbound.client.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;

/**
 * Reads heads of responses by the letter of RFC 9112, however the network has cut them.
 * Engines' own parsers fold lines, take nearly anything for a name, or the first of two
 * lengths, and each does it in another way. A line that is wrong is told when its end is
 * there. For the authors of transports; used by one thread at a time.
 *
 * @since 0.1
 */
public final class IncomingHeadReader {

    private static final String START = "HTTP/";

    private static final int LONGEST_KEPT = 8 * 1024;

    /** What may be part of a name (RFC 9110, section 5.6.2): each byte is looked up. */
    private static final boolean[] TOKEN = new boolean[256];

    static {
        String token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        token.chars().forEach((c) -> TOKEN[c] = true);
    }

    private final Limits limits;

    /** What there is of the current line. */
    private byte[] line = new byte[128];

    private int length;

    /** Of the head, in bytes. */
    private int size;

    private int lines;

    private int status;

    private String reason = "";

    private String version = "";

    private FieldLines.Builder fields = FieldLines.builder();

    private @Nullable IncomingHead head;

    /**
     * Create a reader for the heads of one connection, one after the other.
     * @param limits of one head
     */
    public IncomingHeadReader(Limits limits) {
        this.limits = limits;
    }

    /**
     * Take the bytes of a head.
     * @param bytes are consumed up to the end of the head
     * @return the head, or {@code null} as long as its end is missing; the next bytes
     * begin another one
     * @throws RemoteProtocolException if this is no head
     * @throws LimitExceededException if it is too large
     */
    public @Nullable IncomingHead read(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            int most = Math.min(bytes.limit(), start + this.limits.head() + 1 - this.size);
            int end = start;
            while (end < most && bytes.get(end) != '\n') {
                end++;
            }
            take(bytes, end - start);
            if (end == most) {
                checkSize();
                checkBeginning();
            }
            else {
                bytes.get();
                this.size++;
                checkSize();
                if (endLine()) {
                    IncomingHead head = this.head;
                    this.head = null;
                    return head;
                }
            }
        }
        return null;
    }

    private void take(ByteBuffer bytes, int count) {
        if (this.length + count > this.line.length) {
            this.line = Arrays.copyOf(this.line, Math.max(this.length + count, 2 * this.line.length));
        }
        bytes.get(this.line, this.length, count);
        this.length += count;
        this.size += count;
    }

    private void checkSize() {
        if (this.size > this.limits.head()) {
            throw tooLarge();
        }
    }

    private LimitExceededException tooLarge() {
        return new LimitExceededException(Phase.HEAD, "the head of the response has more than "
                + this.limits.headLines() + " lines or " + this.limits.head() + " bytes", null);
    }

    /** What cannot become a status line is not waited for. */
    private void checkBeginning() {
        int length = Math.min(this.length, START.length());
        if (this.status == 0 && !text(0, length).equals(START.substring(0, length))) {
            throw broken("the response is not HTTP: it begins with ");
        }
    }

    /** Return whether this was the empty line, and the head is complete. */
    private boolean endLine() {
        if (this.length > 0 && this.line[this.length - 1] == '\r') {
            this.length--;
        }
        if (this.status == 0) {
            statusLine();
        }
        else if (this.length > 0) {
            if (++this.lines > this.limits.headLines()) {
                throw tooLarge();
            }
            fieldLine();
        }
        else {
            this.head = new IncomingHead(this.status, this.reason, this.version, this.fields.build());
            this.status = 0;
            this.lines = 0;
            this.size = 0;
            if (this.line.length > LONGEST_KEPT) {
                this.line = new byte[128];
            }
            return true;
        }
        this.length = 0;
        return false;
    }

    private void statusLine() {
        boolean known = this.length >= 12 && startsWith("HTTP/1.") && (this.line[7] == '0' || this.line[7] == '1')
                && this.line[8] == ' ' && (this.length == 12 || this.line[12] == ' ');
        int status = known ? 100 * digit(9) + 10 * digit(10) + digit(11) : -1;
        if (status < 100) {
            throw broken("the response is not HTTP: its first line is ");
        }
        this.status = status;
        this.reason = (this.length > 13) ? value(13) : "";
        this.version = (this.line[7] == '1') ? "HTTP/1.1" : "HTTP/1.0";
    }

    private boolean startsWith(String start) {
        for (int i = 0; i < start.length(); i++) {
            if (this.line[i] != start.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Return a value that makes the status negative where there is no digit. */
    private int digit(int index) {
        byte b = this.line[index];
        return (b >= '0' && b <= '9') ? b - '0' : -1000;
    }

    private void fieldLine() {
        int colon = 0;
        while (colon < this.length && isTokenCharacter(this.line[colon])) {
            colon++;
        }
        if (colon == 0 || colon == this.length || this.line[colon] != ':') {
            throw broken("the response has a line that is not a field: ");
        }
        this.fields.append(text(0, colon), value(colon + 1));
    }

    private String value(int start) {
        int begin = start;
        int end = this.length;
        for (int i = begin; i < end; i++) {
            if (isControl(this.line[i])) {
                throw broken("the response has a line with a control character: ");
            }
        }
        while (begin < end && isBlank(this.line[begin])) {
            begin++;
        }
        while (end > begin && isBlank(this.line[end - 1])) {
            end--;
        }
        return text(begin, end);
    }

    private String text(int begin, int end) {
        return (begin == end) ? "" : new String(this.line, begin, end - begin, StandardCharsets.ISO_8859_1);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Not allowed in a line (RFC 9110, section 5.5), other than tabs. */
    static boolean isControl(byte b) {
        return (b >= 0 && b < ' ' && b != '\t') || b == 0x7f;
    }

    static boolean isTokenCharacter(byte b) {
        return TOKEN[b & 0xff];
    }

    /** Only up to a colon: what is behind it may be a secret. */
    private RemoteProtocolException broken(String message) {
        String shown = text(0, this.length);
        int colon = shown.indexOf(':');
        return new RemoteProtocolException(Phase.HEAD,
                message + Failures.quote((colon >= 0) ? shown.substring(0, colon) : shown), null);
    }

}
