package dev.outbound.mock;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.RequestSpec;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.Multipart;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.Http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class MockRouterTests {

    private final MockRouter router = MockRouter.create("https://api.test/v1");

    private LaneClient client(Lane lane) {
        return client(lane, (builder) -> {
        });
    }

    private LaneClient client(Lane lane, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            builder.baseUrl("https://api.test/v1");
            settings.accept(this.router.bind(builder));
        });
    }

    @Nested
    class Matching {

        @ParameterizedTest
        @EnumSource
        void templateGivesVariablesToTheReply(Lane lane) {
            Route user = MockRouterTests.this.router.get("/users/{id}")
                .answer((request) -> Reply.ok().json(Map.of("id", request.variable("id"))));
            assertThat(client(lane).get("/users/a%20b").json().get("id").asString()).isEqualTo("a b");
            assertThat(user).isCalledOnce();
        }

        @Test
        void templateTakesOneSegment() {
            Route user = MockRouterTests.this.router.get("/users/{id}");
            assertThatExceptionOfType(UnmatchedRequestError.class)
                .isThrownBy(() -> MockRouterTests.this.router.client().get("/users/1/orders"));
            assertThat(user).isNotCalled();
        }

        @ParameterizedTest
        @EnumSource
        void segmentMayContainASlash(Lane lane) {
            MockRouterTests.this.router.get("/files/{file_name}/{v-1}.{v-2}")
                .answer((request) -> Reply.ok().text(new TreeMap<>(request.variables()).toString()));
            try (LaneClient client = client(lane)) {
                assertThat(client.get("/files/{name}/1.2", "a/b %2F ü?").text())
                    .isEqualTo("{file_name=a/b %2F ü?, v-1=1, v-2=2}");
            }
            assertThat(MockRouterTests.this.router.call(0).request().path()).isEqualTo("/files/a/b %2F ü?/1.2");
        }

        @ParameterizedTest
        @EnumSource
        void routesWithTheSameUrlDifferByTheirConditions(Lane lane) {
            MockRouterTests.this.router.post("/charges").json("$.items[0].amount", 42).reply(201);
            MockRouterTests.this.router.post("/charges").jsonContaining("{\"items\": []}").reply(422);
            MockRouterTests.this.router.post("/charges").formField("amount", "7").reply(202);
            MockRouterTests.this.router.post("/charges").file("receipt", "r.txt", "paid").reply(203);
            MockRouterTests.this.router.post("/charges").header("X-Dry", "1").cookie("s", "2").reply(204);
            MockRouterTests.this.router.post("/charges").text(Lookup.startingWith("raw")).reply(205);
            LaneClient client = client(lane);
            assertThat(post(client, (spec) -> spec.json(Map.of("items", List.of(Map.of("amount", 42))))))
                .isEqualTo(201);
            assertThat(post(client, (spec) -> spec.json(Map.of("items", List.of(), "more", 1)))).isEqualTo(422);
            assertThat(post(client, (spec) -> spec.form(Map.of("amount", 7)))).isEqualTo(202);
            assertThat(post(client,
                    (spec) -> spec.body(
                            new Multipart().file("receipt", "r.txt", "paid".getBytes(StandardCharsets.UTF_8)).build())))
                .isEqualTo(203);
            assertThat(post(client, (spec) -> spec.header("X-Dry", "1").cookie("s", "2"))).isEqualTo(204);
            assertThat(post(client, (spec) -> spec.text("raw text"))).isEqualTo(205);
            assertThat(MockRouterTests.this.router).isVerified();
        }

        private static int post(LaneClient client, Consumer<RequestSpec> spec) {
            return client.post("/charges", spec).statusCode();
        }

        @Test
        void queryInTheUrlIsAllOfItUnlessMoreIsAskedFor() {
            MockRouter router = MockRouterTests.this.router;
            router.get("/a?x=1").reply(201);
            router.get("/a?x=1").param("y", Lookup.matching("^\\d$")).reply(202);
            assertThat(router.client().get("/a?x=1").statusCode()).isEqualTo(201);
            assertThat(router.client().get("/a?y=2&x=1").statusCode()).isEqualTo(202);
            assertThatExceptionOfType(UnmatchedRequestError.class).isThrownBy(() -> router.client().get("/a?x=1&z=3"));
        }

        @Test
        void baseUrlEndsAtASegment() {
            MockRouter router = MockRouter.create("https://api.test/v1");
            router.any("").optional();
            assertThatExceptionOfType(UnmatchedRequestError.class)
                .isThrownBy(() -> MockRouter.create("https://api.test/v1").client().get("/a"));
            assertThatExceptionOfType(UnmatchedRequestError.class)
                .isThrownBy(() -> router.client((builder) -> builder.baseUrl("https://api.test/v12")).get("/a"));
        }

        @Test
        void routeWithItsOwnHostIsOutsideOfTheBase() {
            MockRouter router = MockRouterTests.this.router;
            router.get("https://other.test/x").reply(203);
            assertThat(router.client((builder) -> builder.allowAbsoluteUrls(true))
                .get("https://other.test/x")
                .statusCode()).isEqualTo(203);
        }

        @Test
        void groupHasPathAndConditionInCommon() {
            MockRouter router = MockRouterTests.this.router;
            RouteGroup tenant = router.group("/t/{tenant}").where(RequestPattern.header("X-Role", "admin"));
            tenant.group("users").get("{id}").answer((request) -> Reply.ok().json(request.variables()));
            Response response = router.client().get("/t/a/users/1", (spec) -> spec.header("X-Role", "admin"));
            assertThat(response.text()).contains("\"tenant\":\"a\"").contains("\"id\":\"1\"");
            assertThatExceptionOfType(UnmatchedRequestError.class)
                .isThrownBy(() -> router.client().get("/t/a/users/1"));
        }

        @Test
        void firstRouteThatMatchesAnswersAndMayDecline() {
            MockRouter router = MockRouterTests.this.router;
            Route declining = router.get("/a").answer((request) -> null);
            Route second = router.any("/a").reply(202);
            assertThat(router.client().get("/a").statusCode()).isEqualTo(202);
            assertThat(declining).isNotCalled();
            assertThat(second).isCalledOnce();
        }

        @Test
        void conditionsThatNoRequestCanMeetAreRefused() {
            Route route = MockRouterTests.this.router.get("/a");
            assertThatIllegalArgumentException().isThrownBy(() -> route.where(RequestPattern.method(HttpMethod.POST)))
                .withMessage("Route GET /a where method POST can never match: its method is to be both GET and POST. "
                        + "Keep one of them, or register two routes");
            assertThat(route).hasToString("GET /a");
        }

    }

    @Nested
    class Replying {

        @ParameterizedTest
        @EnumSource
        void severalRepliesAnswerOnceEach(Lane lane) {
            MockRouter router = MockRouterTests.this.router;
            router.get("/a").reply(503).times(2).then((r) -> r.status(201).text("done"));
            LaneClient client = client(lane,
                    (builder) -> builder.total(null).retry(RetryPolicy.fixed(3, Duration.ofSeconds(30))));
            assertThat(client.get("/a").text()).isEqualTo("done");
            assertThat(router).attempts(3)
                .waited(Duration.ofMinutes(1))
                .waits(Duration.ofSeconds(30), Duration.ofSeconds(30))
                .isVerified();
            assertThatExceptionOfType(UnmatchedRequestError.class).isThrownBy(() -> router.client().get("/a"))
                .withMessageContaining("#1 GET /a: matches, but is used up after 3 calls");
        }

        @Test
        void lastReplyMayAnswerForEver() {
            MockRouter router = MockRouterTests.this.router;
            Route route = router.get("/a").reply(201).then(202).forever();
            IntStream.range(0, 4).forEach((i) -> router.client().get("/a"));
            assertThat(route.calls()).extracting(MockCall::status).containsExactly(201, 202, 202, 202);
            assertThatIllegalStateException().isThrownBy(() -> route.then(203))
                .withMessageContaining("answers for ever");
        }

        @ParameterizedTest
        @EnumSource
        void responseComesAsAServerWouldSendIt(Lane lane) {
            MockRouter router = MockRouterTests.this.router;
            router.get("/a")
                .reply((r) -> r.json(Map.of("a", 1))
                    .header("X-A", "1")
                    .header("X-A", "2")
                    .gzip()
                    .cookie(SetCookie.of("s", "t").path("/")));
            Response response = client(lane).get("/a");
            assertThat(response.json().get("a").asInt()).isEqualTo(1);
            assertThat(response.headers().get("X-A")).containsExactly("1", "2");
            assertThat(response.headers().getFirst("Content-Type")).isEqualTo("application/json");
            assertThat(response.cookies().get("s")).hasValue("t");
            assertThat(response.headers().getContentLength()).isPositive();
        }

        @ParameterizedTest
        @EnumSource
        void clientsPolicyIsReal(Lane lane) {
            MockRouter router = MockRouterTests.this.router;
            router.get("/old").reply((r) -> r.status(302).header("Location", "/v1/new"));
            Route target = router.get("/new").reply((r) -> r.text("here"));
            LaneClient client = client(lane, (builder) -> builder.auth(Auth.basic("u", "p"))
                .redirects(RedirectPolicy.of(RedirectMode.SAME_ORIGIN, 5)));
            assertThat(client.get("/old").text()).isEqualTo("here");
            assertThat(target).lastCall()
                .hasHeader("Authorization", "Basic dTpw")
                .header("Authorization")
                .isRedactedInLogs();
        }

        @Test
        void exhaustedRouteLetsTheNextOneAnswer() {
            MockRouter router = MockRouterTests.this.router;
            router.get("/a").reply(503).times(1);
            router.any("/a").reply(200);
            assertThat(router.client().get("/a").statusCode()).isEqualTo(503);
            assertThat(router.client().get("/a").statusCode()).isEqualTo(200);
            assertThat(router).isVerified();
        }

    }

    @Nested
    class Registering {

        @Test
        void equalPatternIsTheSameRouteWithNewReplies() {
            MockRouter router = MockRouterTests.this.router;
            Route first = router.get("/a").reply(201);
            router.client().get("/a");
            Route second = router.get("/a").reply(202);
            assertThat(router.client().get("/a").statusCode()).isEqualTo(202);
            assertThat(first).isEqualTo(second).isCalledTimes(2);
            assertThat(router.routes()).hasSize(1);
        }

        @Test
        void nameIsKeptAndFindsTheRoute() {
            MockRouter router = MockRouterTests.this.router;
            router.get("/a").named("one").reply(404);
            router.named("one").reply(200);
            assertThat(router.client().get("/a").statusCode()).isEqualTo(200);
            assertThatIllegalArgumentException().isThrownBy(() -> router.named("two"))
                .withMessage("There is no route named 'two', but [one]");
            router.remove("one");
            assertThat(router.routes()).isEmpty();
        }

        @Test
        void snapshotBringsRoutesRepliesAndCallsBack() {
            MockRouter router = MockRouterTests.this.router;
            Route route = router.get("/a").reply(201).then(202);
            router.client().get("/a");
            MockRouter.Snapshot snapshot = router.snapshot();
            assertThat(router.client().get("/a").statusCode()).isEqualTo(202);
            router.get("/b");
            route.reply(500);
            router.restore(snapshot);
            assertThat(router.routes()).containsExactly(route);
            assertThat(route).isCalledOnce();
            assertThat(router.client().get("/a").statusCode()).isEqualTo(202);
            router.restore(snapshot);
            assertThat(router.client().get("/a").statusCode()).isEqualTo(202);
        }

        @Test
        void orderOfCallsIsAsserted() {
            MockRouter router = MockRouterTests.this.router;
            Route a = router.get("/a");
            Route b = router.get("/b");
            router.client().get("/a");
            router.client().get("/b");
            router.client().get("/a");
            assertThat(router).isCalledInOrder(a, b, a).isCalledInOrder(b, a);
            assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(router).isCalledInOrder(b, b))
                .withMessageContaining("there was none of #2 (GET /b) after those before it")
                .withMessageContaining("GET https://api.test/v1/b -> status 200");
        }

    }

    @Test
    void manyThreadsAreCountedAndEachReplyIsGivenOnce() throws Exception {
        Route route = this.router.get("/a").reply(201).times(500).then(202).times(500);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> calls = IntStream.range(0, 1000)
                .<Callable<Integer>>mapToObj((i) -> () -> this.router.client().get("/a").statusCode())
                .toList();
            int created = 0;
            for (Future<Integer> call : threads.invokeAll(calls)) {
                created += (call.get() == 201) ? 1 : 0;
            }
            assertThat(created).isEqualTo(500);
        }
        finally {
            threads.shutdown();
        }
        assertThat(route).isCalledTimes(1000);
        assertThat(this.router).isVerified();
    }

    @ParameterizedTest
    @EnumSource
    void settingsOfTheEngineThatTheMockStandsForAreAccepted(Lane lane) {
        this.router.get("/a").reply(200);
        Consumer<ClientBuilder> settings = (builder) -> builder.baseUrl("https://api.test/v1")
            .maxConnections(3)
            .engine(Engine.JDK)
            .http2(Http2.NEGOTIATED)
            .timeout(Duration.ofSeconds(1));
        try (LaneClient client = lane.client((builder) -> settings.accept(this.router.bind(builder)));
                LaneClient given = lane.client((builder) -> settings.accept(builder.transport(this.router.transport())
                    .reactiveTransport(this.router.reactiveTransport())))) {
            assertThat(client.get("/a").statusCode()).isEqualTo(200);
            assertThat(given.get("/a").statusCode()).isEqualTo(200);
        }
    }

}
