package dev.outbound.client.guide;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the chapters share: a real server. {@code API} is its address, and reads
 * {@code https://api.example.com} on the page.
 */
@Timeout(30)
@SuppressWarnings("NullAway.Init")
abstract class AbstractGuideTests {

    static ExampleApi server;

    static String API;

    @BeforeAll
    static void start() {
        server = new ExampleApi();
        API = server.url();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void forget() {
        server.requests();
    }

    /** The only request since the last question. */
    static String asked() {
        List<String> requests = server.requests();
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }

    static <T> T get(Mono<T> mono) {
        T value = mono.block(Duration.ofSeconds(10));
        assertThat(value).isNotNull();
        return value;
    }

    static void assertValue(JsonNode json) {
        assertThat(json).hasToString("{\"key\":\"value\"}");
    }

}
