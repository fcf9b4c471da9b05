package dev.outbound.client.transport.reactor;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import org.springframework.util.Assert;

import dev.outbound.client.http.Limits;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Route;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.TransportSettings;

/**
 * Sends requests with Reactor Netty, over HTTP/1.1 and, where the settings say so,
 * HTTP/2.
 * <p>
 * Each transport has a pool of its own with up to
 * {@link TransportSettings#maxConnections()} connections to all origins together; event
 * loops are shared with other transports and are daemons. All limits of a request's
 * {@link Timeouts} are kept, except {@code tls}, for which the client's holds: it is part
 * of what makes a connection. Nothing is opened before the first request. The steps of a
 * call that fails or is cancelled leave no connection behind: it is closed, at once where
 * it was being opened.
 *
 * @since 0.1
 */
public final class ReactorTransport implements ReactiveTransport {

    private static final int MAX_ORIGINS = 512;

    private final PoolFigures figures;

    private final Map<Origin.Key, Origin> origins = new ConcurrentHashMap<>();

    private final TransportSettings settings;

    private final ConnectionProvider connections;

    private final Room room;

    /** Where Reactor Netty's own lookup is not enough, for both schemes. */
    private final @Nullable RouteResolvers plainResolvers;

    private final @Nullable RouteResolvers secureResolvers;

    private final Map<Proxy, SslContext> proxyContexts = new ConcurrentHashMap<>();

    private final HttpClient plain;

    /** To proxies that forward, always HTTP/1.1. */
    private final HttpClient forwarding;

    /** In clear text, and what the one for TLS is made of. */
    private final HttpClient base;

    private volatile Secure secure;

    private volatile @Nullable Origin latest;

    private volatile boolean closed;

    private ReactorTransport(TransportSettings settings, UnaryOperator<HttpClient> change) {
        this.settings = settings;
        this.room = new Room(settings.maxConnections(), settings.http2() != Http2.OFF);
        this.figures = new PoolFigures(this.room);
        this.connections = connections(settings);
        HttpClient client = HttpClient.create(this.connections)
            .protocol(HttpProtocol.HTTP11)
            .followRedirect(false)
            .compress(false)
            .keepAlive(true)
            .disableRetry(true)
            // Opening a connection is timed for each call, see ChannelGuard.
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
            // After a write that fails there may be an answer to read, see ChannelGuard.
            .option(ChannelOption.AUTO_CLOSE, false);
        InetAddress local = settings.localAddress();
        if (local != null) {
            client = client.bindAddress(() -> new InetSocketAddress(local, 0));
        }
        boolean routed = !settings.proxies().isEmpty() || settings.guard().isOn() || settings.resolver() != null
                || !settings.addresses().isEmpty();
        this.plainResolvers = routed ? new RouteResolvers(settings.resolver() == null) : null;
        this.secureResolvers = routed ? new RouteResolvers(settings.resolver() == null) : null;
        this.base = change.apply(client);
        this.forwarding = guarded(this.base, this.plainResolvers, null);
        this.plain = (settings.http2() == Http2.PRIOR_KNOWLEDGE)
                ? guarded(http2(this.base, HttpProtocol.H2C), this.plainResolvers, null) : this.forwarding;
        this.secure = secure(settings);
    }

    /**
     * Create a transport on the event loops that Reactor Netty shares by default.
     * @param settings the client's name, pool, TLS and limits
     * @return the transport; the caller closes it
     */
    public static ReactorTransport of(TransportSettings settings) {
        return changed(settings, UnaryOperator.identity());
    }

    /**
     * Create a transport on given event loops.
     * @param settings the client's name, pool, TLS and limits
     * @param loops the event loops; the caller disposes them, after this transport
     * @return the transport; the caller closes it
     */
    public static ReactorTransport of(TransportSettings settings, LoopResources loops) {
        Assert.notNull(loops, "loops must not be null");
        return changed(settings, (client) -> client.runOn(loops));
    }

    static ReactorTransport changed(TransportSettings settings, UnaryOperator<HttpClient> change) {
        Assert.notNull(settings, "settings must not be null");
        Engine.REACTOR.checkReactive(settings);
        return new ReactorTransport(settings, change);
    }

