package dev.outbound.client.transport.jdk;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Request;

/**
 * How a body is delimited (RFC 9112, section 6).
 */
final class Framing {

    /** In chunks. */
    static final long CHUNKED = -1;

    /** By the end of the connection. */
    static final long TO_END = -2;

    /** There is none, and no line that says so. */
    static final long NOTHING = -3;

    static final String CONTENT_LENGTH = "Content-Length";

    static final String TRANSFER_ENCODING = "Transfer-Encoding";

    private Framing() {
    }

    /**
     * Return how the body of a request is delimited: by what its own lines say, if that
     * can be true.
     * @param request the request
     * @return the length, {@link #CHUNKED} or {@link #NOTHING}
     * @throws LocalProtocolException if the lines contradict the body, or each other
     */
    static long of(Request request) {
        if (request.body() != null) {
            return announced(request.fields(), request.body().contentLength());
        }
        if (announced(request.fields(), 0) != 0) {
            throw new LocalProtocolException("the request announces a body, and has none", null);
        }
        String method = request.method().name();
        boolean usual = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
        return (usual || request.fields().contains(CONTENT_LENGTH)) ? 0 : NOTHING;
    }

    private static long announced(FieldLines fields, long length) {
        String announced = fields.first(CONTENT_LENGTH);
        if (fields.contains(TRANSFER_ENCODING)) {
            List<String> codings = fields.all(TRANSFER_ENCODING);
            if (announced != null || codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw new LocalProtocolException("the lines Transfer-Encoding and Content-Length of the request do not"
                        + " fit; leave them out, they are added as needed", null);
            }
            return CHUNKED;
        }
        if (announced == null) {
            return length;
        }
        long parsed = parse(announced);
        if (parsed < 0 || (length >= 0 && parsed != length) || fields.all(CONTENT_LENGTH).size() > 1) {
            throw new LocalProtocolException(
                    "the line Content-Length of the request does not fit its body of "
                            + ((length >= 0) ? length : "unknown") + " bytes; leave it out, it is added as needed",
                    null);
        }
        return parsed;
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
