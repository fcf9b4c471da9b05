package dev.outbound.benchmarks;

import java.time.Duration;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.Hook;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.QueryParams;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Engine;

/**
 * The blocking client.
 */
final class OutboundContender implements Contender {

    private static final int CONNECTIONS = 100;

    private final Client client;

    private OutboundContender(Client client) {
        this.client = client;
    }

    static OutboundContender bare(String url, Engine engine) {
        return new OutboundContender(builder(url, engine, Engine.REACTOR).build());
    }

    static OutboundContender unobserved(String url, Engine engine) {
        return new OutboundContender(everythingOn(builder(url, engine, Engine.REACTOR)).build());
    }

    static OutboundContender complete(String url, Engine engine) {
        return new OutboundContender(
                everythingOn(builder(url, engine, Engine.REACTOR)).observations(Observations.asInBoot()).build());
    }

    /**
     * A complete client with so many tenths of 50 further default headers, 20 parameters
     * and 5 hooks.
     */
    static OutboundContender deep(String url, int tenths) {
        ClientBuilder builder = everythingOn(builder(url, Engine.HTTP_COMPONENTS, Engine.REACTOR))
            .observations(Observations.asInBoot());
        for (int i = 0; i < 5 * tenths; i++) {
            builder.header("X-Header-" + i, "value " + i);
        }
        QueryParams params = QueryParams.empty();
        for (int i = 0; i < 2 * tenths; i++) {
            params = params.add("parameter" + i, i);
        }
        builder.query(params);
        for (int i = 0; i < tenths / 2; i++) {
            builder.hook(Hook.onRequest((request) -> request.withHeader("X-Hook", "seen")));
        }
        return new OutboundContender(builder.build());
    }

    static ClientBuilder builder(String url, Engine blocking, Engine reactive) {
        return Client.builder().name("shop").baseUrl(url).engine(blocking, reactive).maxConnections(CONNECTIONS);
    }

    static ClientBuilder everythingOn(ClientBuilder builder) {
        return builder.header("Accept", "application/json")
            .auth(Auth.basic("user", "password"))
            .retry(RetryPolicy.defaults())
            .total(Duration.ofSeconds(30));
    }

    @Override
    public Item call() {
        return this.client.get("/json").raiseForStatus().json(Item.class);
    }

    @Override
    public void close() {
        this.client.close();
    }

}
