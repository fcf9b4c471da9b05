package dev.outbound.benchmarks;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.retry.Retry;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/**
 * Spring's WebClient on Reactor Netty. The complete one has Reactor Netty's time limit
 * for a response in the place of a deadline, which is cheaper than {@code timeout()}.
 */
final class WebClientContender implements Contender.Reactive {

    private final ConnectionProvider connections;

    private final WebClient client;

    private final @Nullable Retry retry;

    private WebClientContender(ConnectionProvider connections, WebClient client, @Nullable Retry retry) {
        this.connections = connections;
        this.client = client;
        this.retry = retry;
    }

    static WebClientContender bare(String url) {
        ConnectionProvider connections = ReactorNettyContender.connections();
        return new WebClientContender(connections,
                WebClient.builder()
                    .clientConnector(new ReactorClientHttpConnector(HttpClient.create(connections)))
                    .baseUrl(url)
                    .build(),
                null);
    }

    static WebClientContender complete(String url) {
        ConnectionProvider connections = ReactorNettyContender.connections();
        HttpClient engine = HttpClient.create(connections).responseTimeout(Duration.ofSeconds(30));
        WebClient client = WebClient.builder()
            .clientConnector(new ReactorClientHttpConnector(engine))
            .baseUrl(url)
            .defaultHeader("Accept", "application/json")
            .defaultHeaders((headers) -> headers.setBasicAuth("user", "password"))
            .observationRegistry(Observations.asInBoot())
            .build();
        return new WebClientContender(connections, client,
                Retry.backoff(2, Duration.ofMillis(200)).filter(WebClientContender::isWorthRetrying));
    }

    private static boolean isWorthRetrying(Throwable ex) {
        return ex instanceof WebClientRequestException
                || (ex instanceof WebClientResponseException response && response.getStatusCode().is5xxServerError());
    }

    @Override
    public Mono<Item> send() {
        Mono<Item> item = this.client.get().uri("/json").retrieve().bodyToMono(Item.class);
        return (this.retry != null) ? item.retryWhen(this.retry) : item;
    }

    @Override
    public void close() {
        this.connections.dispose();
    }

}
