package dev.outbound.boot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.mock.Cassette;
import dev.outbound.mock.Fault;
import dev.outbound.mock.Lookup;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.MockScope;
import dev.outbound.mock.Reply;
import dev.outbound.mock.RequestPattern;
import dev.outbound.mock.Route;
import dev.outbound.mock.WebFluxUpstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a mock can do, whatever face of the client calls it. */
enum MockFeature {

    ROUTE_WITH_HEADERS {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().get("/a").header("X-None", "1").reply(500).optional();
            cell.router().get("/a").header("Authorization", "Bearer t0ken").reply((r) -> r.text("authorized"));
            assertThat(cell.get()).isEqualTo("authorized");
        }

    },

    TEMPLATE {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().get("/{name}").answer((request) -> Reply.ok().text(request.variable("name")));
            assertThat(cell.get()).isEqualTo("a");
        }

    },

    LOOKUPS {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().any("").where(RequestPattern.path(Lookup.matching("^/[ab]$"))).reply((r) -> r.text("found"));
            assertThat(cell.get()).isEqualTo("found");
        }

    },

    BODY_BY_PATH {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().post("/a").json("$.amount", 41).reply(500).optional();
            cell.router().post("/a").json("$.amount", 42).reply((r) -> r.text("paid"));
            assertThat(cell.post(Map.of("amount", 42, "currency", "EUR"))).isEqualTo("paid");
            assertThat(cell.router()).call(0).hasJson("$.currency", "EUR");
        }

    },

    BODY_PARTIAL_AND_WHOLE {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().post("/a").json("{\"a\": 1}").reply((r) -> r.text("whole"));
            cell.router().post("/a").jsonContaining("{\"a\": 1}").reply((r) -> r.text("partial"));
            assertThat(cell.post(Map.of("a", 1))).isEqualTo("whole");
            assertThat(cell.post(Map.of("a", 1, "b", 2))).isEqualTo("partial");
        }

    },

    SEQUENCE {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router()
                .get("/a")
                .reply((r) -> r.text("one"))
                .then((r) -> r.text("two"))
                .then((r) -> r.text("more"))
                .times(2);
            assertThat(cell.get() + cell.get() + cell.get() + cell.get()).isEqualTo("onetwomoremore");
        }

    },

    EXCEPTION {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().get("/a").reply(Reply.failure((request) -> new IllegalStateException("on " + request)));
            assertThat(cell.failure()).hasStackTraceContaining("on GET https://pay.test/v1/a");
        }

    },

    PASS_THROUGH {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            MockRouter real = MockRouter.create();
            real.get("https://pay.test/v1/a").reply((r) -> r.text("real"));
            cell.router().passThroughTo(real.transports()).get("/a").passThrough();
            assertThat(cell.get()).isEqualTo("real");
            assertThat(cell.router().call(0).isPassedOn()).isTrue();
            assertThat(real).attempts(1).call(0).hasHeader("Authorization", "Bearer t0ken");
        }

    },

    IN_PROCESS {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router()
                .any("")
                .handledBy(WebFluxUpstream.of(RouterFunctions.route()
                    .GET("/v1/a", (request) -> ServerResponse.ok().bodyValue("in process"))
                    .build()));
            assertThat(cell.get()).isEqualTo("in process");
        }

    },

    COMPRESSED {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().get("/a").reply((r) -> r.text("packed").gzip());
            assertThat(cell.get()).isEqualTo("packed");
        }

    },

    UNMATCHED {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            assertThat(cell.failure())
                .hasStackTraceContaining("No route of mock pay-ments (https://pay.test/v1/) matches");
            assertThatExceptionOfType(AssertionError.class).isThrownBy(cell.router()::verify)
                .withMessageContaining("GET https://pay.test/v1/a")
                .withMessageContaining("router.get(\"/a\")");
            cell.router().reset();
        }

    },

    UNCALLED {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().get("/a").reply((r) -> r.text("called"));
            cell.router().get("/never").named("never");
            assertThat(cell.get()).isEqualTo("called");
            assertThatExceptionOfType(AssertionError.class).isThrownBy(cell.router()::verify)
                .withMessageContaining("#2 'never' (GET /never)");
            cell.router().remove("never");
        }

    },

    USED_UP {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().get("/a").reply((r) -> r.text("once")).times(1).optional();
            assertThat(cell.get()).isEqualTo("once");
            assertThat(cell.failure()).hasStackTraceContaining("#1 GET /a: matches, but is used up after 1 call");
            cell.router().reset();
        }

    },

    OTHERWISE {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().otherwise(Reply.ok().text("anything")).allowUncalled().get("/never");
            assertThat(cell.get()).isEqualTo("anything");
        }

    },

    HISTORY {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            Route get = cell.router().get("/a").reply((r) -> r.text("got"));
            Route post = cell.router().post("/a").reply((r) -> r.status(201).text("made"));
            cell.post(Map.of("n", 1));
            cell.get();
            assertThat(cell.router()).attempts(2).isCalledInOrder(post, get).call(0).isAnsweredWith(201);
            assertThat(post).isCalledOnce().lastCall().hasJson(Map.of("n", 1));
        }

    },

    SNAPSHOT {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().get("/a").reply((r) -> r.text("before"));
            MockRouter.Snapshot snapshot = cell.router().snapshot();
            cell.router().get("/a").reply((r) -> r.text("after"));
            assertThat(cell.get()).isEqualTo("after");
            cell.router().restore(snapshot);
            assertThat(cell.get()).isEqualTo("before");
            assertThat(cell.router()).attempts(1);
        }

    },

    RETRY_AFTER_ON_VIRTUAL_TIME {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router()
                .get("/a")
                .reply((r) -> r.status(503).header("Retry-After", "17"))
                .then((r) -> r.text("later"));
            assertThat(cell.get()).isEqualTo("later");
            assertThat(cell.router()).attempts(2).waits(Duration.ofSeconds(17));
        }

    },

    DELAYS_ON_VIRTUAL_TIME {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router()
                .get("/a")
                .reply((r) -> r.text("late").delayConnect(Duration.ofSeconds(4)).delayHead(Duration.ofSeconds(4)));
            long start = System.nanoTime();
            assertThat(cell.get()).isEqualTo("late");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            assertThat(cell.router()).waited(Duration.ZERO);
        }

    },

    TIMEOUT {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().get("/a").reply((r) -> r.delayHead(Duration.ofSeconds(6)));
            assertThat(cell.failure()).hasStackTraceContaining(ReadTimeoutException.class.getName());
        }

    },

    DEADLINE {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router()
                .get("/a")
                .reply((r) -> r.status(503)
                    .delayConnect(Duration.ofSeconds(4))
                    .delayTls(Duration.ofSeconds(4))
                    .delayHead(Duration.ofSeconds(4)));
            assertThat(cell.failure()).hasStackTraceContaining(TotalTimeoutException.class.getName());
            assertThat(cell.router()).attempts(2);
        }

    },

    FAULT_BEFORE_THE_HEAD {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().get("/a").reply(Fault.refused());
            assertThat(cell.failure()).hasStackTraceContaining(ConnectionFailedException.class.getName());
            assertThat(cell.router()).attempts(3).waits(Duration.ofSeconds(10), Duration.ofSeconds(10));
        }

    },

    FAULT_IN_THE_BODY {

        @Override
        void test(FaceMatrixTests.Cell cell) {
            cell.router().get("/a").reply((r) -> r.text("0123456789").fault(Fault.truncateAfter(4)));
            assertThat(cell.failure()).hasStackTraceContaining("TruncatedBodyException");
        }

    },

    CASSETTE {

        @Override
        void test(FaceMatrixTests.Cell cell) throws IOException {
            Path folder = Files.createTempDirectory("cassettes");
            Path file = folder.resolve("a.json");
            MockRouter real = MockRouter.create();
            real.get("https://pay.test/v1/a").reply((r) -> r.text("recorded"));
            cell.router().passThroughTo(real.transports());
            Cassette recording = Cassette.record(file, cell.router());
            assertThat(cell.get()).isEqualTo("recorded");
            recording.close();
            cell.router().clear();
            cell.router().reset();
            Cassette.insert(file, cell.router()).close();
            assertThat(cell.get()).isEqualTo("recorded");
            assertThat(real).attempts(1);
            Files.delete(file);
            Files.delete(folder);
        }

    },

    PARALLEL_ISOLATION {

        @Override
        void test(FaceMatrixTests.Cell cell) throws Exception {
            cell.router().get("/a").reply((r) -> r.text("this test"));
            CyclicBarrier meeting = new CyclicBarrier(2);
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> {
                    try (MockScope scope = MockScope.open("another", false,
                            (name) -> MockRouter.named(name, "https://pay.test/v1"))) {
                        scope.router("pay-ments").get("/a").reply((r) -> r.text("another test"));
                        meet(meeting);
                        String text = cell.get();
                        meet(meeting);
                        return text;
                    }
                }, thread);
                meet(meeting);
                assertThat(cell.get()).isEqualTo("this test");
                meet(meeting);
                assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("another test");
            }
            finally {
                thread.shutdown();
            }
            assertThat(cell.router()).attempts(1);
        }

    };

    private static void meet(CyclicBarrier meeting) {
        try {
            meeting.await(20, TimeUnit.SECONDS);
        }
        catch (Exception ex) {
            throw new IllegalStateException(ex);
        }
    }

    abstract void test(FaceMatrixTests.Cell cell) throws Exception;

}
