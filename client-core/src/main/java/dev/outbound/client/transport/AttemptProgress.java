package dev.outbound.client.transport;

import dev.outbound.client.http.Phase;

/**
 * How far an engine has come with a request. Asked when the call fails, from any thread:
 * an engine that keeps count has nothing else to do for it.
 *
 * @since 0.1
 */
public interface AttemptProgress {

    /**
     * Return what is going on.
     * @return the phase
     */
    Phase phase();

    /**
     * Return how much of the request's body was given to the connection, whose buffers
     * may hold the end of it.
     * @return bytes of the body, without head and framing
     */
    long bytesSent();

    /**
     * Return how long the request's body is.
     * @return bytes, or -1 where the request does not say
     */
    long bytesToSend();

}
