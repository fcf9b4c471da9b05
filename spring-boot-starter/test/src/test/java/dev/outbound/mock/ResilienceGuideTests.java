package dev.outbound.mock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.guard.BulkheadSettings;
import dev.outbound.client.guard.CircuitBreakerSettings;
import dev.outbound.client.guard.RateLimiterSettings;
import dev.outbound.client.http.CallNotPermittedException;
import dev.outbound.client.http.CircuitOpenException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.retry.HedgePolicy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Circuit breakers and rate limits on virtual time; and the Java of
 * {@code docs/resilience.md}: what stands there must stand, and pass, here.
 */
@Timeout(20)
class ResilienceGuideTests {

    private static final Path GUIDE = Path.of("../../docs/resilience.md");

    private static final Path HERE = Path.of("src/test/java/dev/outbound/mock/ResilienceGuideTests.java");

    private static String folded(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @Test
    void everyBlockOfTheGuideIsTested() throws IOException {
        String tested = folded(Files.readString(HERE));
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(GUIDE))
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
        assertThat(blocks).hasSize(4).allSatisfy((block) -> assertThat(tested).contains(folded(block)));
    }

    // @formatter:off
    @Test
    void settings() {
        Client client = Client.builder()
            .circuitBreaker(CircuitBreakerSettings.defaults().withFailureRate(30).withOpenTime(ofSeconds(10)))
            .rateLimiter(RateLimiterSettings.of(50, ofSeconds(1)).withMaxWait(ofSeconds(2)))
            .bulkhead(BulkheadSettings.of(25))
            .build();
        assertThat(client.settings().guard().circuitBreaker()).isNotNull();
        client.close();
    }

    @Test
    void hedging() {
        Client client = Client.builder()
            .baseUrl("https://search.example.com")
            .hedging(HedgePolicy.afterPercentile(99).withMinDelay(ofMillis(20)))
            .build();
        assertThat(client.settings().hedging()).hasToString("percentile=99.0, min-delay=PT0.02S");
        client.close();
    }

    @Test
    void fallback() {
        MockRouter router = MockRouter.create("https://api.test");
        router.get("/rates").reply((r) -> r.text("1.1")).times(1);
        Client client = router.client((builder) -> builder.rateLimiter(RateLimiterSettings.of(1, ofSeconds(60))));
        String cached = client.get("/rates").text();
        String rates;
        try {
            rates = client.get("/rates").raiseForStatus().text();
        }
        catch (CallNotPermittedException ex) {
            rates = cached;
        }
        assertThat(rates).isEqualTo("1.1");
    }

    @Test
    void virtualTime() {
        MockRouter router = MockRouter.create("https://api.test");
        router.get("/a").reply(503).times(20).then(200);
        VirtualClock clock = VirtualClock.create();
        Client client = router.clock(clock)
            .client((builder) -> builder.circuitBreaker(CircuitBreakerSettings.defaults()));
        for (int i = 0; i < 20; i++) {
            client.get("/a");
        }

        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get("/a"));
        clock.advance(ofSeconds(31));
        assertThat(client.get("/a").statusCode()).isEqualTo(200);
    }
    // @formatter:on

    private static LaneClient client(Lane lane, MockRouter router, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> settings.accept(router.bind(builder.baseUrl("https://api.test"))));
    }

    @ParameterizedTest
    @EnumSource
    void halfAMinuteOfAnOpenCircuitTakesNoTime(Lane lane) {
        VirtualClock clock = VirtualClock.create();
        MockRouter router = MockRouter.create("https://api.test").clock(clock);
        router.get("/a").reply(503).times(10).then(200);
        long start = System.nanoTime();
        LaneClient client = client(lane, router,
                (builder) -> builder.circuitBreaker(CircuitBreakerSettings.defaults().withWindow(10, 10)));
        for (int i = 0; i < 10; i++) {
            client.get("/a");
        }
        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get("/a"))
            .satisfies((ex) -> clock.advance(ex.retryAfter()));
        assertThat(client.get("/a").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ofSeconds(5));
    }

    @ParameterizedTest
    @EnumSource
    void aRateLimitIsWaitedForOnVirtualTime(Lane lane) {
        MockRouter router = MockRouter.create("https://api.test");
        router.get("/a").reply(200);
        LaneClient client = client(lane, router,
                (builder) -> builder.rateLimiter(RateLimiterSettings.of(1, ofSeconds(4))));
        client.get("/a");
        client.get("/a");
        client.get("/a");
        assertThat(router).waits(ofSeconds(4), ofSeconds(4));
    }

    @ParameterizedTest
    @EnumSource
    void testsThatShareAClientDoNotOpenEachOthersCircuit(Lane lane) {
        try (LaneClient shared = lane.client((builder) -> builder.name("shop")
            .baseUrl("https://api.test")
            .transports(MockScope.transports())
            .clock(MockScope.clock("shop"))
            .circuitBreaker(CircuitBreakerSettings.defaults().withWindow(2, 2)))) {
            try (MockScope first = scope("first")) {
                first.router("shop").get("/a").reply(503);
                shared.get("/a");
                shared.get("/a");
                assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> shared.get("/a"));
            }
            try (MockScope second = scope("second")) {
                second.router("shop").get("/a").reply(200);
                assertThat(shared.get("/a").statusCode()).isEqualTo(200);
            }
        }
    }

    private static MockScope scope(String name) {
        return MockScope.open(name, false,
                (client) -> MockRouter.named(client, "https://api.test").clock(VirtualClock.create()));
    }

}
