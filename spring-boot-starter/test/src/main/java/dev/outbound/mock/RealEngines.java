package dev.outbound.mock;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.Engines;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * The engines on which a router passes requests through. Made when they are needed: a
 * test may run without any in its class path. Thread-safe.
 */
final class RealEngines {

    private final TransportSettings settings;

    private Transports transports = Engines.transports();

    private @Nullable Transport blocking;

    private @Nullable ReactiveTransport reactive;

    RealEngines(String client) {
        this.settings = TransportSettings.defaults(client);
    }

    /** Take other ones from now on. */
    synchronized void use(Transports transports) {
        close();
        this.transports = transports;
    }

    synchronized Transport blocking() {
        Transport blocking = this.blocking;
        if (blocking == null) {
            blocking = this.transports.blocking(this.settings);
            this.blocking = blocking;
        }
        return blocking;
    }

    synchronized ReactiveTransport reactive() {
        ReactiveTransport reactive = this.reactive;
        if (reactive == null) {
            reactive = this.transports.reactive(this.settings);
            this.reactive = reactive;
        }
        return reactive;
    }

    /** Release the connections; both can be used again. */
    synchronized void close() {
        if (this.blocking != null) {
            this.blocking.close();
            this.blocking = null;
        }
        if (this.reactive != null) {
            this.reactive.close();
            this.reactive = null;
        }
    }

}
