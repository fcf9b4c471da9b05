package dev.outbound.client.transport;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Timeouts;

/**
 * What an engine has to know of its client before the first request. Immutable.
 *
 * @since 0.1
 */
public final class TransportSettings {

    private final String clientName;

    private final Timeouts timeouts;

    private final Limits limits;

    private final int maxConnections;

    private final @Nullable Duration idle;

    private final @Nullable Duration lifetime;

    private final TlsSettings tls;

    private final Engine blockingEngine;

    private final Engine reactiveEngine;

    private final Http2 http2;

    private final Proxies proxies;

    private final @Nullable NameResolver resolver;

    private final Map<String, List<InetAddress>> addresses;

    private final @Nullable InetAddress localAddress;

    private final AddressGuard guard;

    private TransportSettings(Draft draft) {
        this.clientName = draft.clientName;
        this.timeouts = draft.timeouts;
        this.limits = draft.limits;
        this.maxConnections = draft.maxConnections;
        this.idle = draft.idle;
        this.lifetime = draft.lifetime;
        this.tls = draft.tls;
        this.blockingEngine = draft.blockingEngine;
        this.reactiveEngine = draft.reactiveEngine;
        this.http2 = draft.http2;
        this.proxies = draft.proxies;
        this.resolver = draft.resolver;
        this.addresses = draft.addresses;
        this.localAddress = draft.localAddress;
        this.guard = draft.guard;
    }

    /**
     * Return the settings that hold where nothing else is said: 100 connections, as HTTPX
     * has it, closed after 20 idle seconds (below the 30 and 60 that servers commonly
     * allow) and after 5 minutes in any case, so that changes in DNS are seen; HTTP/1.1,
     * and no proxy.
     * @param clientName the name of the client
     * @return the defaults
     */
    public static TransportSettings defaults(String clientName) {
        return new TransportSettings(new Draft(clientName));
    }

