package dev.outbound.mock;

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
    static final Upstream REAL = new Upstream("pass through", (request, cancellation) -> {
        throw new IllegalStateException("The router resolves this one");
    }, (request, cancellation) -> {
        throw new IllegalStateException("The router resolves this one");
    });

    private final String name;

    private final Transport transport;

    private final ReactiveTransport reactiveTransport;

    private Upstream(String name, Transport transport, ReactiveTransport reactiveTransport) {
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
        return new Upstream(name, transport, reactiveTransport);
    }

    Transport transport() {
        return this.transport;
    }

    ReactiveTransport reactiveTransport() {
        return this.reactiveTransport;
    }

    @Override
    public String toString() {
        return this.name;
    }

}
