package dev.outbound.client.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import reactor.core.publisher.Mono;

import dev.outbound.client.ClientClock;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.faults.Cell.SHORT;
import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Section K: what happens around a client, and over time.
 */
@Rows
class TimeFaultTests {

    private static final int CALLS = 300;

    @Row(id = "K7", when = "The client is closed while a call waits to retry, and while a response is streamed",
            then = "Both end at once with CancelledException or IllegalStateException; connections are closed")
    void closedInPauseAndStream(Cell cell) {
        RawServer busy = cell.server(Cell.respond(503, "busy"));
        LaneClient pausing = cell.client(busy,
                (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ofMillis(300))));
        Running call = Running.get(pausing, "/");
        Cell.await(() -> busy.requests().size() == 1, () -> "no request came");
        pausing.close();
        assertThat(call.failure()).isInstanceOfAny(CancelledException.class, IllegalStateException.class);
        assertThat(busy.requests()).hasSize(1);
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            connection.hold();
        });
        LaneClient streaming = cell.client(server);
        Runnable close = PoolFaultTests.open(streaming);
        streaming.close();
        server.awaitOpen(0);
        close.run();
    }

    @Row(id = "K9", when = "All connections are gone at once, as when a process is restored from a checkpoint",
            then = "The next calls take new ones; one that meets the reset before the client does is retried")
    void restored(Cell cell) {
        List<Runnable> ends = new ArrayList<>();
        RawServer server = cell.server((connection) -> {
            synchronized (ends) {
                ends.add(() -> {
                    try {
                        connection.rst();
                    }
                    catch (IOException ex) {
                        throw new UncheckedIOException(ex);
                    }
                });
            }
            connection.forEachRequest((request) -> connection.respond(200, "next"));
        });
        LaneClient client = cell.client(server,
                (builder) -> builder.maxConnections(3).retry(RetryPolicy.fixed(3, Duration.ZERO)));
        List<Running> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(Running.get(client, "/"));
        }
        calls.forEach((call) -> assertThat(call.response().text()).isEqualTo("next"));
        synchronized (ends) {
            ends.forEach(Runnable::run);
        }
        server.awaitOpen(0);
        for (int i = 0; i < 5; i++) {
            assertThat(client.get("/").text()).isEqualTo("next");
        }
    }

    @Row(id = "K10", when = "The wall clock jumps an hour ahead, and back, within a call and between attempts",
            then = "No limit runs out, none is longer, and the wait before a retry is the policy's")
    void jumpingClock(Cell cell) {
        JumpingClock clock = new JumpingClock();
        Script busy = (connection) -> connection.forEachRequest((request) -> {
            clock.jump(Duration.ofHours(1));
            connection.respond(503, "busy");
            clock.jump(Duration.ofHours(-2));
        });
        RawServer server = cell.server(busy, next());
        LaneClient client = cell.client(server,
                (builder) -> builder.clock(clock).retry(RetryPolicy.fixed(2, Duration.ofMillis(50))));
        long start = System.nanoTime();
        assertThat(client.get("/").statusCode()).isEqualTo(503);
        assertThat(server.requests()).hasSize(3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(100),
                Duration.ofSeconds(5));
        RawServer silent = cell.server(Cell.answerAndHold(""));
        LaneClient limited = cell.client(silent,
                (builder) -> builder.clock(clock).timeouts(Cell.LIMITS.withRead(SHORT)));
        cell.timesOut(ReadTimeoutException.class, Phase.HEAD, () -> limited.get("/"));
    }

    /** The time of the system, but for the time of day. */
    private static final class JumpingClock implements ClientClock {

        private final AtomicLong offset = new AtomicLong();

        void jump(Duration duration) {
            this.offset.addAndGet(duration.toMillis());
        }

        @Override
        public long nanoTime() {
            return ClientClock.system().nanoTime();
        }

        @Override
        public long millis() {
            return ClientClock.system().millis() + this.offset.get();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            ClientClock.system().sleep(duration);
        }

        @Override
        public Mono<?> delay(Duration duration) {
            return ClientClock.system().delay(duration);
        }

        @Override
        public boolean isSystem() {
            return true;
        }

    }

    @Row(id = "K12", when = "300 calls at once on virtual threads, where the JVM has them, with 20 connections",
            then = "All are served: who waits holds no carrier thread")
    void virtualThreads(Cell cell) throws Exception {
        if (!cell.lane().isBlocking()) {
            cell.notApplicable("no thread waits");
            return;
        }
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server, (builder) -> builder.maxConnections(20));
        callOnVirtualThreads(client);
        assertThat(server.connections()).isLessThanOrEqualTo(20);
    }

    /** Many calls at once. */
    static void callOnVirtualThreads(LaneClient client) throws Exception {
        ExecutorService threads = threads();
        try {
            List<Future<String>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(threads.submit(() -> client.get("/").text()));
            }
            for (Future<String> call : calls) {
                assertThat(call).succeedsWithin(Cell.LONG).isEqualTo("next");
            }
        }
        finally {
            threads.shutdownNow();
        }
    }

    /** Since Java 21. */
    private static ExecutorService threads() throws InvocationTargetException, IllegalAccessException {
        try {
            return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        }
        catch (NoSuchMethodException ex) {
            return Executors.newCachedThreadPool();
        }
    }

    @Row(id = "K13", when = "Calls fail, one of them when it is retried, with an observation around them",
            then = "Each observation ends once; around the call the caller's is the current one, before and after")
    void observations(Cell cell) {
        AtomicInteger started = new AtomicInteger();
        AtomicInteger stopped = new AtomicInteger();
        AtomicInteger scopes = new AtomicInteger();
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {

            @Override
            public void onStart(Observation.Context context) {
                started.incrementAndGet();
            }

            @Override
            public void onStop(Observation.Context context) {
                stopped.incrementAndGet();
            }

            @Override
            public void onScopeOpened(Observation.Context context) {
                scopes.incrementAndGet();
            }

            @Override
            public void onScopeClosed(Observation.Context context) {
                scopes.decrementAndGet();
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }

        });
        RawServer server = cell.server(Cell.answer("HTTP/1.1 200 OK\r\n"));
        LaneClient client = cell.client(server,
                (builder) -> builder.observations(registry).retry(RetryPolicy.fixed(1, Duration.ZERO)));
        Observation own = Observation.start("own", registry);
        own.scoped(() -> {
            cell.fails(ConnectionLostException.class, Phase.HEAD, () -> client.post("/", (spec) -> {
            }));
            cell.fails(ConnectionLostException.class, Phase.HEAD, () -> client.get("/"));
            assertThat(registry.getCurrentObservation()).isSameAs(own);
        });
        own.stop();
        assertThat(registry.getCurrentObservation()).isNull();
        Cell.await(() -> started.get() == stopped.get(), () -> started + " started, " + stopped + " stopped");
        assertThat(started.get()).isGreaterThanOrEqualTo(3);
        assertThat(scopes).hasValue(0);
    }

    @Row(id = "K18", when = "A probe of a dead target, with limits of its own, behind a client that is in full use",
            then = "ConnectTimeoutException in time, after one attempt; the client's own calls are served")
    void probe(Cell cell) {
        RawServer dead = cell.blackHole();
        RawServer server = cell.server(next());
        LaneClient client = cell
            .client((builder) -> builder.maxConnections(2).retry(RetryPolicy.fixed(3, Duration.ZERO)));
        for (int i = 0; i < 3; i++) {
            assertThat(client.get(server.url("/")).text()).isEqualTo("next");
            ConnectTimeoutException failure = cell.timesOut(ConnectTimeoutException.class, Phase.CONNECT,
                    () -> client.get(dead.url("/"), (spec) -> spec.timeout(SHORT).retry(null)));
            assertThat(failure.getMessage()).contains("attempt 1");
        }
        assertThat(client.get(server.url("/")).text()).isEqualTo("next");
    }

    @Row(id = "K20", when = "300 calls, a tenth of which meet a fault of one kind or another",
            then = "Each ends with a response or a RequestException; nothing is left over")
    void soak(Cell cell) {
        String[] faults = { "", "HTTP/1.1 200 O", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "garbage\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" };
        Random random = new Random(20);
        AtomicInteger count = new AtomicInteger();
        RawServer server = cell.server((connection) -> {
            while (connection.readRequest() != null) {
                int number = count.incrementAndGet();
                if (number % 10 == 0) {
                    connection.write(faults[number / 10 % faults.length]);
                    if (number % 20 == 0) {
                        connection.rst();
                    }
                    return;
                }
                connection.respond(200, "next");
            }
        });
        LaneClient client = cell.client(server, (builder) -> builder.maxConnections(4));
        int served = 0;
        for (int i = 0; i < CALLS / 4; i++) {
            List<Running> calls = new ArrayList<>();
            for (int user = 0; user < 4; user++) {
                calls.add(Running.get(client, "/"));
            }
            if (random.nextInt(10) == 0) {
                calls.remove(random.nextInt(4)).cancel();
            }
            for (Running call : calls) {
                Throwable failure = catchThrowable(call::response);
                if (failure == null) {
                    served++;
                }
                else {
                    assertThat(failure).hasCauseInstanceOf(RequestException.class);
                }
            }
        }
        assertThat(served).isGreaterThan(CALLS / 2);
    }

}
