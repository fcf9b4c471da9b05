package dev.outbound.client.faults;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.springframework.http.HttpMethod;

import dev.outbound.client.Hook;
import dev.outbound.client.Sending;
import dev.outbound.client.guard.CircuitBreakerSettings;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.CircuitOpenException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.HedgePolicy;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.faults.Cell.next;
import static dev.outbound.client.faults.Cell.respond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Section G: retries, what servers say about them, and their budget. Waits are on virtual
 * time.
 */
@Rows
class RetryFaultTests {

    private final TestClock clock = new TestClock();

    /** Busy some times, then served, on one connection. */
    private static Script busy(int times, int status, String... lines) {
        AtomicInteger count = new AtomicInteger();
        return (connection) -> connection.forEachRequest((request) -> {
            if (count.incrementAndGet() <= times) {
                connection.respond(status, "busy", lines);
            }
            else {
                connection.respond(200, "next");
            }
        });
    }

    private LaneClient client(Cell cell, RawServer server, RetryPolicy policy) {
        return cell.client(server, (builder) -> builder.clock(this.clock).retry(policy));
    }

    private static RetryPolicy exact(int retries) {
        return RetryPolicy.builder().maxRetries(retries).delay(Duration.ofMillis(200)).noJitter().build();
    }

    @Row(id = "G1", when = "503 twice, then 200", then = "The 200, after 3 requests, with waits up to 200 and 400 ms")
    void busyTwice(Cell cell) {
        RawServer server = cell.server(busy(2, 503));
        Response response = client(cell, server, RetryPolicy.defaults()).get("/");
        assertThat(response.text()).isEqualTo("next");
        assertThat(response.context().attempt()).isEqualTo(3);
        assertThat(server.requests()).hasSize(3);
        assertThat(server.connections()).isEqualTo(1);
        List<Duration> waits = this.clock.waits();
        assertThat(waits).hasSizeLessThanOrEqualTo(2)
            .allSatisfy((wait) -> assertThat(wait).isLessThanOrEqualTo(Duration.ofMillis(400)));
    }

    @Row(id = "G2", when = "503 and 429 to POST", then = "Delivered after one request; with an Idempotency-Key retried")
    void busyForPost(Cell cell) {
        for (int status : new int[] { 503, 429 }) {
            RawServer server = cell.server(busy(1, status));
            LaneClient client = client(cell, server, exact(2));
            assertThat(client.post("/", (spec) -> spec.text("x")).statusCode()).isEqualTo(status);
            assertThat(server.requests()).hasSize(1);
            RawServer keyed = cell.server(busy(1, status));
            assertThat(client(cell, keyed, exact(2)).post("/", (spec) -> spec.header("Idempotency-Key", "k").text("x"))
                .text()).isEqualTo("next");
            assertThat(keyed.requests()).hasSize(2);
        }
    }

    private void waits(Cell cell, Duration expected, String... lines) {
        int before = this.clock.waits().size();
        RawServer server = cell.server(busy(1, 503, lines));
        assertThat(client(cell, server, exact(1)).get("/").text()).isEqualTo("next");
        List<Duration> waits = this.clock.waits();
        assertThat(waits.subList(before, waits.size())).as(String.join(", ", lines)).containsExactly(expected);
    }

    @Row(id = "G3", when = "Retry-After: 2", then = "Waits for 2 s")
    void retryAfterSeconds(Cell cell) {
        waits(cell, Duration.ofSeconds(2), "Retry-After: 2");
    }

    @Row(id = "G4", when = "Retry-After: a date, in the future and in the past",
            then = "Waits as long as it is behind the response's Date, at least the usual time")
    void retryAfterDate(Cell cell) {
        waits(cell, Duration.ofSeconds(2), "Date: Sun, 06 Nov 1994 08:49:35 GMT",
                "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT");
        waits(cell, Duration.ofMillis(200), "Date: Sun, 06 Nov 1994 08:49:39 GMT",
                "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT");
    }

