package dev.outbound.boot.test;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Supplier;

import io.netty.resolver.AddressResolverGroup;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.HttpResources;
import reactor.netty.http.client.HttpClientConfig;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.TransportConfig;

/**
 * The pool that Reactor Netty's clients share which have none of their own, such as
 * {@code WebClient.create()}: before one of them gets a connection, {@link NetworkGuard}
 * is asked.
 */
final class ReactorNettyGuard implements ConnectionProvider {

    /** What Reactor Netty makes by default. */
    private static final int MOST_CONNECTIONS = 500;

    private static @Nullable HttpResources installed;

    private final ConnectionProvider pool = ConnectionProvider.create("http", MOST_CONNECTIONS);

    private ReactorNettyGuard() {
    }

    /** Again when it is gone: an application that ends disposes of the pool. */
    static synchronized void install() {
        HttpResources before = installed;
        if (before == null || before.isDisposed() || HttpResources.get() != before) {
            installed = HttpResources.set(new ReactorNettyGuard());
        }
    }

    @Override
    public Mono<? extends Connection> acquire(TransportConfig config, ConnectionObserver observer,
            @Nullable Supplier<? extends SocketAddress> remote, @Nullable AddressResolverGroup<?> resolvers) {
        try {
            if (remote != null && remote.get() instanceof InetSocketAddress address) {
                boolean secure = config instanceof HttpClientConfig http && http.isSecure();
                int port = address.getPort();
                NetworkGuard.check(secure ? "https" : "http", address.getHostString(),
                        (port == (secure ? 443 : 80)) ? -1 : port);
            }
        }
        catch (IllegalStateException ex) {
            return Mono.error(ex);
        }
        return this.pool.acquire(config, observer, remote, resolvers);
    }

    @Override
    public void disposeWhen(SocketAddress address) {
        this.pool.disposeWhen(address);
    }

    @Override
    public void dispose() {
        this.pool.dispose();
    }

    @Override
    public Mono<Void> disposeLater() {
        return this.pool.disposeLater();
    }

    @Override
    public boolean isDisposed() {
        return this.pool.isDisposed();
    }

    @Override
    public int maxConnections() {
        return this.pool.maxConnections();
    }

    @Override
    public @Nullable Map<SocketAddress, Integer> maxConnectionsPerHost() {
        return this.pool.maxConnectionsPerHost();
    }

    @Override
    public @Nullable Builder mutate() {
        return this.pool.mutate();
    }

    @Override
    public @Nullable String name() {
        return this.pool.name();
    }

}
