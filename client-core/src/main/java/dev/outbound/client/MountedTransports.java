package dev.outbound.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import dev.outbound.client.http.Request;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Mounts;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * Transports for some URLs, before those that serve all others. A request is given to its
 * transport by its own URL: each redirect anew.
 */
record MountedTransports(Transports others, Map<String, @Nullable Transport> blocking,
        Map<String, @Nullable ReactiveTransport> reactive) implements Transports {

    MountedTransports {
        blocking = new LinkedHashMap<>(blocking);
        reactive = new LinkedHashMap<>(reactive);
    }

    @Override
    public void checkBlocking(TransportSettings settings) {
        this.others.checkBlocking(settings);
    }

    @Override
    public void checkReactive(TransportSettings settings) {
        this.others.checkReactive(settings);
    }

    @Override
    public boolean isMock() {
        return this.others.isMock();
    }

    @Override
    public Transport blocking(TransportSettings settings) {
        Transport own = this.others.blocking(settings);
        return this.blocking.isEmpty() ? own : new MountedTransport(own, this.blocking);
    }

    @Override
    public ReactiveTransport reactive(TransportSettings settings) {
        ReactiveTransport own = this.others.reactive(settings);
        return this.reactive.isEmpty() ? own : new MountedReactiveTransport(own, this.reactive);
    }

    private record MountedTransport(Transport own, Map<String, @Nullable Transport> mounted,
            Mounts<Transport> mounts) implements Transport {

        MountedTransport(Transport own, Map<String, @Nullable Transport> mounted) {
            this(own, mounted, Mounts.of(mounted));
        }

        @Override
        public TransportResponse send(Request request, Cancellation cancellation) {
            return this.mounts.choose(request.url(), this.own).send(request, cancellation);
        }

        @Override
        public @Nullable PoolStatistics pool() {
            return this.own.pool();
        }

        /** The client's own: who mounts a transport has configured it. */
        @Override
        public void reload(TlsSettings tls) {
            this.own.reload(tls);
        }

        @Override
        public void evictIdle() {
            this.own.evictIdle();
        }

        @Override
        public void close() {
            this.own.close();
            this.mounted.values().stream().filter(Objects::nonNull).distinct().forEach(Transport::close);
        }

    }

    private record MountedReactiveTransport(ReactiveTransport own, Map<String, @Nullable ReactiveTransport> mounted,
            Mounts<ReactiveTransport> mounts) implements ReactiveTransport {

        MountedReactiveTransport(ReactiveTransport own, Map<String, @Nullable ReactiveTransport> mounted) {
            this(own, mounted, Mounts.of(mounted));
        }

        @Override
        public Mono<ReactiveTransportResponse> send(Request request, Cancellation cancellation) {
            return this.mounts.choose(request.url(), this.own).send(request, cancellation);
        }

        @Override
        public @Nullable PoolStatistics pool() {
            return this.own.pool();
        }

        /** The client's own: who mounts a transport has configured it. */
        @Override
        public void reload(TlsSettings tls) {
            this.own.reload(tls);
        }

        @Override
        public void evictIdle() {
            this.own.evictIdle();
        }

        @Override
        public void close() {
            this.own.close();
            this.mounted.values().stream().filter(Objects::nonNull).distinct().forEach(ReactiveTransport::close);
        }

    }

}
