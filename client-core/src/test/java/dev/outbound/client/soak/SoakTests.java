package dev.outbound.client.soak;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.faults.LeakGuard;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.EngineFigures;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What shows only after thousands of calls, or after minutes. The numbers of calls are
 * those of all lanes together.
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "soak.minutes", matches = "\\d+", disabledReason = "run with -Psoak")
class SoakTests {

    private static final int LANES = EngineLane.values().length;

    private static final int CANCELLATIONS = 10_000 / LANES;

    private static final int RACES = 10_000 / LANES;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Queue<EngineFigures> engines = new ConcurrentLinkedQueue<>();

    private final Random random = new Random(20261127);

    private LaneClient client(EngineLane lane, RawServer server, RetryPolicy retry) {
        return lane.client((builder) -> builder.name("soak")
            .baseUrl(server.url())
            .maxConnections(16)
            .retryBudget(null)
            .retry(retry), this.engines::add);
    }

    /** Count what is there, with what all clients share and the first call makes. */
    private static LeakGuard count(EngineLane lane) {
        try (RawServer server = RawServer.startForgetful(MixedTraffic::serve);
                LaneClient client = lane.client((builder) -> builder.baseUrl(server.url()))) {
            client.get("/SMALL");
        }
        return new LeakGuard();
    }

    private void assertNothingIsLeft(RawServer server) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!this.engines.stream().allMatch(EngineFigures::areZero)) {
            assertThat(System.nanoTime()).as("time, with %s", this.engines).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(1);
        }
        assertThat(server.failures()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void cancellationsAtRandomMomentsLeaveNothing(EngineLane lane) throws Exception {
        LeakGuard leaks = count(lane);
        AtomicInteger cancelled = new AtomicInteger();
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
        try (RawServer server = RawServer.startForgetful((connection) -> connection.forEachRequest((request) -> {
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n");
            connection.pause(Duration.ofMillis(1));
            connection.write("x".repeat(20_000));
        })); LaneClient client = client(lane, server, RetryPolicy.defaults())) {
            Semaphore places = new Semaphore(40);
            CountDownLatch over = new CountDownLatch(CANCELLATIONS);
            for (int i = 0; i < CANCELLATIONS; i++) {
                places.acquire();
                BackgroundCall<Response> call = Calls.get(client, "/");
                timer.schedule(() -> {
                    call.cancel();
                    if (call.isGivenUp()) {
                        cancelled.incrementAndGet();
                        places.release();
                        over.countDown();
                    }
                }, this.random.nextInt(8_000), TimeUnit.MICROSECONDS);
                call.whenOver((failure) -> {
                    if (failure instanceof CancelledException) {
                        cancelled.incrementAndGet();
                    }
                    places.release();
                    over.countDown();
                });
            }
            assertThat(over.await(2, TimeUnit.MINUTES)).as("whether all calls have ended; left: %s", over.getCount())
                .isTrue();
            assertNothingIsLeft(server);
            // All places are there.
            List<BackgroundCall<Response>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                calls.add(Calls.get(client, "/"));
            }
            for (BackgroundCall<Response> call : calls) {
                assertThat(call.value(PATIENCE).bytes()).hasSize(20_000);
            }
            System.out.printf("soak: %s: %d of %d calls cancelled on their way, nothing left%n", lane, cancelled.get(),
                    CANCELLATIONS);
        }
        finally {
            timer.shutdownNow();
        }
        assertThat(cancelled.get()).isGreaterThan(CANCELLATIONS / 10);
        leaks.check();
    }

    @ParameterizedTest
    @EnumSource
    void noPostIsRepeatedWhenItsConnectionIsClosedMeanwhile(EngineLane lane) throws Exception {
        LeakGuard leaks = count(lane);
        Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
        Random delays = new Random(lane.ordinal());
        int lost = 0;
        try (RawServer server = RawServer.startForgetful((connection) -> {
            answerOnce(connection, seen);
            // About as long as the client takes to send the next request.
            LockSupport.parkNanos(delays.nextInt(400_000));
            if (delays.nextBoolean()) {
                connection.rst();
            }
        }); LaneClient client = client(lane, server, RetryPolicy.fixed(3, Duration.ZERO))) {
            for (int i = 0; i < RACES; i++) {
                String id = "call-" + i;
                try {
                    client.post("/", (spec) -> spec.header("X-Id", id).text("once"));
                }
                catch (ConnectionLostException ex) {
                    lost++;
                }
            }
            assertNothingIsLeft(server);
        }
        System.out.printf("soak: %s: %d of %d POST requests lost to a closed connection, %d seen, none twice%n", lane,
                lost, RACES, seen.size());
        assertThat(lost).as("races that the client lost").isPositive();
        assertThat(seen).allSatisfy((id, times) -> assertThat(times.get()).as(id).isEqualTo(1));
        leaks.check();
    }

    private static void answerOnce(Connection connection, Map<String, AtomicInteger> seen) throws Exception {
        String request = connection.readRequest();
        if (request != null) {
            int id = request.indexOf("X-Id: ") + 6;
            seen.computeIfAbsent(request.substring(id, request.indexOf('\r', id)), (key) -> new AtomicInteger())
                .incrementAndGet();
            connection.respond(200, "served");
        }
    }

    @ParameterizedTest
    @EnumSource
    void mixedTrafficLeavesNothingAndTheHeapFlatAndGetsNoSlower(EngineLane lane) throws Exception {
        LeakGuard leaks = count(lane);
        Duration length = Duration.ofMinutes(Long.getLong("soak.minutes")).dividedBy(LANES);
        try (RawServer server = RawServer.startForgetful(MixedTraffic::serve);
                LaneClient client = client(lane, server, RetryPolicy.fixed(1, Duration.ofMillis(1)))) {
            MixedTraffic traffic = new MixedTraffic(client, 8);
            traffic.run(length.dividedBy(10));
            List<Long> heap = new ArrayList<>();
            List<Long> direct = new ArrayList<>();
            List<Long> percentile = new ArrayList<>();
            traffic.percentile99();
            for (int i = 0; i < 9; i++) {
                traffic.run(length.dividedBy(10));
                assertNothingIsLeft(server);
                heap.add(liveHeap());
                direct.add(LeakGuard.directMemory());
                percentile.add(traffic.percentile99().toNanos() / 1000);
            }
            System.out.printf("soak: %s: %d calls in %s, %s; live heap %s KiB, direct memory %s KiB, p99 %s us%n", lane,
                    traffic.calls(), length, traffic.outcomes(), kibibytes(heap), kibibytes(direct), percentile);
            assertThat(traffic.surprises()).isEmpty();
            assertFlat("live heap", heap, 2 * 1024 * 1024);
            assertFlat("direct memory", direct, 8 * 1024 * 1024);
            assertFlat("99th percentile in us", percentile, percentile.get(0) / 10);
        }
        leaks.check();
    }

    private static long liveHeap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static List<Long> kibibytes(List<Long> bytes) {
        return bytes.stream().map((it) -> it / 1024).toList();
    }

    /** The least of the last third is not more than the most of the first one. */
    private static void assertFlat(String what, List<Long> values, long tolerance) {
        long before = values.subList(0, 3).stream().mapToLong(Long::longValue).max().orElseThrow();
        long after = values.subList(6, 9).stream().mapToLong(Long::longValue).min().orElseThrow();
        assertThat(after - before).as("growth of the %s: %s", what, values).isLessThanOrEqualTo(tolerance);
    }

}
