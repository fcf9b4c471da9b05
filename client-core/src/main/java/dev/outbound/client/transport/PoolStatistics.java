package dev.outbound.client.transport;

/**
 * The connections of one engine of one client, at this moment. A live view for metrics
 * and health: read it as often as is liked. Thread-safe.
 *
 * @since 0.1
 */
public interface PoolStatistics {

    /**
     * Return the name of the engine.
     * @return for example {@code http-components}
     */
    String engine();

    /**
     * Return how many connections are in use, those being opened included.
     * @return the number of connections
     */
    int active();

    /**
     * Return how many connections are open and wait for a request.
     * @return the number of connections
     */
    int idle();

    /**
     * Return how many calls wait for a connection.
     * @return the number of calls
     */
    int pending();

    /**
     * Return how many connections there may be.
     * @return the limit of the settings
     */
    int max();

    /**
     * Return how long it took to open connections: lookup, TCP, what a proxy is told, and
     * TLS. Those that failed do not count.
     * @return the times so far
     */
    TimeStatistics connects();

    /**
     * Return how long calls waited until there was a connection, or room for a new one.
     * Those that gave up do not count.
     * @return the times so far
     */
    TimeStatistics acquires();

}
