package dev.outbound.client.transport;

import java.util.function.Function;

import org.springframework.util.Assert;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;

/**
 * Gives the transports of a client, by the name in its settings. There is one for all
 * clients of an application, so that what they talk to can be replaced in one place.
 *
 * @since 0.1
 */
public interface Transports {

    /**
     * Check, when a client is built, that its blocking transport can honour its settings.
     * By default all can be.
     * @param settings the settings
     * @throws IllegalStateException if one cannot be honoured; the message names an
     * engine that can
     */
    default void checkBlocking(TransportSettings settings) {
    }

    /**
     * Check, when a client is built, that its reactive transport can honour its settings.
     * By default all can be.
     * @param settings the settings
     * @throws IllegalStateException if one cannot be honoured; the message names an
     * engine that can
     */
    default void checkReactive(TransportSettings settings) {
    }

    /**
     * Return whether no call leaves the process: these transports answer themselves, as a
     * mock or a recording does. Who makes an application warns of it outside tests.
     * @return {@code false} by default
     */
    default boolean isMock() {
        return false;
    }

    /**
     * Return transports that answer by a function, for blocking and reactive clients
     * alike and without a network (HTTPX's mock transport):
     *
     * <pre class="code">
     * Transports echo = Transports.of((request) -&gt; Response.of(request, 200, RequestBody.text(request.url().path())));
     * Client client = Client.builder().transports(echo).build();
     * </pre>
     * @param function is given each request that is sent, with its body read into memory,
     * and returns the response; what it throws fails the call. It is called by many
     * threads, and for reactive clients must not block
     * @return the transports
     */
    static Transports of(Function<Request, Response> function) {
        Assert.notNull(function, "function must not be null");
        return new FunctionTransports(function);
    }

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
