package dev.outbound.client.lab;

import java.util.function.Consumer;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.transport.Engine;

/**
 * A way to call and the engine below it: a test on sockets that takes one runs on all.
 */
public enum EngineLane {

    HTTP_COMPONENTS(Lane.BLOCKING, Engine.HTTP_COMPONENTS),

    REACTOR(Lane.REACTIVE, Engine.REACTOR),

    JDK_BLOCKING(Lane.BLOCKING, Engine.JDK),

    JDK_REACTIVE(Lane.REACTIVE, Engine.JDK);

    private final Lane kind;

    private final Engine engine;

    EngineLane(Lane kind, Engine engine) {
        this.kind = kind;
        this.engine = engine;
    }

    public boolean isBlocking() {
        return this.kind == Lane.BLOCKING;
    }

    public Engine engine() {
        return this.engine;
    }

    /**
     * Build a client of this lane.
     * @param settings configures it
     * @return the client; close it
     */
    public LaneClient client(Consumer<ClientBuilder> settings) {
        return this.kind.client((builder) -> settings.accept(builder.engine(this.engine)));
    }

}
