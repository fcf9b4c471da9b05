package dev.outbound.client.transport;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;

/**
 * The head of a response as it came in, and what it says about its body and its
 * connection. For the authors of transports: every engine reads the same out of it.
 *
 * @param status the status code
 * @param reason the reason phrase, empty in HTTP/2
 * @param version the version that was spoken, for example {@code HTTP/1.1}
 * @param fields the field lines as they were received
 * @since 0.1
 */
public record IncomingHead(int status, String reason, String version, FieldLines fields) {

    /** The length of a body that comes in chunks. */
    public static final long CHUNKED = OutgoingHead.CHUNKED;

    /** The length of a body that ends with its connection. */
    public static final long TO_END = -2;

    private static final String CONTENT_LENGTH = "Content-Length";

    private static final String TRANSFER_ENCODING = "Transfer-Encoding";

    private static final int MOST_DIGITS = 18;

    /**
     * Find where the body ends (RFC 9112, section 6.3), strictly: two readings of one
     * message are how responses are smuggled.
     * @param method the method of the request
     * @return the length, {@link #CHUNKED} or {@link #TO_END}
     * @throws RemoteProtocolException if the lines do not tell
     */
    public long bodyLength(String method) {
        long length = announcedLength();
        return hasBody(method) ? length : 0;
    }

    /**
     * Return whether there can be a body.
     * @param method the method of the request
     * @return whether neither method nor status forbid it
     */
    public boolean hasBody(String method) {
        return !method.equals("HEAD") && this.status != 204 && this.status != 304;
    }

    private long announcedLength() {
        if (this.fields.contains(TRANSFER_ENCODING)) {
            List<String> codings = this.fields.all(TRANSFER_ENCODING);
            // Who sends a length as well may mean something else by what follows.
            if (this.fields.contains(CONTENT_LENGTH) || codings.size() > 1
                    || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw broken(TRANSFER_ENCODING, codings.get(0));
            }
            return CHUNKED;
        }
        String first = this.fields.first(CONTENT_LENGTH);
        if (first == null) {
            return TO_END;
        }
        for (String other : this.fields.all(CONTENT_LENGTH)) {
            if (!other.equals(first)) {
                throw broken(CONTENT_LENGTH, other);
            }
        }
        long length = number(first);
        if (length < 0) {
            throw broken(CONTENT_LENGTH, first);
        }
        return length;
    }

    private static RemoteProtocolException broken(String name, String value) {
        return new RemoteProtocolException(Phase.HEAD,
                "the response cannot be delimited by the line " + name + ": " + Failures.quote(value), null);
    }

    /**
     * Return whether HTTP/2 was spoken.
     * @return whether there is neither a reason phrase nor a connection of its own
     */
    public boolean isHttp2() {
        return this.version.equals("HTTP/2");
    }

    /**
     * Return whether the server leaves the connection open (RFC 9112, section 9.3).
     * @return whether it can serve another request
     */
    public boolean keepsAlive() {
        boolean persistent = this.version.equals("HTTP/1.1");
        if (this.fields.contains("Connection")) {
            List<String> options = this.fields.elements("Connection");
            if (options.stream().anyMatch("close"::equalsIgnoreCase)) {
                return false;
            }
            // Chunks did not exist in HTTP/1.0 (section 6.1).
            persistent |= options.stream().anyMatch("keep-alive"::equalsIgnoreCase)
                    && !this.fields.contains(TRANSFER_ENCODING);
        }
        return persistent && !(this.fields.contains("Keep-Alive") && isLastOfKeepAlive());
    }

    /** The server says that it waits for nothing more. */
    private boolean isLastOfKeepAlive() {
        for (String parameter : this.fields.elements("Keep-Alive")) {
            int equals = parameter.indexOf('=');
            if (equals > 0 && parameter.substring(0, equals).trim().equalsIgnoreCase("timeout")) {
                return number(parameter.substring(equals + 1).replace('"', ' ').trim()) == 0;
            }
        }
        return false;
    }

    /**
     * Read a number that consists of digits only.
     * @param text the text, or {@code null}
     * @return the number, or -1 if the text is not one, or one of more than 18 digits
     */
    public static long number(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > MOST_DIGITS) {
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
