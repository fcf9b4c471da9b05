package dev.outbound.benchmarks;

import reactor.core.publisher.Mono;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.transport.Engine;

/**
 * The reactive client.
 */
final class OutboundReactiveContender implements Contender.Reactive {

    private final ReactiveClient client;

    private OutboundReactiveContender(ReactiveClient client) {
        this.client = client;
    }

    static OutboundReactiveContender bare(String url, Engine engine) {
        return new OutboundReactiveContender(builder(url, engine).buildReactive());
    }

    static OutboundReactiveContender unobserved(String url, Engine engine) {
        return new OutboundReactiveContender(OutboundContender.everythingOn(builder(url, engine)).buildReactive());
    }

    static OutboundReactiveContender complete(String url, Engine engine) {
        return new OutboundReactiveContender(OutboundContender.everythingOn(builder(url, engine))
            .observations(Observations.asInBoot())
            .buildReactive());
    }

    static OutboundReactiveContender withTimerAlone(String url) {
        return new OutboundReactiveContender(OutboundContender.everythingOn(builder(url, Engine.REACTOR))
            .observations(Observations.withTimerAlone())
            .buildReactive());
    }

    private static ClientBuilder builder(String url, Engine engine) {
        return OutboundContender.builder(url, Engine.HTTP_COMPONENTS, engine);
    }

    @Override
    public Mono<Item> send() {
        return this.client.get("/json").map((response) -> response.raiseForStatus().json(Item.class));
    }

    @Override
    public void close() {
        this.client.close();
    }

}
