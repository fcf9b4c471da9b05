package dev.outbound.mock;

import java.util.function.Function;
import java.util.function.Supplier;

import org.springframework.util.Assert;

import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;

/**
 * Who answers a request that a route does not answer itself: blocking and reactive
 * transports to the same application.
 *
 * @since 0.1
 */
public final class Upstream {

    /** The server that the request is addressed to. */
    static final Upstream REAL = behind("pass through", Supplier::get, Supplier::get);

    private final String name;

    private final Function<Supplier<Transport>, Transport> transport;

    private final Function<Supplier<ReactiveTransport>, ReactiveTransport> reactiveTransport;

    private Upstream(String name, Function<Supplier<Transport>, Transport> transport,
            Function<Supplier<ReactiveTransport>, ReactiveTransport> reactiveTransport) {
        this.name = name;
        this.transport = transport;
        this.reactiveTransport = reactiveTransport;
    }

    /**
     * Return an upstream behind two transports.
     * @param name what it is, for reports
     * @param transport takes the requests of blocking clients
     * @param reactiveTransport takes the requests of reactive clients
     * @return the upstream
     */
    public static Upstream of(String name, Transport transport, ReactiveTransport reactiveTransport) {
        Assert.hasText(name, "name must not be empty");
        Assert.notNull(transport, "transport must not be null");
        Assert.notNull(reactiveTransport, "reactiveTransport must not be null");
        return behind(name, (engine) -> transport, (engine) -> reactiveTransport);
    }

    /** Return an upstream that may use the engines that the client itself would have. */
    static Upstream behind(String name, Function<Supplier<Transport>, Transport> transport,
            Function<Supplier<ReactiveTransport>, ReactiveTransport> reactiveTransport) {
        return new Upstream(name, transport, reactiveTransport);
    }

    Transport transport(Supplier<Transport> engine) {
        return this.transport.apply(engine);
    }

    ReactiveTransport reactiveTransport(Supplier<ReactiveTransport> engine) {
        return this.reactiveTransport.apply(engine);
    }

    @Override
    public String toString() {
        return this.name;
    }

}
