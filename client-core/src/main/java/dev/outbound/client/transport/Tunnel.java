package dev.outbound.client.transport;

import java.nio.ByteBuffer;

import dev.outbound.client.http.ProxyException;

/**
 * What is said on a new connection to a proxy until it leads to the server. Does no I/O:
 * an engine writes what this gives, and gives it what was received. One for each
 * connection of a call; not thread-safe.
 *
 * @since 0.1
 */
public interface Tunnel {

    /**
     * Begin on a new connection.
     * @return what to write
     */
    byte[] begin();

    /**
     * Take what was received.
     * @param bytes is read to its end
     * @return what to write, possibly nothing
     * @throws ProxyException if the proxy refuses, or says what is not understood
     */
    byte[] received(ByteBuffer bytes);

    /**
     * Return whether the connection leads to the server now.
     * @return whether nothing more is to be said to the proxy
     */
    boolean isOpen();

    /**
     * Return whether the proxy has asked for credentials that are there, and closes the
     * connection: {@link #begin()} goes on with another one.
     * @return whether another connection is needed
     */
    default boolean needsAnotherConnection() {
        return false;
    }

    /**
     * Return the failure of a connection that the proxy has closed before it was open.
     * @return the failure
     */
    ProxyException closed();

}
