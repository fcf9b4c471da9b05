package dev.outbound.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import feign.Feign;
import feign.Headers;
import feign.Request;
import feign.RequestLine;
import feign.RetryableException;
import feign.auth.BasicAuthRequestInterceptor;
import feign.hc5.ApacheHttp5Client;
import feign.jackson3.Jackson3Decoder;
import feign.micrometer.MicrometerObservationCapability;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.feign.FeignDecorators;
import io.github.resilience4j.feign.Resilience4jFeign;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

/**
 * OpenFeign on HttpClient 5, with Resilience4j and Micrometer.
 */
final class FeignContender implements Contender {

    private final CloseableHttpClient engine;

    private final Items items;

    private FeignContender(CloseableHttpClient engine, Items items) {
        this.engine = engine;
        this.items = items;
    }

    static FeignContender complete(String url) {
        CloseableHttpClient engine = HttpComponentsContender.client();
        Retry retry = Retry.of("shop",
                RetryConfig.custom()
                    .maxAttempts(3)
                    .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(200), 2))
                    .retryExceptions(RetryableException.class)
                    .build());
        Feign.Builder builder = Feign.builder()
            .addCapability(Resilience4jFeign.capability(FeignDecorators.builder()
                .withCircuitBreaker(CircuitBreaker.ofDefaults("shop"))
                .withRetry(retry)
                .build()))
            .client(new ApacheHttp5Client(engine))
            .decoder(new Jackson3Decoder())
            .requestInterceptor(new BasicAuthRequestInterceptor("user", "password"))
            .options(new Request.Options(5, TimeUnit.SECONDS, 30, TimeUnit.SECONDS, false))
            .addCapability(new MicrometerObservationCapability(Observations.asInBoot()));
        return new FeignContender(engine, builder.target(Items.class, url));
    }

    @Override
    public Item call() {
        return this.items.item();
    }

    @Override
    public void close() throws IOException {
        this.engine.close();
    }

    /** As users declare it. */
    interface Items {

        @RequestLine("GET /json")
        @Headers("Accept: application/json")
        Item item();

    }

}
