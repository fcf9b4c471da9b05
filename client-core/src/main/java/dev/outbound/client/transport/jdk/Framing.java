package dev.outbound.client.transport.jdk;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.transport.OutgoingHead;

/**
 * How the body of a response is delimited (RFC 9112, section 6).
 */
final class Framing {

    /** In chunks. */
    static final long CHUNKED = OutgoingHead.CHUNKED;

    /** By the end of the connection. */
    static final long TO_END = -2;

    static final String CONTENT_LENGTH = "Content-Length";

    static final String TRANSFER_ENCODING = "Transfer-Encoding";

    private Framing() {
    }

    /**
     * Read a number of digits only.
     * @param text the text, or {@code null}
     * @return the number, or -1 if the text is not one
     */
    static long parse(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = 10 * number + (c - '0');
        }
        return number;
    }

}
