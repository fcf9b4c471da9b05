package dev.outbound.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.transport.AddressGuard;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.Mounts;
import dev.outbound.client.transport.NameResolver;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.ProxyAuthentication;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * What calls are sent by: connections, TLS, proxies, names and addresses, transports. The
 * half of {@link ClientBuilder} that derived clients cannot change.
 */
abstract sealed class EngineBuilder permits ClientBuilder {

    TransportSettings transport;

    private final boolean derived;

    private Transports transports = Engines.transports();

    private final Map<String, @Nullable Transport> mounts = new LinkedHashMap<>();

    private final Map<String, @Nullable ReactiveTransport> reactiveMounts = new LinkedHashMap<>();

    /**
     * Begin.
     * @param inherited what a derived client shares, or {@code null} for one of its own
     */
    EngineBuilder(@Nullable TransportSettings inherited) {
        this.derived = inherited != null;
        this.transport = (inherited != null) ? inherited : TransportSettings.defaults("client");
    }

    private ClientBuilder self() {
        return (ClientBuilder) this;
    }

    final void checkNotDerived(String what) {
        if (this.derived) {
            throw new IllegalStateException("A derived client shares its engine, so its " + what
                    + " cannot be changed; build another client instead");
        }
    }

    /** What makes the transports of a client. */
    final Transports makers() {
        return (this.mounts.isEmpty() && this.reactiveMounts.isEmpty()) ? this.transports
                : new MountedTransports(this.transports, this.mounts, this.reactiveMounts);
    }

    final void checkBlockingMounts() {
        checkMounts(this.mounts, this.reactiveMounts, "mount");
    }

    final void checkReactiveMounts() {
        checkMounts(this.reactiveMounts, this.mounts, "mountReactive");
    }

    /** What is mounted for the other kind of client only would be ignored here. */
    private static void checkMounts(Map<String, ?> used, Map<String, ?> others, String method) {
        if (!used.keySet().containsAll(others.keySet())) {
            throw new IllegalStateException("Transports are mounted at " + others.keySet()
                    + " for the other kind of client only; mount them with " + method + "(…), too");
        }
    }

    /**
     * Set how many connections there may be at a time, to all origins together. Who needs
     * one more waits, up to the limit of the request's pool timeout; a connection to
     * another origin that is idle gives way at once.
     * @param maxConnections the number; 100 by default
     * @return this builder
     */
    public ClientBuilder maxConnections(int maxConnections) {
        checkNotDerived("number of connections");
        this.transport = this.transport.withMaxConnections(maxConnections);
        return self();
    }

    /**
     * Set how long a connection may wait for its next request, and how long it may be
     * used at all.
     * @param idle the longest wait, or {@code null} for no limit; 20 seconds by default
     * @param lifetime the longest use, or {@code null} for no limit; 5 minutes by default
     * @return this builder
     */
    public ClientBuilder keepAlive(@Nullable Duration idle, @Nullable Duration lifetime) {
        checkNotDerived("life of connections");
        this.transport = this.transport.withIdle(idle).withLifetime(lifetime);
        return self();
    }

    /**
     * Set the trust and the keys for TLS, instead of those of the JVM.
     * @param sslContext the context, or {@code null} for the JVM's
     * @return this builder
     */
    public ClientBuilder sslContext(@Nullable SSLContext sslContext) {
        return tls(this.transport.tls().withContext(sslContext));
    }

    /**
     * Set everything of TLS: trust and keys, versions, ciphers, server name.
     * @param tls the settings
     * @return this builder
     */
    public ClientBuilder tls(TlsSettings tls) {
        checkNotDerived("TLS settings");
        this.transport = this.transport.withTls(tls);
        return self();
    }

    /**
     * Set the engine, for the calls that it can make: {@link Engine#JDK} for blocking and
     * reactive ones. {@link Engine#HTTP_COMPONENTS} and {@link Engine#REACTOR} unless
     * this is set.
     * @param engine the engine
     * @return this builder
     */
    public ClientBuilder engine(Engine engine) {
        checkNotDerived("engine");
        this.transport = this.transport.withEngine(engine);
        return self();
    }

    /**
     * Set the engines of blocking and of reactive calls.
     * @param blocking {@link Engine#HTTP_COMPONENTS} or {@link Engine#JDK}
     * @param reactive {@link Engine#REACTOR} or {@link Engine#JDK}
     * @return this builder
     * @throws IllegalArgumentException if an engine does not make calls of that kind
     */
    public ClientBuilder engine(Engine blocking, Engine reactive) {
        checkNotDerived("engine");
        this.transport = this.transport.withBlockingEngine(blocking).withReactiveEngine(reactive);
        return self();
    }

    /**
     * Set whether HTTP/2 is spoken. It is not unless this is set.
     * @param http2 how
     * @return this builder
     */
    public ClientBuilder http2(Http2 http2) {
        checkNotDerived("HTTP/2");
        this.transport = this.transport.withHttp2(http2);
        return self();
    }

    /**
     * Send all requests through a proxy, except those of {@link #proxies}.
     * @param url {@code http}, {@code https} or {@code socks5}, host and port; user name
     * and password in it are sent to the proxy
     * @return this builder
     * @throws IllegalArgumentException if it is something else
     */
    public ClientBuilder proxy(String url) {
        return proxies(Proxies.all(Proxy.of(url)));
    }

