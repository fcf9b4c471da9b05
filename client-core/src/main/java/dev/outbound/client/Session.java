package dev.outbound.client;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.Cookies;
import dev.outbound.client.http.BodyReading;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * What the clients of one name share: settings, engines, retry budget, statistics. The
 * blocking and the reactive client are views of it, and so are those derived from them.
 * Thread-safe.
 * <p>
 * Engines are made by the first call. Whoever built the session closes it; calls after
 * that fail with an {@link IllegalStateException}.
 *
 * @since 0.1
 */
public final class Session implements AutoCloseable {

    private final ClientSettings settings;

    private final Transports transports;

    private final CallObservation observation;

    private final JsonConversion json;

    private final ClientClock clock;

    private final @Nullable RetryBudget budget;

    private final CallStatistics statistics = new CallStatistics();

    private TransportSettings engine;

    private volatile @Nullable Transport transport;

    private volatile @Nullable ReactiveTransport reactiveTransport;

    private volatile boolean closed;

    Session(ClientSettings settings, Transports transports, ObservationRegistry observations, JsonConversion json,
            ClientClock clock, @Nullable RetryBudget budget) {
        this.settings = settings;
        this.engine = settings.transport();
        this.transports = transports;
        this.observation = new CallObservation(observations);
        this.json = json;
        this.clock = clock;
        this.budget = budget;
    }

    /**
     * Return a blocking client. Closing it does nothing.
     * @return a view of this session
     */
    public Client client() {
        return new DefaultClient(this, this.settings, false);
    }

    /**
     * Return a reactive client. Closing it does nothing.
     * @return a view of this session
     */
    public ReactiveClient reactiveClient() {
        return new DefaultReactiveClient(this, this.settings, false);
    }

    public ClientSettings settings() {
        return this.settings;
    }

    public CallStatistics statistics() {
        return this.statistics;
    }

    /**
     * Return the budget of retries.
     * @return the budget, or {@code null} where nothing limits them
     */
    public @Nullable RetryBudget retryBudget() {
        return this.budget;
    }

    ClientClock clock() {
        return this.clock;
    }

    CallObservation observation() {
        return this.observation;
    }

    Exchange.Policies policies(ClientSettings settings) {
        return new Exchange.Policies(settings.name(), settings.interceptors(), settings.retry(), this.budget,
                new Redirects(settings.redirects()),
                new CallCookies(settings.cookies(), Cookies.empty(), settings.baseUrl()), settings.hooks(),
                settings.limits(), settings.raisesForStatus(),
                new BodyReading(this.json, settings.defaultCharset(), settings.limits().body()), this.statistics,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    void checkBlocking() {
        this.transports.checkBlocking(this.settings.transport());
    }

    void checkReactive() {
        this.transports.checkReactive(this.settings.transport());
    }

    Transport transport() {
        Transport transport = this.transport;
        return (transport != null) ? transport : openTransport();
    }

    ReactiveTransport reactiveTransport() {
        ReactiveTransport transport = this.reactiveTransport;
        return (transport != null) ? transport : openReactiveTransport();
    }

    private synchronized Transport openTransport() {
        checkOpen();
        Transport transport = this.transport;
        if (transport == null) {
            transport = this.transports.blocking(this.engine);
            this.transport = transport;
        }
        return transport;
    }

    private synchronized ReactiveTransport openReactiveTransport() {
        checkOpen();
        ReactiveTransport transport = this.reactiveTransport;
        if (transport == null) {
            transport = this.transports.reactive(this.engine);
            this.reactiveTransport = transport;
        }
        return transport;
    }

    /**
     * Return the figures of the connections, for each engine that has been used.
     * @return live views, without engines that have no connections to count
     */
    public List<PoolStatistics> pools() {
        Transport transport = this.transport;
        ReactiveTransport reactiveTransport = this.reactiveTransport;
        return Stream
            .of((transport != null) ? transport.pool() : null,
                    (reactiveTransport != null) ? reactiveTransport.pool() : null)
            .filter(Objects::nonNull)
            .toList();
    }

    /**
     * Speak TLS with other settings from now on, for example when certificates were
     * renewed. No call fails for it: idle connections are closed at once, those in use
     * when their call is over.
     * @param tls the settings
     */
    public synchronized void reload(TlsSettings tls) {
        this.engine = this.engine.withTls(tls);
        if (this.transport != null) {
            this.transport.reload(tls);
        }
        if (this.reactiveTransport != null) {
            this.reactiveTransport.reload(tls);
        }
    }

    private void checkOpen() {
        if (this.closed) {
            String name = this.settings.name();
            throw new IllegalStateException(
                    ((name != null) ? "Client '" + name + "'" : "The client") + " was closed and cannot send anything");
        }
    }

    /**
     * Return whether this session was closed.
     * @return whether its clients send nothing any more
     */
    public boolean isClosed() {
        return this.closed;
    }

    /**
     * Release the engines. Calls that are running fail. May be called more than once.
     */
    @Override
    public synchronized void close() {
        this.closed = true;
        if (this.transport != null) {
            this.transport.close();
            this.transport = null;
        }
        if (this.reactiveTransport != null) {
            this.reactiveTransport.close();
            this.reactiveTransport = null;
        }
    }

}
