package dev.outbound.client.http;

import java.util.Locale;

/**
 * The part of a call in which something happened.
 *
 * @since 0.1
 */
public enum Phase {

    /** Before anything was sent: building the request, obtaining credentials. */
    PREPARE,

    /** Waiting for a connection of the pool. */
    POOL,

    /** Looking up the host's addresses. */
    LOOKUP,

    /** Opening the connection. */
    CONNECT,

    /** The TLS handshake. */
    TLS,

    /** Writing the request. */
    WRITE,

    /** Waiting for, and reading, the head of the response. */
    HEAD,

    /** Reading the body of the response. */
    BODY,

    /** Waiting before a retry. */
    PAUSE;

    /**
     * Return whether nothing of the request can have reached the server in this phase.
     * @return whether it is safe to send the request again, whatever its method
     */
    public boolean isBeforeRequest() {
        return ordinal() < WRITE.ordinal();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

}
