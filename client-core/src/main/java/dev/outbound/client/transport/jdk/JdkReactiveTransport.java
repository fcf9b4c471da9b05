package dev.outbound.client.transport.jdk;

import reactor.core.publisher.Mono;

import org.springframework.util.Assert;

import dev.outbound.client.http.Request;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.TransportSettings;

/**
 * The reactive engine on the JDK's own client: HTTP/1.1 and, where it is asked for and
 * the server offers it, HTTP/2. All limits of {@link dev.outbound.client.http.Timeouts}
 * hold for each request. Signals come on daemon threads of this transport, or on that of
 * a timer.
 *
 * @since 0.1
 */
public final class JdkReactiveTransport implements ReactiveTransport {

    private final Connections connections;

    private JdkReactiveTransport(Connections connections) {
        this.connections = connections;
    }

    /**
     * Create a transport with its own connections. Opens nothing before the first
     * request.
     * @param settings the client's name, the number of connections and their TLS
     * @return the transport; the caller closes it
     * @throws IllegalStateException if there is a setting that this engine cannot honour
     */
    public static JdkReactiveTransport of(TransportSettings settings) {
        Assert.notNull(settings, "settings must not be null");
        Engine.JDK.checkReactive(settings);
        return new JdkReactiveTransport(new Connections(settings));
    }

    /**
     * {@inheritDoc}
     * @throws IllegalStateException (as a signal) if this transport is closed
     */
    @Override
    public Mono<ReactiveTransportResponse> send(Request request, Cancellation cancellation) {
        return ReactiveCall.of(this.connections, request, cancellation);
    }

    @Override
    public PoolStatistics pool() {
        return this.connections.figures();
    }

    @Override
    public void reload(TlsSettings tls) {
        this.connections.reload(tls);
    }

    @Override
    public void evictIdle() {
        this.connections.evictIdle();
    }

    /**
     * Close all connections at once, also those in use, and end the JDK's threads.
     */
    @Override
    public void close() {
        this.connections.close();
    }

}