    /**
     * Send all requests through a proxy that asks for authentication, for example with
     * {@link Auth#digest}.
     * @param url {@code http} or {@code https}, host and port
     * @param auth a scheme that needs no requests of its own
     * @return this builder
     * @throws IllegalArgumentException if it is something else
     */
    public ClientBuilder proxy(String url, Auth auth) {
        return proxies(Proxies.all(Proxy.of(url).withAuthentication(proxyAuthentication(auth))));
    }

    /**
     * Set which proxies serve which URLs. There are none unless they are set here; for
     * those of the environment give {@link Proxies#environment(java.util.Map)
     * Proxies.environment(System.getenv())}.
     * @param proxies the proxies
     * @return this builder
     */
    public ClientBuilder proxies(Proxies proxies) {
        checkNotDerived("proxies");
        this.transport = this.transport.withProxies(proxies);
        return self();
    }

    /**
     * Return what makes an authentication scheme fit for a proxy.
     * @param auth a scheme that needs no requests of its own
     * @return the scheme for {@link Proxy#withAuthentication}
     */
    public static ProxyAuthentication proxyAuthentication(Auth auth) {
        Assert.notNull(auth, "auth must not be null");
        return new ProxyCredentials(auth);
    }

    /**
     * Set what looks up host names, instead of the engine.
     * @param resolver the resolver, or {@code null} for the engine's own
     * @return this builder
     */
    public ClientBuilder resolver(@Nullable NameResolver resolver) {
        checkNotDerived("name resolver");
        this.transport = this.transport.withResolver(resolver);
        return self();
    }

    /**
     * Set the addresses of hosts, for which nothing is looked up then.
     * @param addresses host names, and the addresses to try one after the other
     * @return this builder
     */
    public ClientBuilder addresses(Map<String, List<InetAddress>> addresses) {
        checkNotDerived("addresses");
        this.transport = this.transport.withAddresses(addresses);
        return self();
    }

    /**
     * Set the local address of connections.
     * @param localAddress the address, or {@code null} for the system's choice
     * @return this builder
     */
    public ClientBuilder localAddress(@Nullable InetAddress localAddress) {
        checkNotDerived("local address");
        this.transport = this.transport.withLocalAddress(localAddress);
        return self();
    }

    /**
     * Set what this client may connect to. Everything unless this is set.
     * @param guard the guard
     * @return this builder
     */
    public ClientBuilder guard(AddressGuard guard) {
        checkNotDerived("address guard");
        this.transport = this.transport.withGuard(guard);
        return self();
    }

    /**
     * Set what gives the transports, instead of the engines on the class path. It is
     * given the settings for engines, and is to honour them.
     * @param transports gives a transport for the name of this client
     * @return this builder
     */
    public ClientBuilder transports(Transports transports) {
        checkNotDerived("transports");
        Assert.notNull(transports, "transports must not be null");
        this.transports = transports;
        return self();
    }

    /**
     * Set the transport of blocking calls. It was made without this builder's settings,
     * so that those for engines are refused beside it: set them where it is made, or give
     * {@link #transports}.
     * @param transport the transport; the client closes it
     * @return this builder
     * @see Transport#check
     */
    public ClientBuilder transport(Transport transport) {
        Assert.notNull(transport, "transport must not be null");
        Transports others = this.transports;
        return transports(new FixedTransports(others, transport, null));
    }

    /**
     * Set the transport of reactive calls, as {@link #transport(Transport)}.
     * @param transport the transport; the client closes it
     * @return this builder
     * @see ReactiveTransport#check
     */
    public ClientBuilder reactiveTransport(ReactiveTransport transport) {
        Assert.notNull(transport, "transport must not be null");
        Transports others = this.transports;
        return transports(new FixedTransports(others, null, transport));
    }

    /**
     * Serve some URLs of blocking calls by another transport (HTTPX's mounts). The most
     * specific pattern that fits decides, anew for each redirect. This builder's settings
     * for engines are for the client's own transport only.
     * @param pattern scheme, host and port as in {@link Mounts}, for example
     * {@code all://*.example.com}
     * @param transport the transport, which the client closes, or {@code null} for the
     * client's own
     * @return this builder
     * @throws IllegalArgumentException if the pattern is not one
     */
    public ClientBuilder mount(String pattern, @Nullable Transport transport) {
        checkNotDerived("transports");
        this.mounts.put(pattern, transport);
        Mounts.of(this.mounts);
        return self();
    }

    /**
     * Serve some URLs of reactive calls by another transport, as
     * {@link #mount(String, Transport)}.
     * @param pattern scheme, host and port as in {@link Mounts}
     * @param transport the transport, which the client closes, or {@code null} for the
     * client's own
     * @return this builder
     * @throws IllegalArgumentException if the pattern is not one
     */
    public ClientBuilder mountReactive(String pattern, @Nullable ReactiveTransport transport) {
        checkNotDerived("transports");
        this.reactiveMounts.put(pattern, transport);
        Mounts.of(this.reactiveMounts);
        return self();
    }

}