    private TransportSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new TransportSettings(draft);
    }

    public TransportSettings withClientName(String clientName) {
        return with((draft) -> draft.clientName = clientName);
    }

    public TransportSettings withTimeouts(Timeouts timeouts) {
        Assert.notNull(timeouts, "timeouts must not be null");
        return with((draft) -> draft.timeouts = timeouts);
    }

    public TransportSettings withLimits(Limits limits) {
        Assert.notNull(limits, "limits must not be null");
        return with((draft) -> draft.limits = limits);
    }

    public TransportSettings withMaxConnections(int maxConnections) {
        Assert.isTrue(maxConnections > 0, () -> "maxConnections must be positive, but is " + maxConnections);
        return with((draft) -> draft.maxConnections = maxConnections);
    }

    public TransportSettings withIdle(@Nullable Duration idle) {
        check("idle", idle);
        return with((draft) -> draft.idle = idle);
    }

    public TransportSettings withLifetime(@Nullable Duration lifetime) {
        check("lifetime", lifetime);
        return with((draft) -> draft.lifetime = lifetime);
    }

    private static void check(String what, @Nullable Duration time) {
        Assert.isTrue(time == null || (time.compareTo(Duration.ZERO) > 0 && time.compareTo(Timeouts.MAX) <= 0),
                () -> what + " time must be positive and at most " + Timeouts.MAX + ", or null for no limit, but is "
                        + time);
    }

    public TransportSettings withTls(TlsSettings tls) {
        Assert.notNull(tls, "tls must not be null");
        return with((draft) -> draft.tls = tls);
    }

    /**
     * Return these settings with other trust and keys for TLS.
     * @param context the context, or {@code null} for the JVM's
     * @return other settings
     */
    public TransportSettings withSslContext(@Nullable SSLContext context) {
        return withTls(this.tls.withContext(context));
    }

    /**
     * Return these settings with another engine for the calls that it can make.
     * @param engine {@link Engine#JDK} for blocking and reactive calls, another for its
     * kind
     * @return other settings
     */
    public TransportSettings withEngine(Engine engine) {
        Assert.notNull(engine, "engine must not be null");
        return with((draft) -> {
            draft.blockingEngine = engine.isBlocking() ? engine : draft.blockingEngine;
            draft.reactiveEngine = engine.isReactive() ? engine : draft.reactiveEngine;
        });
    }

    public TransportSettings withBlockingEngine(Engine engine) {
        Assert.isTrue(engine.isBlocking(), () -> "Engine " + engine + " makes no blocking calls; use "
                + Engine.HTTP_COMPONENTS + " or " + Engine.JDK);
        return with((draft) -> draft.blockingEngine = engine);
    }

    public TransportSettings withReactiveEngine(Engine engine) {
        Assert.isTrue(engine.isReactive(),
                () -> "Engine " + engine + " makes no reactive calls; use " + Engine.REACTOR + " or " + Engine.JDK);
        return with((draft) -> draft.reactiveEngine = engine);
    }

    public TransportSettings withHttp2(Http2 http2) {
        Assert.notNull(http2, "http2 must not be null");
        return with((draft) -> draft.http2 = http2);
    }

    public TransportSettings withProxies(Proxies proxies) {
        Assert.notNull(proxies, "proxies must not be null");
        return with((draft) -> draft.proxies = proxies);
    }

    public TransportSettings withResolver(@Nullable NameResolver resolver) {
        return with((draft) -> draft.resolver = resolver);
    }

    /**
     * Return these settings with addresses of hosts, for which nothing is looked up.
     * @param addresses host names, and the addresses to try one after the other
     * @return other settings
     * @throws IllegalArgumentException if a host has no address
     */
    public TransportSettings withAddresses(Map<String, List<InetAddress>> addresses) {
        Map<String, List<InetAddress>> pinned = new TreeMap<>();
        addresses.forEach((host, of) -> {
            Assert.notEmpty(of, () -> "The host '" + host + "' must have an address");
            pinned.put(host.toLowerCase(Locale.ROOT), List.copyOf(of));
        });
        return with((draft) -> draft.addresses = Map.copyOf(pinned));
    }

    public TransportSettings withLocalAddress(@Nullable InetAddress localAddress) {
        return with((draft) -> draft.localAddress = localAddress);
    }

    public TransportSettings withGuard(AddressGuard guard) {
        Assert.notNull(guard, "guard must not be null");
        return with((draft) -> draft.guard = guard);
    }

    /**
     * Check that these settings do not contradict each other, and that nothing makes this
     * JVM trust certificates of other hosts.
     * @throws IllegalStateException if they do
     */
    public void check() {
        TlsSettings.checkVerification();
        this.guard.check(this.clientName, this.proxies);
    }

    public String clientName() {
        return this.clientName;
    }

    /**
     * Return the limits of the client, which requests have unless they bring others.
     * @return the limits
     */
    public Timeouts timeouts() {
        return this.timeouts;
    }

    /**
     * Return how much of a response is accepted.
     * @return the limits
     */
    public Limits limits() {
        return this.limits;
    }

    /**
     * Return how many connections may be open at a time.
     * @return the largest size of the pool
     */
    public int maxConnections() {
        return this.maxConnections;
    }

    /**
     * Return how long a connection may wait for its next request.
     * @return the time, or {@code null} for no limit
     */
    public @Nullable Duration idle() {
        return this.idle;
    }

    /**
     * Return how long a connection may be used.
     * @return the time, or {@code null} for no limit
     */
    public @Nullable Duration lifetime() {
        return this.lifetime;
    }

    public TlsSettings tls() {
        return this.tls;
    }

    /**
     * Return trust and keys for TLS.
     * @return the context, or {@code null} for the JVM's
     */
    public @Nullable SSLContext sslContext() {
        return this.tls.context();
    }

    /**
     * Return what makes blocking calls.
     * @return the engine
     */
    public Engine blockingEngine() {
        return this.blockingEngine;
    }

    /**
     * Return what makes reactive calls.
     * @return the engine
     */
    public Engine reactiveEngine() {
        return this.reactiveEngine;
    }

    public Http2 http2() {
        return this.http2;
    }

    public Proxies proxies() {
        return this.proxies;
    }

    /**
     * Return what looks host names up.
     * @return the resolver, or {@code null} for the engine's own
     */
    public @Nullable NameResolver resolver() {
        return this.resolver;
    }

    /**
     * Return the hosts whose addresses are not looked up.
     * @return addresses by host name, in lower case
     */
    public Map<String, List<InetAddress>> addresses() {
        return this.addresses;
    }

    /**
     * Return the local address of connections.
     * @return the address, or {@code null} for the system's choice
     */
    public @Nullable InetAddress localAddress() {
        return this.localAddress;
    }

    public AddressGuard guard() {
        return this.guard;
    }

    /**
     * Return the settings without secrets.
     */
    @Override
    public String toString() {
        return "engine=[" + this.blockingEngine + ", " + this.reactiveEngine + "], limits=[" + this.limits
                + "], max-connections=" + this.maxConnections + ", idle=" + this.idle + ", lifetime=" + this.lifetime
                + ", tls=[" + this.tls + "], http2=" + this.http2 + ", proxies=" + this.proxies + ", resolver="
                + ((this.resolver != null) ? "own" : "engine's") + ", addresses=" + this.addresses.keySet()
                + ", local-address=" + this.localAddress + ", guard=" + this.guard;
    }

    /** What is about to become settings. */
    private static final class Draft {

        private String clientName;

        private Timeouts timeouts = Timeouts.defaults();

        private Limits limits = Limits.defaults();

        private int maxConnections = 100;

        private @Nullable Duration idle = Duration.ofSeconds(20);

        private @Nullable Duration lifetime = Duration.ofMinutes(5);

        private TlsSettings tls = TlsSettings.defaults();

        private Engine blockingEngine = Engine.HTTP_COMPONENTS;

        private Engine reactiveEngine = Engine.REACTOR;

        private Http2 http2 = Http2.OFF;

        private Proxies proxies = Proxies.none();

        private @Nullable NameResolver resolver;

        private Map<String, List<InetAddress>> addresses = Map.of();

        private @Nullable InetAddress localAddress;

        private AddressGuard guard = AddressGuard.off();

        Draft(String clientName) {
            this.clientName = clientName;
        }

        Draft(TransportSettings settings) {
            this.clientName = settings.clientName;
            this.timeouts = settings.timeouts;
            this.limits = settings.limits;
            this.maxConnections = settings.maxConnections;
            this.idle = settings.idle;
            this.lifetime = settings.lifetime;
            this.tls = settings.tls;
            this.blockingEngine = settings.blockingEngine;
            this.reactiveEngine = settings.reactiveEngine;
            this.http2 = settings.http2;
            this.proxies = settings.proxies;
            this.resolver = settings.resolver;
            this.addresses = settings.addresses;
            this.localAddress = settings.localAddress;
            this.guard = settings.guard;
        }

    }

}