    private ConnectionProvider connections(TransportSettings settings) {
        ConnectionProvider.Builder builder = ConnectionProvider.builder(settings.clientName())
            // Of each origin. Who waits for a permit does so before, in HTTP/1.1; where
            // streams share connections, each of these does.
            .maxConnections((settings.http2() != Http2.OFF) ? settings.maxConnections() : Integer.MAX_VALUE)
            .pendingAcquireMaxCount(-1)
            // The longest one, for the timer takes the limit of each call.
            .pendingAcquireTimeout(Timeouts.MAX)
            .pendingAcquireTimer((borrower, longest) -> Call.awaitConnection(borrower, settings.timeouts().pool()))
            // The latest is used first, so that those not needed grow old.
            .lifo()
            .metrics(true, () -> this.figures);
        Duration idle = settings.idle();
        if (idle != null) {
            builder.maxIdleTime(idle).evictInBackground(Duration.ofMillis(Math.max(100, idle.toMillis() / 4)));
        }
        Duration lifetime = settings.lifetime();
        if (lifetime != null) {
            builder.maxLifeTime(lifetime);
        }
        return builder.build();
    }

    /**
     * {@inheritDoc}
     * @throws IllegalStateException (as a signal) if this transport is closed
     */
    @Override
    public Mono<ReactiveTransportResponse> send(Request request, Cancellation cancellation) {
        return Call.of(this, request, cancellation);
    }

    private HttpClient http2(HttpClient client, HttpProtocol... protocols) {
        return client.protocol(protocols)
            .http2Settings((http2) -> http2.maxHeaderListSize(this.settings.limits().head()));
    }

