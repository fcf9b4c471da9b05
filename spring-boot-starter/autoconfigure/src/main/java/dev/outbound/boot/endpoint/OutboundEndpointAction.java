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
    EVICT_IDLE

}
