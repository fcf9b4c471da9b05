package dev.outbound.client.transport.jdk;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.transport.Failures;

/**
 * Reads the head of a response by the letter of RFC 9112, however the network has cut it.
 * The JDK's parser folds lines, takes nearly anything for a name and the first of two
 * lengths. Used by one thread at a time.
 */
final class ResponseHeadReader {

    private final ByteArrayOutputStream head = new ByteArrayOutputStream(512);

    private int lines;

    private int lineLength;

    private final Limits limits;

    ResponseHeadReader(Limits limits) {
        this.limits = limits;
    }

    /**
     * Take the bytes of a head.
     * @param bytes are consumed up to the end of the head
     * @return whether the head is complete
     */
    boolean read(ByteBuffer bytes) {
        int start = bytes.position();
        int most = Math.min(bytes.limit(), start + this.limits.head() + 1 - this.head.size());
        for (int i = start; i < most; i++) {
            byte b = bytes.get(i);
            if (b != '\n') {
                this.lineLength += (b != '\r') ? 1 : 0;
            }
            else if (this.lineLength == 0) {
                take(bytes, i + 1 - start);
                return true;
            }
            else {
                this.lineLength = 0;
                if (++this.lines > this.limits.headLines() + 1) {
                    throw tooLarge();
                }
            }
        }
        take(bytes, most - start);
        if (this.head.size() > this.limits.head()) {
            throw tooLarge();
        }
        checkBeginning();
        return false;
    }

    private void take(ByteBuffer bytes, int count) {
        byte[] taken = new byte[count];
        bytes.get(taken);
        this.head.write(taken, 0, count);
    }

    /** What cannot become a status line is not waited for. */
    private void checkBeginning() {
        if (this.lines == 0) {
            String text = this.head.toString(StandardCharsets.ISO_8859_1);
            if (!text.regionMatches(0, "HTTP/", 0, Math.min(text.length(), 5))) {
                throw broken("the response is not HTTP: it begins with ", text);
            }
        }
    }

    private LimitExceededException tooLarge() {
        return new LimitExceededException(Phase.HEAD, "the head of the response has more than "
                + this.limits.headLines() + " lines or " + this.limits.head() + " bytes", null);
    }

    /**
     * Parse what was read, and begin with the next head.
     * @return the head
     * @throws RemoteProtocolException if it is none
     */
    ResponseHead parse() {
        String text = this.head.toString(StandardCharsets.ISO_8859_1);
        this.head.reset();
        this.lines = 0;
        int end = text.indexOf('\n');
        String status = line(text, 0, end);
        FieldLines.Builder fields = FieldLines.builder();
        for (int start = end + 1; start < text.length(); start = end + 1) {
            end = text.indexOf('\n', start);
            String line = line(text, start, end);
            if (!line.isEmpty()) {
                field(line, fields);
            }
        }
        return statusLine(status, fields.build());
    }

    private static String line(String text, int start, int end) {
        return text.substring(start, (end > start && text.charAt(end - 1) == '\r') ? end - 1 : end);
    }

    private static ResponseHead statusLine(String line, FieldLines fields) {
        int length = line.length();
        boolean known = length >= 12 && (line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 "))
                && (length == 12 || line.charAt(12) == ' ');
        int status = known ? (int) Framing.parse(line.substring(9, 12)) : -1;
        if (status < 100) {
            throw broken("the response is not HTTP: its first line is ", line);
        }
        String reason = (length > 13) ? text(line, 13) : "";
        return new ResponseHead(status, reason, line.substring(0, 8), fields);
    }

    private static void field(String line, FieldLines.Builder fields) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw broken("the response has a line that is not a field: ", line);
        }
        for (int i = 0; i < colon; i++) {
            if (!isTokenCharacter(line.charAt(i))) {
                throw broken("the response has a line with a bad name: ", line);
            }
        }
        fields.append(line.substring(0, colon), text(line, colon + 1));
    }

    private static String text(String line, int start) {
        int begin = start;
        int end = line.length();
        for (int i = begin; i < end; i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw broken("the response has a line with a control character: ", line);
            }
        }
        while (begin < end && isBlank(line.charAt(begin))) {
            begin++;
        }
        while (end > begin && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(begin, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** Only up to a colon: what is behind it may be a secret. */
    private static RemoteProtocolException broken(String message, String line) {
        int colon = line.indexOf(':');
        return new RemoteProtocolException(Phase.HEAD,
                message + Failures.quote((colon >= 0) ? line.substring(0, colon) : line), null);
    }

}
