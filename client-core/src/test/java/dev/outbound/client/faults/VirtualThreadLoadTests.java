package dev.outbound.client.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.EngineFigures;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Row K12 with 10,000 threads, where the JVM tells of each that holds its carrier.
 */
@Timeout(60)
class VirtualThreadLoadTests {

    private static final int CALLS = 10_000;

    private static final int CONNECTIONS = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String PINNED = "jdk.VirtualThreadPinned";

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "JDK_BLOCKING" })
    void tenThousandThreadsThatWaitForCallsHoldNoCarrier(EngineLane lane, @TempDir Path folder) throws Exception {
        assumeVirtualThreads();
        CompletableFuture<Void> answer = new CompletableFuture<>();
        AtomicInteger requests = new AtomicInteger();
        Queue<EngineFigures> engines = new ConcurrentLinkedQueue<>();
        ExecutorService threads = threads();
        try (RawServer server = RawServer.startForgetful((connection) -> connection.forEachRequest((request) -> {
            requests.incrementAndGet();
            if (!request.startsWith("GET /warm-up ")) {
                answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            connection.respond(200, "next");
        }));
                LaneClient client = lane.client((builder) -> builder.name("lab")
                    .baseUrl(server.url())
                    .maxConnections(CONNECTIONS)
                    .timeout(PATIENCE)
                    .total(PATIENCE), engines::add);
                Recording recording = new Recording()) {
            // Classes that are loaded hold a carrier.
            await(call(threads, client, "/warm-up", CONNECTIONS));
            requests.set(0);
            start(recording);
            List<Future<String>> calls = call(threads, client, "/", CALLS);
            Cell.await(
                    () -> requests.get() == CONNECTIONS
                            && engines.stream().mapToInt((it) -> it.pool().pending()).sum() == CALLS - CONNECTIONS,
                    () -> requests + " requests, " + engines);
            assertThat(threads.submit(() -> "free")).as("while all others wait").succeedsWithin(PATIENCE);
            answer.complete(null);
            await(calls);
            assertThat(stop(recording, folder)).isEmpty();
            assertThat(requests).hasValue(CALLS);
        }
        finally {
            threads.shutdownNow();
        }
    }

    /** Without this, the other test could not fail. */
    @Test
    void aThreadThatHoldsItsCarrierIsRecorded(@TempDir Path folder) throws Exception {
        assumeVirtualThreads();
        ExecutorService threads = threads();
        try (Recording recording = new Recording()) {
            start(recording);
            threads.submit(() -> Holding.held).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(stop(recording, folder)).isNotEmpty();
        }
        finally {
            threads.shutdownNow();
        }
    }

    /** Waits in its initializer, which the JVM calls by native code. */
    private static final class Holding {

        static final boolean held;

        static {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            held = true;
        }

    }

    private static void assumeVirtualThreads() {
        assumeTrue(BackgroundCall.hasVirtualThreads(),
                () -> "virtual threads came with Java 21; this is Java " + Runtime.version().feature());
    }

    private static ExecutorService threads() throws ReflectiveOperationException {
        return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static void start(Recording recording) {
        recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
        recording.start();
    }

    private static List<RecordedEvent> stop(Recording recording, Path folder) throws IOException {
        recording.stop();
        Path file = folder.resolve("pinned.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }

    private static List<Future<String>> call(ExecutorService threads, LaneClient client, String url, int times) {
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            calls.add(threads.submit(() -> client.get(url).text()));
        }
        return calls;
    }

    private static void await(List<Future<String>> calls) {
        calls.forEach((call) -> assertThat(call).succeedsWithin(PATIENCE).isEqualTo("next"));
    }

}
