package dev.outbound.boot.endpoint;

/**
 * What can be done to a client while it runs.
 *
 * @since 0.1
 */
public enum OutboundEndpointAction {

    /**
     * Close the connections that wait for a request.
     */
    EVICT_IDLE,

    /**
     * Open the circuit breaker: nothing is let through until it is closed.
     */
    OPEN_CIRCUIT,

    /**
     * Close the circuit breaker, whoever opened it.
     */
    CLOSE_CIRCUIT

}
