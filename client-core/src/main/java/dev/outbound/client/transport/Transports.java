package dev.outbound.client.transport;

/**
 * Gives the transports of a client, by the name in its settings. There is one for all
 * clients of an application, so that what they talk to can be replaced in one place.
 *
 * @since 0.1
 */
public interface Transports {

    /**
     * Create the blocking transport of a client. Opens nothing before the first request.
     * @param settings the client's name and what its engine has to know
     * @return the transport; the caller closes it
     * @throws IllegalStateException if the engine is not on the class path, or cannot
     * honour a setting
     */
    Transport blocking(TransportSettings settings);

    /**
     * Create the reactive transport of a client. Opens nothing before the first request.
     * @param settings the client's name and what its engine has to know
     * @return the transport; the caller closes it
     * @throws IllegalStateException if the engine is not on the class path, or cannot
     * honour a setting
     */
    ReactiveTransport reactive(TransportSettings settings);

}
