package dev.outbound.client;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/** Transports that were given one by one; the rest comes from others. */
record FixedTransports(Transports others, @Nullable Transport blocking,
        @Nullable ReactiveTransport reactive) implements Transports {

    @Override
    public void checkBlocking(TransportSettings settings) {
        if (this.blocking == null) {
            this.others.checkBlocking(settings);
        }
        else {
            this.blocking.check(settings);
        }
    }

    @Override
    public void checkReactive(TransportSettings settings) {
        if (this.reactive == null) {
            this.others.checkReactive(settings);
        }
        else {
            this.reactive.check(settings);
        }
    }

    @Override
    public boolean isMock() {
        return (this.blocking == null || this.reactive == null) && this.others.isMock();
    }

    @Override
    public Transport blocking(TransportSettings settings) {
        return (this.blocking != null) ? this.blocking : this.others.blocking(settings);
    }

    @Override
    public ReactiveTransport reactive(TransportSettings settings) {
        return (this.reactive != null) ? this.reactive : this.others.reactive(settings);
    }

}
