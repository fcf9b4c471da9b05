package dev.outbound.client.faults;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.lab.CountingReactiveTransport;
import dev.outbound.client.lab.CountingTransport;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;
import dev.outbound.client.transport.httpcomponents.HttpComponentsTransport;
import dev.outbound.client.transport.reactor.ReactorTransport;

/**
 * A way to call and the engine below it.
 */
enum EngineLane {

    HTTP_COMPONENTS("blocking http-components", Lane.BLOCKING), REACTOR("reactive reactor", Lane.REACTIVE);

    private final String title;

    private final Lane kind;

    EngineLane(String title, Lane kind) {
        this.title = title;
        this.kind = kind;
    }

    boolean isBlocking() {
        return this.kind == Lane.BLOCKING;
    }

    /**
     * Build a client of this lane.
     * @param settings configures it
     * @param engines takes the figures of its engine
     */
    LaneClient client(Consumer<ClientBuilder> settings, List<Figures> engines) {
        return this.kind.client((builder) -> settings.accept(builder.transports(new Measured(engines))));
    }

    @Override
    public String toString() {
        return this.title;
    }

    /**
     * What an engine has in use.
     *
     * @param leased connections
     * @param pending calls that wait for one
     * @param open responses that nobody has ended
     */
    record Figures(IntSupplier leased, IntSupplier pending, IntSupplier open) {

        boolean areZero() {
            return this.leased.getAsInt() == 0 && this.pending.getAsInt() == 0 && this.open.getAsInt() == 0;
        }

        @Override
        public String toString() {
            return this.leased.getAsInt() + " connections leased, " + this.pending.getAsInt() + " calls pending, "
                    + this.open.getAsInt() + " responses open";
        }

    }

    /** Gives the lane's engine, and keeps an eye on it. */
    private static final class Measured implements Transports {

        private final List<Figures> engines;

        Measured(List<Figures> engines) {
            this.engines = engines;
        }

        @Override
        public Transport blocking(TransportSettings settings) {
            HttpComponentsTransport engine = HttpComponentsTransport.of(settings);
            CountingTransport counting = new CountingTransport(engine);
            this.engines.add(new Figures(engine::leased, engine::pending, counting::open));
            return counting;
        }

        @Override
        public ReactiveTransport reactive(TransportSettings settings) {
            ReactorTransport engine = ReactorTransport.of(settings);
            CountingReactiveTransport counting = new CountingReactiveTransport(engine);
            this.engines.add(new Figures(engine::acquired, engine::pending, counting::open));
            return counting;
        }

    }

}
