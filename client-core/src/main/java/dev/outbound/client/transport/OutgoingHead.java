package dev.outbound.client.transport;

import java.util.List;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;

/**
 * The head of a request as it goes out: {@code Host} first, the request's own lines in
 * their order and case, and behind them what delimits and describes the body (RFC 9112,
 * section 6; the order is HTTPX's). For the authors of transports: every engine sends the
 * same. Immutable.
 *
 * @since 0.1
 */
public final class OutgoingHead {

    /** The length of a body that is not known before it is written. */
    public static final long CHUNKED = -1;

    /** Neither a body nor a line that says so. */
    private static final long NOTHING = -2;

    private final Request request;

    private final long length;

    private final @Nullable String contentType;

    private OutgoingHead(Request request, long length, @Nullable String contentType) {
        this.request = request;
        this.length = length;
        this.contentType = contentType;
    }

    /**
     * Make the head of a request.
     * @param request the request
     * @return its head
     * @throws LocalProtocolException if its own lines contradict its body, or each other
     */
    public static OutgoingHead of(Request request) {
        RequestBody body = request.body();
        return of(request, (body != null) ? body.contentLength() : 0);
    }

    /**
     * Make the head of a request whose body was asked for its length already.
     * @param request the request
     * @param bodyLength the number of bytes, or -1 where it is not known
     * @return its head
     * @throws LocalProtocolException if its own lines contradict its body, or each other
     */
    public static OutgoingHead of(Request request, long bodyLength) {
        checkLatin1(request.fields());
        RequestBody body = request.body();
        if (body == null) {
            return new OutgoingHead(request, lengthWithoutBody(request), null);
        }
        MediaType type = body.contentType();
        return new OutgoingHead(request, announced(request.fields(), bodyLength),
                (type != null && !request.fields().contains("Content-Type")) ? checked(type) : null);
    }

    /**
     * Lines were checked when they came into the request, but for those of
     * {@link FieldLines#decoded()}: cut to a byte, a character may be the end of a line.
     */
    private static void checkLatin1(FieldLines fields) {
        for (int i = 0; i < fields.size(); i++) {
            String value = fields.value(i);
            for (int j = 0; j < value.length(); j++) {
                if (value.charAt(j) > 0xff) {
                    throw new LocalProtocolException(
                            "the value of header " + fields.name(i) + " has a character beyond ISO-8859-1 at position "
                                    + j
                                    + "; decoded lines of a response are for reading, send them as they were received",
                            null);
                }
            }
        }
    }

    /** What is quoted in a media type may be anything. */
    private static String checked(MediaType type) {
        String value = type.toString();
        try {
            FieldLines.check("Content-Type", value);
        }
        catch (IllegalArgumentException ex) {
            throw new LocalProtocolException("the media type of the body cannot be sent: " + ex.getMessage(), ex);
        }
        return value;
    }

    private static long lengthWithoutBody(Request request) {
        if (announced(request.fields(), 0) != 0) {
            throw new LocalProtocolException("the request announces a body, and has none", null);
        }
        String method = request.method().name();
        return (method.equals("POST") || method.equals("PUT") || method.equals("PATCH")) ? 0 : NOTHING;
    }

    private static long announced(FieldLines fields, long length) {
        List<String> codings = fields.contains("Transfer-Encoding") ? fields.all("Transfer-Encoding") : List.of();
        String announced = fields.first("Content-Length");
        if (!codings.isEmpty()) {
            if (announced != null || codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw new LocalProtocolException("the lines Transfer-Encoding and Content-Length of the request do not"
                        + " fit; leave them out, they are added as needed", null);
            }
            return CHUNKED;
        }
        if (announced == null) {
            return (length >= 0) ? length : CHUNKED;
        }
        long parsed = number(announced);
        if (parsed < 0 || (length >= 0 && parsed != length) || fields.all("Content-Length").size() > 1) {
            throw new LocalProtocolException(
                    "the line Content-Length of the request does not fit its body of "
                            + ((length >= 0) ? length : "unknown") + " bytes; leave it out, it is added as needed",
                    null);
        }
        return parsed;
    }

    private static long number(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return (text.isEmpty() || text.length() > 18) ? -1 : Long.parseLong(text);
    }

    /**
     * Return how the body is delimited.
     * @return its number of bytes, 0 where there is none, or {@link #CHUNKED}
     */
    public long bodyLength() {
        return (this.length == NOTHING) ? 0 : this.length;
    }

    /**
     * Give the field lines, in the order that they are sent in.
     * @param lines takes the name and the value of each
     */
    public void forEach(BiConsumer<String, String> lines) {
        FieldLines fields = this.request.fields();
        if (!fields.contains("Host")) {
            lines.accept("Host", this.request.url().authority());
        }
        fields.forEach(lines);
        if (this.length == CHUNKED) {
            if (!fields.contains("Transfer-Encoding")) {
                lines.accept("Transfer-Encoding", "chunked");
            }
        }
        else if (this.length >= 0 && !fields.contains("Content-Length")) {
            lines.accept("Content-Length", Long.toString(this.length));
        }
        if (this.contentType != null) {
            lines.accept("Content-Type", this.contentType);
        }
    }

}
