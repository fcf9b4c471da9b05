package dev.outbound.client.lab;

import java.util.Locale;
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
     * Return the lane of the same kind on its default engine.
     * @return the lane, maybe this one
     */
    public EngineLane standard() {
        return isBlocking() ? HTTP_COMPONENTS : REACTOR;
    }

    /**
     * Build a client of this lane.
     * @param settings configures it
     * @return the client; close it
     */
    public LaneClient client(Consumer<ClientBuilder> settings) {
        return this.kind.client((builder) -> settings.accept(builder.engine(this.engine)));
    }

    /**
     * Build a client of this lane.
     * @param settings configures it
     * @param figures takes what each of its engines has in use
     * @return the client; close it
     */
    public LaneClient client(Consumer<ClientBuilder> settings, Consumer<EngineFigures> figures) {
        return client((builder) -> settings.accept(builder.transports(new MeasuredTransports(figures))));
    }

    @Override
    public String toString() {
        return this.kind.name().toLowerCase(Locale.ROOT) + " " + this.engine;
    }

}
