package dev.outbound.mock;

import java.util.IdentityHashMap;
import java.util.Map;

import dev.outbound.client.Engines;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * The engines on which a router passes requests through, as each of its clients would
 * have them: with its TLS, proxies, limits. Made when they are needed: a test may run
 * without any in its class path. Thread-safe.
 */
final class RealEngines {

    private Transports transports = Engines.transports();

    /** By identity: settings that mean the same may belong to different clients. */
    private final Map<TransportSettings, Transport> blocking = new IdentityHashMap<>();

    private final Map<TransportSettings, ReactiveTransport> reactive = new IdentityHashMap<>();

    /** Take other ones from now on. */
    synchronized void use(Transports transports) {
        close();
        this.transports = transports;
    }

    synchronized Transport blocking(TransportSettings settings) {
        return this.blocking.computeIfAbsent(settings, this.transports::blocking);
    }

    synchronized ReactiveTransport reactive(TransportSettings settings) {
        return this.reactive.computeIfAbsent(settings, this.transports::reactive);
    }

    /** Release the connections; all can be used again. */
    synchronized void close() {
        this.blocking.values().forEach(Transport::close);
        this.blocking.clear();
        this.reactive.values().forEach(ReactiveTransport::close);
        this.reactive.clear();
    }

}
