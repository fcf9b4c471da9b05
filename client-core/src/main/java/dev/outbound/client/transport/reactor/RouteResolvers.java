package dev.outbound.client.transport.reactor;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpResources;
import reactor.netty.transport.AddressUtils;

import dev.outbound.client.transport.Lookup;
import dev.outbound.client.transport.Route;

/**
 * Says what to connect to for an origin: the addresses of the host that may be connected
 * to, or those of its proxy. Each connection is made to what this gives, so that nothing
 * is looked up a second time behind it.
 */
final class RouteResolvers extends AddressResolverGroup<InetSocketAddress> {

    private final boolean asksEngine;

    private final Map<SocketAddress, Route> routes = new ConcurrentHashMap<>();

    RouteResolvers(boolean asksEngine) {
        this.asksEngine = asksEngine;
    }

    void add(SocketAddress origin, Route route) {
        this.routes.put(origin, route);
    }

    void remove(SocketAddress origin) {
        this.routes.remove(origin);
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Resolver(executor);
    }

    private static List<InetSocketAddress> withPort(List<InetAddress> addresses, Route route) {
        return addresses.stream().map((address) -> new InetSocketAddress(address, route.port())).toList();
    }

    private final class Resolver extends AbstractAddressResolver<InetSocketAddress> {

        Resolver(EventExecutor executor) {
            super(executor, InetSocketAddress.class);
        }

        /** Addresses are to be judged, too. */
        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
            return false;
        }

        @Override
        protected void doResolve(InetSocketAddress origin, Promise<InetSocketAddress> promise) {
            Promise<List<InetSocketAddress>> all = executor().newPromise();
            all.addListener((Future<List<InetSocketAddress>> future) -> {
                if (future.isSuccess()) {
                    promise.trySuccess(future.getNow().get(0));
                }
                else {
                    promise.tryFailure(future.cause());
                }
            });
            doResolveAll(origin, all);
        }

        @Override
        protected void doResolveAll(InetSocketAddress origin, Promise<List<InetSocketAddress>> promise) {
            try {
                Route route = RouteResolvers.this.routes.get(origin);
                if (route == null) {
                    throw new IllegalStateException("There is no route to " + origin);
                }
                List<InetAddress> known = route.knownAddresses();
                if (known != null) {
                    promise.trySuccess(withPort(known, route));
                }
                else if (RouteResolvers.this.asksEngine) {
                    askEngine(route, promise);
                }
                else {
                    Lookup.begin(route, (host) -> List.of())
                        .whenComplete((addresses, ex) -> complete(route, addresses, ex, promise));
                }
            }
            catch (RuntimeException ex) {
                promise.tryFailure(ex);
            }
        }

        private void askEngine(Route route, Promise<List<InetSocketAddress>> promise) {
            InetSocketAddress hop = AddressUtils.createUnresolved(route.host(), route.port());
            AddressResolver<SocketAddress> engine = engine();
            engine.resolveAll(hop).addListener((Future<List<SocketAddress>> future) -> {
                try {
                    complete(route, future.isSuccess() ? addresses(future.getNow()) : null, future.cause(), promise);
                }
                catch (RuntimeException ex) {
                    promise.tryFailure(ex);
                }
            });
        }

        @SuppressWarnings("unchecked")
        private AddressResolver<SocketAddress> engine() {
            return (AddressResolver<SocketAddress>) HttpResources.get()
                .getOrCreateDefaultResolver()
                .getResolver(executor());
        }

        private static List<InetAddress> addresses(List<SocketAddress> found) {
            return found.stream().map((address) -> ((InetSocketAddress) address).getAddress()).toList();
        }

        private static void complete(Route route, @Nullable List<InetAddress> addresses, @Nullable Throwable failure,
                Promise<List<InetSocketAddress>> promise) {
            if (addresses == null || failure != null) {
                promise.tryFailure((failure != null) ? failure : new IllegalStateException("There is no address"));
                return;
            }
            try {
                promise.trySuccess(withPort(route.allowed(addresses), route));
            }
            catch (RuntimeException ex) {
                promise.tryFailure(ex);
            }
        }

    }

}
