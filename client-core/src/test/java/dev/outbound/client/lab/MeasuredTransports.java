package dev.outbound.client.lab;

import java.util.function.Consumer;

import dev.outbound.client.Engines;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * Gives the engines that settings name, and keeps an eye on them.
 *
 * @param figures takes those of each
 */
record MeasuredTransports(Consumer<EngineFigures> figures) implements Transports {

    @Override
    public void checkBlocking(TransportSettings settings) {
        Engines.transports().checkBlocking(settings);
    }

    @Override
    public void checkReactive(TransportSettings settings) {
        Engines.transports().checkReactive(settings);
    }

    @Override
    public Transport blocking(TransportSettings settings) {
        CountingTransport counting = new CountingTransport(Engines.transports().blocking(settings));
        this.figures.accept(EngineFigures.of(counting.pool(), counting::open));
        return counting;
    }

    @Override
    public ReactiveTransport reactive(TransportSettings settings) {
        CountingReactiveTransport counting = new CountingReactiveTransport(Engines.transports().reactive(settings));
        this.figures.accept(EngineFigures.of(counting.pool(), counting::open));
        return counting;
    }

}
