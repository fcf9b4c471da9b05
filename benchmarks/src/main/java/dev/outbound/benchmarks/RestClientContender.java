package dev.outbound.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * Spring's RestClient on HttpClient 5. The complete one has a time limit of the read in
 * the place of a deadline, which it has not.
 */
final class RestClientContender implements Contender {

    private final CloseableHttpClient engine;

    private final RestClient client;

    private final @Nullable RetryTemplate retry;

    private RestClientContender(CloseableHttpClient engine, RestClient client, @Nullable RetryTemplate retry) {
        this.engine = engine;
        this.client = client;
        this.retry = retry;
    }

    static RestClientContender bare(String url) {
        CloseableHttpClient engine = HttpComponentsContender.client();
        return new RestClientContender(engine,
                RestClient.builder()
                    .requestFactory(new HttpComponentsClientHttpRequestFactory(engine))
                    .baseUrl(url)
                    .build(),
                null);
    }

    static RestClientContender complete(String url) {
        CloseableHttpClient engine = HttpComponentsContender.client();
        HttpComponentsClientHttpRequestFactory factory = new HttpComponentsClientHttpRequestFactory(engine);
        factory.setReadTimeout(Duration.ofSeconds(30));
        RestClient client = RestClient.builder()
            .requestFactory(factory)
            .baseUrl(url)
            .defaultHeader("Accept", "application/json")
            .defaultHeaders((headers) -> headers.setBasicAuth("user", "password"))
            .observationRegistry(Observations.asInBoot())
            .build();
        RetryPolicy policy = RetryPolicy.builder()
            .maxRetries(2)
            .delay(Duration.ofMillis(200))
            .multiplier(2)
            .includes(ResourceAccessException.class, HttpServerErrorException.class)
            .build();
        return new RestClientContender(engine, client, new RetryTemplate(policy));
    }

    @Override
    public Item call() throws RetryException {
        return (this.retry != null) ? Objects.requireNonNull(this.retry.execute(this::fetch)) : fetch();
    }

    private Item fetch() {
        return Objects.requireNonNull(this.client.get().uri("/json").retrieve().body(Item.class));
    }

    @Override
    public void close() throws IOException {
        this.engine.close();
    }

}
