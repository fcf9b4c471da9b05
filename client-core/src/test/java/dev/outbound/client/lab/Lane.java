package dev.outbound.client.lab;

import java.time.Duration;
import java.util.function.Consumer;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;

/**
 * One of the two ways to call: a test that takes a lane runs on both.
 */
public enum Lane {

    BLOCKING, REACTIVE;

    static final Duration PATIENCE = Duration.ofSeconds(20);

    /**
     * Build a client of this lane.
     * @param settings configures it
     * @return the client; close it
     */
    public LaneClient client(Consumer<ClientBuilder> settings) {
        ClientBuilder builder = Client.builder();
        settings.accept(builder);
        return (this == BLOCKING) ? new LaneClient.Blocking(builder.build())
                : new LaneClient.Reactive(builder.buildReactive());
    }

    /**
     * Build a client of this lane that talks to an upstream in memory, on virtual time.
     * @param upstream the upstream
     * @param clock the time
     * @param settings configures it further
     * @return the client
     */
    public LaneClient client(FakeUpstream upstream, TestClock clock, Consumer<ClientBuilder> settings) {
        return client((builder) -> {
            builder.transport(upstream.transport()).reactiveTransport(upstream.reactiveTransport()).clock(clock);
            settings.accept(builder);
        });
    }

}