    @Row(id = "G5", when = "Retry-After: garbage, -5, 1.5, empty", then = "The usual wait")
    void retryAfterGarbage(Cell cell) {
        for (String value : new String[] { "soon", "-5", "1.5", "", "0x5" }) {
            waits(cell, Duration.ofMillis(200), "Retry-After: " + value);
        }
    }

    @Row(id = "G6", also = "S76", when = "Retry-After: 99999999999999999999",
            then = "Delivered at once: never a shorter wait")
    void retryAfterTooLong(Cell cell) {
        RawServer server = cell.server(busy(1, 503, "Retry-After: 99999999999999999999"));
        assertThat(client(cell, server, exact(1)).get("/").statusCode()).isEqualTo(503);
        assertThat(this.clock.waits()).isEmpty();
        assertThat(server.requests()).hasSize(1);
    }

    @Row(id = "G7", when = "Retry-After: 20 with 10 s left", then = "Delivered at once, not after the deadline")
    void retryAfterDeadline(Cell cell) {
        RawServer server = cell.server(busy(1, 503, "Retry-After: 20"));
        Response response = client(cell, server, exact(1)).get("/", (spec) -> spec.total(Duration.ofSeconds(10)));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(this.clock.waits()).isEmpty();
        assertThat(server.requests()).hasSize(1);
    }

    @Row(id = "G8", when = "500 calls while everything fails, 2 retries each",
            then = "At most 10 % more requests than calls, and one a second")
    void outage(Cell cell) {
        RawServer server = cell.server(respond(503, "down"));
        LaneClient client = cell.client(server,
                (builder) -> builder.clock(this.clock)
                    .retry(RetryPolicy.fixed(2, Duration.ZERO))
                    .retryBudget(RetryBudget.defaults()));
        for (int i = 0; i < 500; i++) {
            assertThat(client.get("/").statusCode()).isEqualTo(503);
            this.clock.advance(Duration.ofMillis(10));
        }
        // The budget starts with what it may save for 10 seconds.
        assertThat(server.requests().size()).isBetween(500 + 40, 500 + 50 + 5 + 20);
    }

    @Row(id = "G9", when = "300 calls fail at once", then = "At most a fifth of the retries in a tenth of the time")
    void spreading(Cell cell) {
        RawServer server = cell.server((connection) -> {
            boolean[] second = new boolean[1];
            connection.forEachRequest((request) -> {
                connection.respond(second[0] ? 200 : 503, "");
                second[0] = !second[0];
            });
        });
        LaneClient client = cell.client(server,
                (builder) -> builder.clock(this.clock).retry(RetryPolicy.defaults()).retryBudget(null));
        for (int i = 0; i < 300; i++) {
            assertThat(client.get("/").statusCode()).isEqualTo(200);
        }
        List<Duration> waits = this.clock.waits();
        assertThat(waits).hasSizeGreaterThan(250);
        Duration tenth = Duration.ofMillis(20);
        for (Duration from : waits) {
            assertThat(waits).filteredOn((wait) -> wait.compareTo(from) >= 0 && wait.compareTo(from.plus(tenth)) < 0)
                .hasSizeLessThanOrEqualTo(60);
        }
    }

    @Row(id = "G10", when = "The body of a call that fails can be sent once, and the name of the reason is asked for",
            then = "The failure says that the body cannot be sent again")
    void reasonForNoRetry(Cell cell) {
        RawServer closed = RawServer.start(next());
        closed.close();
        LaneClient client = cell
            .client((builder) -> builder.baseUrl(closed.url()).retry(RetryPolicy.fixed(1, Duration.ZERO)));
        ConnectionFailedException failure = cell.fails(ConnectionFailedException.class, Phase.CONNECT, () -> client
            .post("/", (spec) -> spec.body(RequestBody.stream(new ByteArrayInputStream(new byte[1]), 1))));
        assertThat(failure.getMessage()).contains("not retried: ").contains("body");
    }

