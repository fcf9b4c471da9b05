package dev.outbound.client.transport.jdk;

import java.util.List;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.transport.Failures;

/**
 * The head of a response.
 *
 * @param status the status code
 * @param reason the reason phrase, empty in HTTP/2
 * @param version the version that was spoken
 * @param fields the field lines as they were received
 */
record ResponseHead(int status, String reason, String version, FieldLines fields) {

    /**
     * Find where the body ends (RFC 9112, section 6.3), strictly: two readings of one
     * message are how responses are smuggled.
     * @param method the method of the request
     * @return the length, {@link Framing#CHUNKED} or {@link Framing#TO_END}
     * @throws RemoteProtocolException if the lines do not tell
     */
    long bodyLength(String method) {
        long length = announcedLength();
        return hasBody(method) ? length : 0;
    }

    /**
     * Return whether there can be a body.
     * @param method the method of the request
     * @return whether neither method nor status forbid it
     */
    boolean hasBody(String method) {
        return !method.equals("HEAD") && this.status != 204 && this.status != 205 && this.status != 304;
    }

    private long announcedLength() {
        if (this.fields.contains(Framing.TRANSFER_ENCODING)) {
            List<String> codings = this.fields.all(Framing.TRANSFER_ENCODING);
            // Who sends a length as well may mean something else by what follows.
            if (this.fields.contains(Framing.CONTENT_LENGTH) || codings.size() > 1
                    || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw broken(Framing.TRANSFER_ENCODING, codings.get(0));
            }
            return Framing.CHUNKED;
        }
        String first = this.fields.first(Framing.CONTENT_LENGTH);
        if (first == null) {
            return Framing.TO_END;
        }
        for (String other : this.fields.all(Framing.CONTENT_LENGTH)) {
            if (!other.equals(first)) {
                throw broken(Framing.CONTENT_LENGTH, other);
            }
        }
        long length = Framing.parse(first);
        if (length < 0) {
            throw broken(Framing.CONTENT_LENGTH, first);
        }
        return length;
    }

    private static RemoteProtocolException broken(String name, String value) {
        return new RemoteProtocolException(Phase.HEAD,
                "the response cannot be delimited by the line " + name + ": " + Failures.quote(value), null);
    }

    boolean isHttp2() {
        return this.version.equals("HTTP/2");
    }

    /**
     * Return whether the server leaves the connection open (RFC 9112, section 9.3).
     * @return whether it can serve another request
     */
    boolean keepsAlive() {
        List<String> options = this.fields.elements("Connection");
        if (options.stream().anyMatch("close"::equalsIgnoreCase)) {
            return false;
        }
        return this.version.equals("HTTP/1.1") || options.stream().anyMatch("keep-alive"::equalsIgnoreCase);
    }

}
