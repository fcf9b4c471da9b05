package dev.outbound.boot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import dev.outbound.client.Client;
import dev.outbound.client.Outbound;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.mock.Fault;
import dev.outbound.mock.Lookup;
import dev.outbound.mock.MockOutbound;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.Reply;
import dev.outbound.mock.RequestPattern;
import dev.outbound.mock.Route;
import dev.outbound.mock.RouteGroup;
import dev.outbound.mock.WebFluxUpstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The Java of {@code docs/testing.md}: what stands there must stand, and pass, here. */
class GuideTests {

    private static final Path GUIDE = Path.of("../../docs/testing.md");

    private static final Path HERE = Path.of("src/test/java/dev/outbound/boot/test/GuideTests.java");

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
        assertThat(blocks).hasSizeGreaterThan(5).allSatisfy((block) -> assertThat(tested).contains(folded(block)));
    }

    // @formatter:off
    @Test
    void plainJUnit() {
        MockRouter router = MockRouter.create("https://api.test");
        Route user = router.get("/users/{id}").reply((r) -> r.json(Map.of("name", "Ada")));
        Client client = router.client();

        assertThat(client.get("/users/1").json().get("name").asString()).isEqualTo("Ada");

        assertThat(user).isCalledOnce();
        router.verify();
    }

    @Test
    void patterns() {
        MockRouter router = MockRouter.create("https://api.test");
        router.get("/search").param("q", Lookup.startingWith("a")).header("X-Tenant", "blue");
        router.post("/charges").json("$.items[0].amount", 42);
        router.post("/charges").jsonContaining(Map.of("currency", "EUR"));
        router.post("/upload").file("report", "r.csv", "a,b");
        router.route(RequestPattern.path(Lookup.matching("^/v\\d+/"))
            .and(RequestPattern.header("Authorization").not()));
        RouteGroup admin = router.group("/admin").where(RequestPattern.header("X-Role", "admin"));
        admin.delete("/users/{id}").reply(204);
        assertThat(router.routes()).hasSize(6);
    }

    @Test
    void replies() {
        MockRouter router = MockRouter.create("https://api.test");
        router.get("/a").reply(503).times(2).then((r) -> r.json("{\"ok\": true}"));
        router.get("/users/{id}").answer((request) -> Reply.ok().json(Map.of("id", request.variable("id"))));
        router.get("/slow").reply((r) -> r.delayHead(Duration.ofSeconds(6)));
        router.get("/broken").reply((r) -> r.text("0123456789").fault(Fault.resetAfter(4)));
        router.any("/greet").handledBy(WebFluxUpstream.of(Greetings.ROUTES));
        assertThat(router.client().get("/greet").text()).isEqualTo("hello");
    }

    @Test
    void time() {
        MockRouter router = MockRouter.create("https://api.test");
        router.get("/a").reply((r) -> r.status(503).header("Retry-After", "20")).then(200);
        router.get("/slow").reply((r) -> r.delayHead(Duration.ofSeconds(6)));
        Client client = router.client((builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ofMillis(200))));

        client.get("/a");

        assertThat(router).attempts(2).waited(Duration.ofSeconds(20));
        assertThatExceptionOfType(ReadTimeoutException.class)
            .isThrownBy(() -> client.get("/slow", (spec) -> spec.total(null)));
    }

    @Nested
    @MockOutbound(baseUrl = "https://api.test")
    class RatesTests {

        @Test
        void readsTheRate(MockRouter router) {
            router.get("/rates/EUR").reply((r) -> r.json("{\"rate\": 1.1}"));
            assertThat(Outbound.get("https://api.test/rates/EUR").json().get("rate").asDouble()).isEqualTo(1.1);
        }

    }

    @Nested
    @ClientTest(Shop.Checkout.class)
    class CheckoutTests {

        @MockUpstream("pay-ments")
        MockRouter payments;

        @Autowired
        Shop.Checkout checkout;

        @Test
        void sendsTheToken() {
            payments.post("/charges").json("$.amount", 42).reply((r) -> r.status(201).text("c1"));

            assertThat(checkout.pay(42)).isEqualTo("c1");

            assertThat(payments).attempts(1)
                .call(0).hasHeader("Authorization", "Bearer t0ken").isAnsweredWith(201);
        }

    }

    @Nested
    @ClientTest(Shop.Checkout.class)
    class EffectsTests {

        @Autowired
        Shop.Checkout checkout;

        @Test
        void tokenStaysSecret(@MockUpstream("pay-ments") MockRouter payments,
                @MockUpstream("pay-ments") ClientEffects effects) {
            payments.post("/charges").reply((r) -> r.status(201).text("c1"));

            checkout.pay(42);

            assertThat(effects).isMeasured(1, "status", "201").hasHealth("UP").doesNotShow("t0ken");
        }

    }
    // @formatter:on

    private static final class Greetings {

        static final RouterFunction<?> ROUTES = RouterFunctions.route()
            .GET("/greet", (request) -> ServerResponse.ok().bodyValue("hello"))
            .build();

    }

}
