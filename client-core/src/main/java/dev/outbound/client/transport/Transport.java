package dev.outbound.client.transport;

import java.util.EnumSet;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;

/**
 * Sends requests and blocks until their responses' heads are there. Thread-safe.
 * <p>
 * A transport does what the request says and nothing else: it follows no redirects, keeps
 * no cookies, retries nothing, decodes no content and adds no field but those of the
 * framing ({@code Host}, {@code Content-Length}, {@code Transfer-Encoding},
 * {@code Connection}), and {@code Content-Type} of the body where the request has none. A
 * lambda is enough for one that answers without a network:
 *
 * <pre class="code">
 * Transport teapot = (request, cancellation) -&gt; TransportResponse.of(418, FieldLines.empty(), new byte[0]);
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Transport extends AutoCloseable {

    /**
     * Send a request.
     * @param request what to send; its {@link Request#timeouts() connect, tls, read,
     * write and pool} limits are the transport's to keep
     * @param cancellation tells when the call must have ended, and ends it: the transport
     * registers with {@link Cancellation#onCancel} what breaks its I/O off
     * @return the response, with its body unread; the caller closes or aborts it
     * @throws RequestException if there is no response, in the type that says why
     */
    TransportResponse send(Request request, Cancellation cancellation);

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
                EnumSet.of(EngineSetting.TIMEOUTS, EngineSetting.READ_TIMEOUT, EngineSetting.REACTIVE_ENGINE));
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
