package dev.outbound.client.lab;

import java.util.function.Consumer;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.Engines;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;
import dev.outbound.client.transport.jdk.JdkReactiveTransport;
import dev.outbound.client.transport.jdk.JdkTransport;

/**
 * A way to call and the engine below it: a test on sockets that takes one runs on all.
 */
public enum EngineLane {

    HTTP_COMPONENTS(Lane.BLOCKING, Engines.transports()),

    REACTOR(Lane.REACTIVE, Engines.transports()),

    JDK_BLOCKING(Lane.BLOCKING, new Jdk()),

    JDK_REACTIVE(Lane.REACTIVE, new Jdk());

    private final Lane kind;

    private final Transports engine;

    EngineLane(Lane kind, Transports engine) {
        this.kind = kind;
        this.engine = engine;
    }

    public Lane kind() {
        return this.kind;
    }

    public boolean isBlocking() {
        return this.kind == Lane.BLOCKING;
    }

    public boolean isJdk() {
        return this == JDK_BLOCKING || this == JDK_REACTIVE;
    }

    public Transports transports() {
        return this.engine;
    }

    /**
     * Build a client of this lane.
     * @param settings configures it
     * @return the client; close it
     */
    public LaneClient client(Consumer<ClientBuilder> settings) {
        return this.kind.client((builder) -> settings.accept(builder.transports(this.engine)));
    }

    private static final class Jdk implements Transports {

        @Override
        public Transport blocking(TransportSettings settings) {
            return JdkTransport.of(settings);
        }

        @Override
        public ReactiveTransport reactive(TransportSettings settings) {
            return JdkReactiveTransport.of(settings);
        }

    }

}
