package dev.outbound.client.http;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Cuts text into lines as it arrives. The end of a line is not part of it, and a text
 * that ends with one has no empty line behind it. Not thread-safe.
 * <p>
 * {@link #unicode()} knows all ends that Unicode has, as HTTPX does. That tears JSON,
 * whose texts may contain U+2028: events and JSON lines are cut by {@link #strict()}.
 */
final class LineDecoder {

    private static final String ALWAYS = "\n\r";

    private static final String UNICODE = ALWAYS + "\u000b\u000c\u001c\u001d\u001e\u0085\u2028\u2029";

    private final String ends;

    private final StringBuilder line = new StringBuilder();

    /** A carriage return was the last character; a line feed would belong to it. */
    private boolean afterReturn;

    private LineDecoder(String ends) {
        this.ends = ends;
    }

    /**
     * Return a decoder for which lines end with LF, CR, CRLF, VT, FF, FS, GS, RS, NEL, LS
     * or PS.
     * @return a new decoder
     */
    static LineDecoder unicode() {
        return new LineDecoder(UNICODE);
    }

    /**
     * Return a decoder for which lines end with LF, CR or CRLF.
     * @return a new decoder
     */
    static LineDecoder strict() {
        return new LineDecoder(ALWAYS);
    }

    /**
     * Add further text.
     * @param text the text
     * @return the lines that are complete; one that ends with a carriage return is
     */
    List<String> decode(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' && this.afterReturn) {
                start = i + 1;
            }
            else if (this.ends.indexOf(c) >= 0) {
                lines.add(this.line.append(text, start, i).toString());
                this.line.setLength(0);
                start = i + 1;
            }
            this.afterReturn = c == '\r';
        }
        this.line.append(text, start, text.length());
        return lines;
    }

    /**
     * Tell that there is no further text.
     * @return the line that was begun, or {@code null}
     */
    @Nullable String finish() {
        String rest = (this.line.length() > 0) ? this.line.toString() : null;
        this.line.setLength(0);
        return rest;
    }

    /**
     * Return how much of a line waits for its end, so that a limit can be kept.
     * @return the number of characters
     */
    int pending() {
        return this.line.length();
    }

}
