package dev.outbound.client.transport;

import java.util.EnumSet;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import dev.outbound.client.http.Request;

/**
 * Sends requests without blocking. The rules are those of {@link Transport}.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ReactiveTransport extends AutoCloseable {

    /**
     * Send a request when subscribed to.
     * @param request what to send; its {@link Request#timeouts() connect, tls, read,
     * write and pool} limits are the transport's to keep
     * @param cancellation tells when the call must have ended; the driver ends it by
     * cancelling the subscription
     * @return the response, with its body unread, or a
     * {@link dev.outbound.client.http.RequestException} that says why there is none;
     * cancelling it, or the body, breaks the exchange off and closes its connection
     */
    Mono<ReactiveTransportResponse> send(Request request, Cancellation cancellation);

    /**
     * Check, when a client is built with this transport, that it asks for nothing that
     * would be ignored. By default all is refused that an engine is made with
     * (connections, TLS, proxies, HTTP/2, …), for a transport that exists already knows
     * nothing of it; time limits are not, as each request brings them.
     * @param settings the settings of the client
     * @throws IllegalStateException if they ask for something else; the message names the
     * setting
     * @see EngineSetting#check
     */
    default void check(TransportSettings settings) {
        EngineSetting.check(settings,
                EnumSet.of(EngineSetting.TIMEOUTS, EngineSetting.READ_TIMEOUT, EngineSetting.BLOCKING_ENGINE));
    }

    /**
     * Return the figures of the connections.
     * @return a live view, or {@code null} where there are no connections to count
     */
    default @Nullable PoolStatistics pool() {
        return null;
    }

    /**
     * Speak TLS with other settings from now on. What is open goes on with the old ones:
     * idle connections are closed at once, those in use when their call is over. Does
     * nothing where no TLS is spoken.
     * @param tls the settings
     */
    default void reload(TlsSettings tls) {
    }

    /**
     * Close the connections that wait for a request. Those in use are closed when their
     * call is over, or stay open, as the engine can. Does nothing where there are none.
     */
    default void evictIdle() {
    }

    /**
     * Release all connections. Calls that are running fail.
     */
    @Override
    default void close() {
    }

}