    private HttpClient guarded(HttpClient client, @Nullable RouteResolvers resolvers,
            @Nullable TransportSettings secure) {
        boolean speaksHttp2 = speaksHttp2(client);
        HttpClient guarded = client.doOnChannelInit((observer, channel, address) -> {
            Call call = observer.currentContext().getOrDefault(Call.class, null);
            ChannelGuard guard = new ChannelGuard(channel, call, this.settings.limits(), this.figures.connects(),
                    secure, speaksHttp2 ? this.room : null);
            channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, ChannelGuard.NAME, guard);
            if (!speaksHttp2) {
                guard.decode(channel, this.settings.limits());
            }
            add(guard, channel);
            openByProxy(guard, call);
            this.room.opens();
        });
        return (resolvers != null) ? guarded.resolver(resolvers) : guarded;
    }

    static boolean speaksHttp2(HttpClient client) {
        return !List.of(client.configuration().protocols()).equals(List.of(HttpProtocol.HTTP11));
    }

    private void add(ChannelGuard guard, Channel channel) {
        this.room.add(guard, channel);
        if (this.closed) {
            guard.close();
        }
        else if (guard.isOutdated(this.secure.settings())) {
            guard.retire();
        }
    }

    /**
     * Return what guards the calls of a connection, or of a stream. On the event loop.
     */
    ChannelGuard guard(Connection connection) {
        Channel channel = connection.channel();
        ChannelGuard guard = ChannelGuard.of(channel);
        if (guard != null && !guard.onlyOpens()) {
            return guard;
        }
        ChannelGuard opener = (guard != null) ? guard : ChannelGuard.of(channel.parent());
        if (opener == null) {
            throw new IllegalStateException("Nothing guards " + channel);
        }
        if (opener == guard) {
            this.room.remove(opener);
        }
        ChannelGuard serving = opener.serve(channel, this.settings.limits());
        add(serving, channel);
        return serving;
    }

    private Secure secure(TransportSettings settings) {
        HttpClient client = switch (settings.http2()) {
            case OFF -> this.base;
            case NEGOTIATED -> http2(this.base, HttpProtocol.H2, HttpProtocol.HTTP11);
            case PRIOR_KNOWLEDGE -> http2(this.base, HttpProtocol.H2);
        };
        HttpClient http11 = guarded(this.base, this.secureResolvers, settings)
            .secure(Tls.of(settings.withHttp2(Http2.OFF)));
        return new Secure(settings, (settings.http2() == Http2.OFF) ? http11
                : guarded(client, this.secureResolvers, settings).secure(Tls.of(settings)), http11);
    }

    @Override
    public PoolStatistics pool() {
        return this.figures;
    }

    /**
     * {@inheritDoc} Does not wait for anything.
     */
    @Override
    public synchronized void reload(TlsSettings tls) {
        TransportSettings settings = this.settings.withTls(tls);
        this.secure = secure(settings);
        this.latest = null;
        this.origins.keySet().removeIf(Origin.Key::isSecure);
        this.latest = null;
        this.room.forEach((guard) -> {
            if (guard.isOutdated(settings)) {
                guard.retire();
            }
        });
    }

    @Override
    public void evictIdle() {
        this.room.forEach(ChannelGuard::retire);
    }

    private void openByProxy(ChannelGuard guard, @Nullable Call call) {
        Proxy proxy = (call != null) ? call.route().proxy() : null;
        if (call != null && proxy != null && (proxy.isSecure() || call.tunnel() != null)) {
            guard.openByProxy(proxy, proxy.isSecure()
                    ? this.proxyContexts.computeIfAbsent(proxy, (it) -> Tls.context(it.tls(), Http2.OFF)) : null);
        }
    }

    Limits limits() {
        return this.settings.limits();
    }

    TransportSettings settings() {
        return this.settings;
    }

    Room room() {
        return this.room;
    }

    boolean isClosed() {
        return this.closed;
    }

    boolean hasProxies() {
        return !this.settings.proxies().isEmpty();
    }

    Origin origin(Url url) {
        if (this.closed) {
            throw new IllegalStateException("The transport was closed; it cannot send to " + url.origin());
        }
        Origin latest = this.latest;
        if (latest != null && latest.key().fits(url)) {
            latest.used();
            return latest;
        }
        if (!url.isAbsolute() || !(url.scheme().equals("http") || url.scheme().equals("https"))) {
            throw new LocalProtocolException(
                    "The scheme of " + url.redacted() + " is '" + url.scheme() + "'; use http or https", null);
        }
        Origin.Key key = Origin.Key.of(url);
        Origin origin = this.origins.get(key);
        if (origin == null) {
            if (this.origins.size() >= MAX_ORIGINS) {
                forgetUnused();
            }
            Route route = Route.of(this.settings, url);
            origin = this.origins.computeIfAbsent(key, (it) -> open(it, route));
        }
        origin.used();
        this.latest = origin;
        return origin;
    }

    private Origin open(Origin.Key key, Route route) {
        return origin(key, route,
                key.isSecure() ? this.secure.client() : route.forwards() ? this.forwarding : this.plain);
    }

    private Origin origin(Origin.Key key, Route route, HttpClient client) {
        Origin origin = new Origin(key, route, client);
        RouteResolvers resolvers = key.isSecure() ? this.secureResolvers : this.plainResolvers;
        if (resolvers != null) {
            resolvers.add(origin.address(), route);
        }
        return origin;
    }

    /** Have the next requests to an origin go out with HTTP/1.1. */
    void speakHttp11(Url url) {
        Origin.Key key = Origin.Key.of(url);
        this.origins.computeIfPresent(key,
                (it, origin) -> origin(it, origin.route(), it.isSecure() ? this.secure.http11() : this.forwarding));
        this.latest = null;
    }

    private void forgetUnused() {
        this.origins.values().removeIf((origin) -> {
            boolean unused = origin.unusedSinceLastAsked() && this.figures.isUnused(origin.address());
            if (unused) {
                this.connections.disposeWhen(origin.address());
                RouteResolvers resolvers = origin.key().isSecure() ? this.secureResolvers : this.plainResolvers;
                if (resolvers != null) {
                    resolvers.remove(origin.address());
                }
            }
            return unused;
        });
    }

    /**
     * Return how many connections are in use, those being opened included.
     * @return the number at this moment
     */
    public int acquired() {
        return this.figures.active();
    }

    /**
     * Return how many connections wait for their next request.
     * @return the number at this moment
     */
    public int idle() {
        return this.figures.idle();
    }

    /**
     * Return how many calls wait for a connection.
     * @return the number at this moment
     */
    public int pending() {
        return this.figures.pending();
    }

    /**
     * Close all connections, without blocking. Event loops stay. May be called more than
     * once.
     */
    @Override
    public void close() {
        this.closed = true;
        // Before the pool ends their connections, which looks like a fault.
        this.room.forEach((guard) -> {
            if (guard.isStream()) {
                guard.close();
            }
        });
        this.latest = null;
        this.origins.clear();
        this.room.permits().close();
        this.connections.dispose();
        if (this.plainResolvers != null && this.secureResolvers != null) {
            this.plainResolvers.close();
            this.secureResolvers.close();
        }
        // The pool leaves alone what is in use.
        this.room.forEach(ChannelGuard::close);
    }

    /**
     * What speaks TLS.
     *
     * @param settings are the identity of its connections
     * @param http11 for origins that require it
     */
    private record Secure(TransportSettings settings, HttpClient client, HttpClient http11) {
    }

}
