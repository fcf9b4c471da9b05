package dev.outbound.client.faults;

import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Section K: cancellation, the life of clients, time.
 */
@Rows
class LifecycleFaultTests {

    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";

    /** Long enough to be in the phase, which nothing shows from outside. */
    private static void settle() {
        assertThat(new CompletableFuture<Void>()).failsWithin(Duration.ofMillis(30));
    }

    private static void cancelInEachPhase(Cell cell) {
        cancelInPool(cell);
        cancelInLookup(cell);
        cancelInConnect(cell);
        cancelInTls(cell);
        cancelInWrite(cell);
        for (String beginning : new String[] { "", "HTTP/1.1 200 OK\r\nX-", HALF }) {
            cancelInAnswer(cell, beginning);
        }
        cancelInPause(cell);
    }

    private static void cancelled(Running call) {
        settle();
        long start = System.nanoTime();
        call.cancel();
        call.assertCancelled();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    private static void cancelInPool(Cell cell) {
        CompletableFuture<Void> release = new CompletableFuture<>();
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            release.get(10, TimeUnit.SECONDS);
            connection.respond(200, "next");
        }));
        LaneClient client = cell.client(server);
        Running holder = Running.get(client, "/");
        Cell.await(() -> server.requests().size() == 1, () -> "no request came");
        cancelled(Running.get(client, "/"));
        release.complete(null);
        assertThat(holder.response().text()).isEqualTo("next");
        cell.reused(server, client);
    }

    private static void cancelInLookup(Cell cell) {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        RawServer server = cell.server(next());
        LaneClient client = cell
            .client((builder) -> builder.baseUrl("http://shop.test:" + server.port()).resolver((host) -> {
                asked.complete(null);
                over.join();
                return List.of(InetAddress.getByName("127.0.0.1"));
            }));
        Running call = Running.get(client, "/");
        asked.join();
        cancelled(call);
        over.complete(null);
        assertThat(client.get("/").text()).isEqualTo("next");
    }

    private static void cancelInConnect(Cell cell) {
        RawServer hole = cell.blackHole();
        RawServer server = cell.server(next());
        LaneClient client = cell.client((builder) -> {
        });
        cancelled(Running.get(client, hole.url("/")));
        assertThat(client.get(server.url("/")).text()).isEqualTo("next");
    }

    private static void cancelInTls(Cell cell) {
        RawServer silent = cell.server((connection) -> connection.hold());
        LaneClient client = cell.client((builder) -> builder.baseUrl("https://127.0.0.1:" + silent.port()));
        Running call = Running.get(client, "/");
        silent.awaitConnections(1);
        cancelled(call);
        silent.awaitOpen(0);
    }

    private static void cancelInWrite(Cell cell) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        RawServer server = cell.server((connection) -> {
            connection.readHead();
            over.get(10, TimeUnit.SECONDS);
        }, next());
        LaneClient client = cell.client(server);
        Running call = Running.start(client, HttpMethod.POST, "/", (spec) -> spec.bytes(new byte[32 * 1024 * 1024]));
        Cell.await(() -> server.requests().size() == 1, () -> "no request came");
        cancelled(call);
        over.complete(null);
        cell.evicted(server, client);
    }

    private static void cancelInAnswer(Cell cell, String beginning) {
        RawServer server = cell.server(Cell.answerAndHold(beginning), next());
        LaneClient client = cell.client(server);
        Running call = Running.get(client, "/");
        Cell.await(() -> server.requests().size() == 1, () -> "no request came");
        cancelled(call);
        server.awaitOpen(0);
        cell.evicted(server, client);
    }

    private static void cancelInPause(Cell cell) {
        RawServer server = cell.server((connection) -> connection
            .forEachRequest((request) -> connection.respond(request.startsWith("GET /next") ? 200 : 503, "next")));
        LaneClient client = cell.client(server,
                (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ofSeconds(10))));
        Running call = Running.get(client, "/");
        Cell.await(() -> server.requests().size() == 1, () -> "no request came");
        cancelled(call);
        assertThat(server.requests()).hasSize(1);
        cell.reused(server, client);
    }

    @Row(id = "K1",
            when = "The thread is interrupted: in the pool's queue, in lookup, connect, TLS, write, before and within the"
                    + " head, in the body, in a pause",
            then = "CancelledException, the flag is kept; connection closed, or never leased")
    void interruptInEachPhase(Cell cell) {
        if (!cell.lane().isBlocking()) {
            cell.notApplicable("no thread waits");
            return;
        }
        cancelInEachPhase(cell);
    }

    @Row(id = "K2", when = "The subscription is cancelled, in each of these phases",
            then = "Connection closed at once, or never leased")
    void cancelInEachPhaseOfAMono(Cell cell) {
        if (cell.lane().isBlocking()) {
            cell.notApplicable("there is no subscription");
            return;
        }
        cancelInEachPhase(cell);
    }

    private static ReactiveClient reactive(LaneClient client) {
        return ((LaneClient.Reactive) client).client();
    }

    @Row(id = "K3", when = "A future of the call is cancelled; a timeout operator gives it up",
            then = "Connection closed at once")
    void futureIsCancelled(Cell cell) {
        if (cell.lane().isBlocking()) {
            cell.notApplicable("there is no future");
            return;
        }
        RawServer server = cell.server(Cell.answerAndHold(HALF), Cell.answerAndHold(HALF), next());
        LaneClient client = cell.client(server);
        CompletableFuture<Response> future = reactive(client).get("/").toFuture();
        Cell.await(() -> server.requests().size() == 1, () -> "no request came");
        future.cancel(true);
        server.awaitOpen(0);
        Throwable thrown = catchThrowable(
                () -> reactive(client).get("/").timeout(Duration.ofMillis(100)).block(Cell.LONG));
        assertThat(thrown).hasCauseInstanceOf(TimeoutException.class);
        server.awaitOpen(0);
        cell.evicted(server, client);
    }

    @Row(id = "K4", when = "A call is cancelled after its end", then = "Nothing: the connection is used again")
    void cancelAfterTheEnd(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (int i = 0; i < 20; i++) {
            Running call = Running.get(client, "/");
            assertThat(call.response().text()).isEqualTo("next");
            call.cancel();
        }
        cell.reused(server, client);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Row(id = "K5", when = "500 calls are cancelled at random moments, 20 at a time", then = "Nothing is left over")
    void cancelStorm(Cell cell) {
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nne");
            connection.pause(Duration.ofMillis(1));
            connection.write("xt");
        }));
        LaneClient client = cell.client(server, (builder) -> builder.maxConnections(8));
        Random random = new Random(20261127);
        List<Running> running = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            running.add(Running.get(client, "/"));
            if (running.size() == 20) {
                running.remove(random.nextInt(20)).cancel();
            }
        }
        running.forEach(Running::cancel);
        Cell.await(() -> {
            try {
                return client.get("/").text().equals("next");
            }
            catch (CancelledException ex) {
                return false;
            }
        }, () -> "the client does not recover");
    }

    @Row(id = "K6", when = "The client is closed while calls run",
            then = "They end at once, connections are closed; a new call is an IllegalStateException")
    void closedWithCallsInFlight(Cell cell) {
        for (String beginning : new String[] { "", HALF }) {
            RawServer server = cell.server(Cell.answerAndHold(beginning));
            LaneClient client = cell.client(server, (builder) -> builder.maxConnections(5));
            List<Running> calls = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                calls.add(Running.get(client, "/"));
            }
            Cell.await(() -> server.requests().size() == 5, () -> "requests: " + server.requests().size());
            settle();
            client.close();
            calls.forEach((call) -> assertThat(call.failure()).isInstanceOfAny(CancelledException.class,
                    IllegalStateException.class));
            server.awaitOpen(0);
            Throwable thrown = catchThrowable(() -> client.get("/"));
            assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
    }

    @Row(id = "K8", when = "20 clients are made, used and closed", then = "No thread and no connection is left over")
    void manyClients(Cell cell) {
        RawServer server = cell.server(next());
        for (int i = 0; i < 20; i++) {
            LaneClient client = cell.client(server);
            assertThat(client.get("/").text()).isEqualTo("next");
            client.close();
        }
        server.awaitOpen(0);
    }

    @Row(id = "K11", when = "A limit of 24 days, of a nanosecond, of Duration.MAX, of 0, a negative one",
            then = "Kept, kept, and refused with IllegalArgumentException")
    void oddLimits(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server, (builder) -> builder
            .timeouts(Timeouts.none().withAll(Timeouts.MAX).withTls(Timeouts.MAX).withTotal(Timeouts.MAX)));
        assertThat(client.get("/").text()).isEqualTo("next");
        // Whether an answer comes first is a matter of milliseconds.
        Throwable thrown = catchThrowable(() -> client.get("/", (spec) -> spec.total(Duration.ofNanos(1))));
        assertThat(thrown == null || thrown instanceof TotalTimeoutException).isTrue();
        for (Duration limit : new Duration[] { Duration.ofSeconds(Long.MAX_VALUE), Duration.ZERO,
                Duration.ofMillis(-1) }) {
            assertThatIllegalArgumentException().isThrownBy(() -> client.get("/", (spec) -> spec.total(limit)))
                .withMessageContaining("total");
        }
        assertThat(client.get("/", (spec) -> spec.timeouts(Timeouts.none())).text()).isEqualTo("next");
    }

    @Row(id = "K14", when = "The caller's body throws an Error", then = "That Error; connection closed")
    void bodyThrowsAnError(Cell cell) {
        StackOverflowError mine = new StackOverflowError("mine");
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.hold();
        }, next());
        LaneClient client = cell.client(server);
        Throwable thrown = catchThrowable(() -> client.post("/", (spec) -> spec.body(new RequestBody() {

            @Override
            public @Nullable MediaType contentType() {
                return null;
            }

            @Override
            public void writeTo(OutputStream out) {
                throw mine;
            }

        })));
        assertThat(thrown).isSameAs(mine);
        assertThat(client.get("/").text()).isEqualTo("next");
    }

    @Row(id = "K15", when = "A retry listener throws", then = "The call is not the worse for it")
    void listenerThrows(Cell cell) {
        AtomicInteger asked = new AtomicInteger();
        RawServer server = cell.server(Cell.answer(""), next());
        LaneClient client = cell.client(server, (builder) -> builder
            .retry(RetryPolicy.builder().maxRetries(1).delay(Duration.ZERO).retryOn((attempt) -> {
                asked.incrementAndGet();
                return attempt.failure() != null;
            }).build()));
        assertThat(client.get("/").text()).isEqualTo("next");
        assertThat(asked.get()).isBetween(1, 2);
    }

    @Row(id = "K16", when = "A reactive call is blocked on within a reactive call",
            then = "IllegalStateException that says so, no deadlock")
    void blockWithinACall(Cell cell) {
        if (cell.lane().isBlocking()) {
            cell.notApplicable("a blocking call may be made anywhere");
            return;
        }
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server, (builder) -> builder.maxConnections(2));
        Mono<String> nested = reactive(client).get("/")
            .publishOn(Schedulers.parallel())
            .map((response) -> String.valueOf(reactive(client).get("/").map(Response::text).block()));
        Throwable thrown = catchThrowable(() -> nested.block(Cell.LONG));
        assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessageContaining("block()");
        assertThat(client.get("/").text()).isEqualTo("next");
    }

    @Row(id = "K17", when = "20 calls at once with gzip bodies that stall", then = "Each ends with its own limit")
    void stalledGzip(Cell cell) {
        byte[] beginning = { 0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0 };
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n");
            connection.write(beginning);
            connection.hold();
        });
        LaneClient client = cell.client(server,
                (builder) -> builder.maxConnections(20).timeouts(Cell.LIMITS.withRead(Cell.SHORT)));
        List<Running> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(Running.get(client, "/"));
        }
        calls.forEach((call) -> assertThat(call.failure()).isInstanceOf(ReadTimeoutException.class));
        server.awaitOpen(0);
    }

}
