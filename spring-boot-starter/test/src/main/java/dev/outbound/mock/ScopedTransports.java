package dev.outbound.mock;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

import org.springframework.util.function.SingletonSupplier;

import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * Transports of clients that several tests share: each request goes to the router that
 * the test has which sends it.
 */
final class ScopedTransports implements Transports {

    private final @Nullable String client;

    private final @Nullable Transports withoutTests;

    /**
     * Create the transports.
     * @param client the name of the router, or {@code null} for that of the client
     * @param withoutTests take the requests while no test with mocks runs, to the end of
     * the process, or {@code null} to refuse them
     */
    ScopedTransports(@Nullable String client, @Nullable Transports withoutTests) {
        this.client = client;
        this.withoutTests = withoutTests;
    }

    @Override
    public boolean isMock() {
        return this.withoutTests == null;
    }

    @Override
    public Transport blocking(TransportSettings settings) {
        Transport mock = new MockTransport((context) -> router(settings, context), settings);
        Transports engines = this.withoutTests;
        if (engines == null) {
            return mock;
        }
        // Made when it is needed: a test may run without any engine in its class path.
        Supplier<Transport> engine = SingletonSupplier.of(() -> engines.blocking(settings));
        return (request, cancellation) -> (MockScope.isAnyOpen() ? mock : engine.get()).send(request, cancellation);
    }

    @Override
    public ReactiveTransport reactive(TransportSettings settings) {
        ReactiveTransport mock = new MockReactiveTransport((context) -> router(settings, context), settings);
        Transports engines = this.withoutTests;
        if (engines == null) {
            return mock;
        }
        Supplier<ReactiveTransport> engine = SingletonSupplier.of(() -> engines.reactive(settings));
        return (request, cancellation) -> (MockScope.isAnyOpen() ? mock : engine.get()).send(request, cancellation);
    }

    private MockRouter router(TransportSettings settings, ContextView context) {
        String name = (this.client != null) ? this.client : settings.clientName();
        MockScope scope = MockScope.find(context);
        if (scope == null) {
            throw MockScope.stray("client '" + name + "'");
        }
        return scope.router(name);
    }

}
