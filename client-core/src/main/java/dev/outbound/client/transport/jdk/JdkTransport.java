package dev.outbound.client.transport.jdk;

import org.springframework.util.Assert;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;

/**
 * The blocking engine on the JDK's own client: HTTP/1.1 and, where it is asked for and
 * the server offers it, HTTP/2. The calling thread waits and writes the body of its
 * request; the JDK's threads do the rest. All limits of
 * {@link dev.outbound.client.http.Timeouts} hold for each request.
 *
 * @since 0.1
 */
public final class JdkTransport implements Transport {

    private final Connections connections;

    private JdkTransport(Connections connections) {
        this.connections = connections;
    }

    /**
     * Create a transport with its own connections. Opens nothing before the first
     * request.
     * @param settings the client's name, the number of connections and their TLS
     * @return the transport; the caller closes it
     * @throws IllegalStateException if there is a setting that this engine cannot honour
     */
    public static JdkTransport of(TransportSettings settings) {
        Assert.notNull(settings, "settings must not be null");
        Engine.JDK.checkBlocking(settings);
        return new JdkTransport(new Connections(settings));
    }

    @Override
    public TransportResponse send(Request request, Cancellation cancellation) {
        cancellation.enter();
        try {
            RequestException ended = cancellation.failure(Phase.PREPARE, null);
            if (ended != null) {
                throw ended;
            }
            return new BlockingCall(this.connections, request, cancellation).run();
        }
        finally {
            cancellation.leave();
        }
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
