package dev.outbound.benchmarks;

import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * Reactor Netty alone, as it comes, but for as many connections as calls.
 */
final class ReactorNettyContender implements Contender.Reactive {

    private final ConnectionProvider connections = connections();

    private final HttpClient client = HttpClient.create(this.connections);

    private final String url;

    private ReactorNettyContender(String url) {
        this.url = url;
    }

    static ReactorNettyContender open(String url) {
        return new ReactorNettyContender(url + "/json");
    }

    /** A pool that does not limit the benchmarks. */
    static ConnectionProvider connections() {
        return ConnectionProvider.create("benchmarks", 100);
    }

    @Override
    public Mono<Item> send() {
        return this.client.get().uri(this.url).responseSingle((response, body) -> body.asByteArray()).map(Json::read);
    }

    @Override
    public void close() {
        this.connections.dispose();
    }

}