    @Row(id = "G11", when = "The first attempt runs out of time, the second is served",
            then = "Success; the first connection is closed")
    void secondAttemptServed(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.hold();
        }, next());
        LaneClient client = cell.client(server, (builder) -> builder.timeouts(Cell.LIMITS.withRead(Cell.SHORT))
            .retry(RetryPolicy.fixed(1, Duration.ZERO)));
        Response response = client.get("/");
        assertThat(response.text()).isEqualTo("next");
        assertThat(response.context().attempt()).isEqualTo(2);
        server.awaitOpen(1);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Row(id = "G12", when = "The wait before a retry is longer than the time left", then = "Fails before it waits")
    void waitBeyondDeadline(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.hold();
        }, next());
        LaneClient client = cell.client(server, (builder) -> builder.timeouts(Cell.LIMITS.withRead(Cell.SHORT))
            .retry(RetryPolicy.fixed(1, Duration.ofSeconds(5))));
        ReadTimeoutException failure = cell.timesOut(ReadTimeoutException.class, Phase.HEAD,
                () -> client.get("/", (spec) -> spec.total(Duration.ofSeconds(4))));
        assertThat(failure.getMessage()).contains("not retried: ");
        assertThat(server.requests()).hasSize(1);
    }

    @Row(id = "G13", when = "A call is cancelled while it waits for its retry",
            then = "It ends at once; nothing more is sent")
    void cancelledWhileWaiting(Cell cell) {
        RawServer server = cell.server(busy(1, 503));
        LaneClient client = cell.client(server,
                (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ofSeconds(10))));
        Running call = Running.get(client, "/");
        Cell.await(() -> server.requests().size() == 1, () -> "no request came");
        // It has begun to wait soon, which nothing shows from outside.
        assertThat(new CompletableFuture<Void>()).failsWithin(Duration.ofMillis(50));
        call.cancel();
        call.assertCancelled();
        assertThat(server.requests()).hasSize(1);
        cell.reused(server, client);
    }

    @Row(id = "G14", when = "The condition of a retry policy throws",
            then = "The call fails with that, and its connection is given back")
    void conditionThrows(Cell cell) {
        IllegalStateException mine = new IllegalStateException("mine");
        RawServer server = cell.server(busy(1, 503));
        LaneClient client = client(cell, server, RetryPolicy.builder().maxRetries(1).retryOn((attempt) -> {
            throw mine;
        }).build());
        Throwable thrown = catchThrowable(() -> client.get("/"));
        assertThat(thrown).isSameAs(mine);
        assertThat(client.get("/", (spec) -> spec.retry(RetryPolicy.none())).text()).isEqualTo("next");
    }

    @Row(id = "G15", when = "A 200 whose body cannot be converted", then = "Not retried")
    void unconvertible(Cell cell) {
        RawServer server = cell.server(respond(200, "{"));
        LaneClient client = client(cell, server, exact(2));
        cell.fails(ConversionException.class, Phase.BODY, () -> client.request(HttpMethod.GET, "/", (spec) -> {
        }).json(Map.class));
        assertThat(server.requests()).hasSize(1);
    }

    @Row(id = "G16", when = "A layer above repeats the calls of a client and of its copies, while everything fails",
            then = "One retry budget for all of them")
    void layers(Cell cell) {
        RawServer server = cell.server(respond(503, "down"));
        LaneClient client = cell.client(server,
                (builder) -> builder.clock(this.clock)
                    .retry(RetryPolicy.fixed(2, Duration.ZERO))
                    .retryBudget(new RetryBudget(0, 0)));
        LaneClient copy = client.with((builder) -> builder.header("X-Role", "admin"));
        int calls = 0;
        for (int call = 0; call < 10; call++) {
            for (int again = 0; again < 3; again++) {
                assertThat(((call % 2 == 0) ? client : copy).get("/").statusCode()).isEqualTo(503);
                calls++;
            }
        }
        // Those that a budget begins with.
        assertThat(server.requests()).hasSize(calls + 10);
    }

    @Row(id = "G17", when = "1,000 calls while the circuit breaker is open; 20 at once when its time is over",
            then = "CircuitOpenException in less than a millisecond, without a connection; then as many as are to try")
    void openCircuit(Cell cell) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        AtomicBoolean down = new AtomicBoolean(true);
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            if (!down.get()) {
                answer.get(10, TimeUnit.SECONDS);
            }
            connection.respond(down.get() ? 503 : 200, "next");
        }));
        LaneClient client = cell.client(server,
                (builder) -> builder.clock(this.clock)
                    .maxConnections(20)
                    .circuitBreaker(CircuitBreakerSettings.defaults().withWindow(10, 10).withTrialCalls(3)));
        for (int i = 0; i < 10; i++) {
            assertThat(client.get("/").statusCode()).isEqualTo(503);
        }
        server.awaitOpen(1);
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            long start = System.nanoTime();
            Throwable thrown = catchThrowable(() -> client.get("/"));
            times.add(Duration.ofNanos(System.nanoTime() - start));
            assertThat(thrown).isInstanceOf(CircuitOpenException.class);
        }
        Collections.sort(times);
        // Some may meet the garbage collector, or another process.
        assertThat(times.get(500)).isLessThan(Duration.ofMillis(1));
        assertThat(server.requests()).hasSize(10);
        assertThat(server.connections()).isEqualTo(1);
        this.clock.advance(Duration.ofSeconds(31));
        down.set(false);
        List<Running> calls = Stream.generate(() -> Running.get(client, "/")).limit(20).toList();
        Cell.await(() -> calls.stream().filter(Running::isFailed).count() == 17, () -> "not all are refused");
        Cell.await(() -> server.requests().size() == 13, () -> "requests: " + server.requests().size());
        answer.complete(null);
        calls.stream()
            .filter((call) -> !call.isFailed())
            .forEach((call) -> assertThat(call.response().text()).isEqualTo("next"));
        assertThat(calls.stream().filter(Running::isFailed).map(Running::failure))
            .allSatisfy((failure) -> assertThat(failure).isInstanceOf(CircuitOpenException.class));
        assertThat(client.get("/").text()).isEqualTo("next");
        assertThat(server.requests()).hasSize(14);
    }

    @Row(id = "G18", when = "Hedge: the second answer arrives first; both arrive at once",
            then = "One answer, told once; the loser's connection is closed, the winner's used again")
    void hedge(Cell cell) {
        RawServer slow = cell.server((connection) -> {
            connection.readRequest();
            connection.hold();
        }, next());
        LaneClient client = cell.client(slow,
                (builder) -> builder.maxConnections(2).hedging(HedgePolicy.after(Cell.SHORT)));
        Response response = client.get("/");
        assertThat(response.text()).isEqualTo("next");
        assertThat(response.context().attempt()).isEqualTo(1);
        assertThat(slow.requests()).hasSize(2);
        slow.awaitOpen(1);
        cell.reused(slow, client);

        CyclicBarrier both = new CyclicBarrier(2);
        AtomicInteger told = new AtomicInteger();
        RawServer even = cell.server((connection) -> connection.forEachRequest((request) -> {
            both.await(15, TimeUnit.SECONDS);
            connection.respond(200, "next");
        }));
        LaneClient racing = cell.client(even,
                (builder) -> builder.maxConnections(2)
                    .hedging(HedgePolicy.after(Duration.ofMillis(5)))
                    .hook(new Hook() {

                        @Override
                        public void onAttempt(Sending sending) {
                            told.incrementAndGet();
                        }

                    }));
        for (int i = 1; i <= 8; i++) {
            assertThat(racing.get("/").text()).isEqualTo("next");
            assertThat(told).hasValue(i);
        }
        assertThat(even.requests()).hasSize(16);
    }

}
