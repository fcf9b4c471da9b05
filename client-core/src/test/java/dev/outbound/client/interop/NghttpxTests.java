package dev.outbound.client.interop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import dev.outbound.client.http.Response;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Http2;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * nghttpx, which says GOAWAY before it goes, on every engine that speaks HTTP/2.
 */
@Tag("interop")
@Tag("slow")
@Timeout(30)
@ExtendWith(InteropServers.class)
class NghttpxTests {

    private static LaneClient client(EngineLane lane, Nghttpx front) {
        return lane.client((builder) -> builder.name("interop")
            .baseUrl(front.url())
            .sslContext(Nginx.CERTIFICATES.client())
            .http2(Http2.NEGOTIATED)
            .retry(RetryPolicy.fixed(3, Duration.ofMillis(20)))
            .retryBudget(null));
    }

    private static void assertServed(Response response) {
        assertThat(response.text()).isEqualTo(Nginx.TEXT);
        assertThat(response.httpVersion()).isEqualTo("HTTP/2");
        assertThat(response.headers().getFirst("Via")).contains("nghttpx");
    }

    @ParameterizedTest
    @EnumSource(names = "HTTP_COMPONENTS", mode = EnumSource.Mode.EXCLUDE)
    void servesManyCallsAtOnce(EngineLane lane, Nginx nginx, Nghttpx front) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (LaneClient client = client(lane, front)) {
            CompletableFuture<?>[] calls = new CompletableFuture<?>[100];
            for (int i = 0; i < calls.length; i++) {
                calls[i] = CompletableFuture.runAsync(() -> assertServed(client.get("/text.txt")), threads);
            }
            CompletableFuture.allOf(calls).get(20, TimeUnit.SECONDS);
        }
        finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "HTTP_COMPONENTS", mode = EnumSource.Mode.EXCLUDE)
    void noCallThatCanBeRetriedFailsWhenWorkersGoAway(EngineLane lane, Nginx nginx, Nghttpx front) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        AtomicBoolean over = new AtomicBoolean();
        try (LaneClient client = client(lane, front)) {
            CompletableFuture<?>[] callers = new CompletableFuture<?>[4];
            for (int i = 0; i < callers.length; i++) {
                callers[i] = CompletableFuture.runAsync(() -> {
                    while (!over.get()) {
                        assertServed(client.get("/text.txt"));
                    }
                }, threads);
            }
            for (int i = 0; i < 5; i++) {
                front.reload();
                for (int call = 0; call < 20; call++) {
                    assertServed(client.get("/text.txt"));
                }
            }
            over.set(true);
            CompletableFuture.allOf(callers).get(20, TimeUnit.SECONDS);
        }
        finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "HTTP_COMPONENTS", mode = EnumSource.Mode.EXCLUDE)
    void aCallUnderWayEndsWellWhenTheServerQuits(EngineLane lane, Nginx nginx, Nghttpx front) throws Exception {
        try (Nghttpx quitting = front.another(); LaneClient client = client(lane, quitting)) {
            assertServed(client.get("/text.txt"));
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<Void> quit = new CompletableFuture<>();
            CompletableFuture<List<String>> download = CompletableFuture
                .supplyAsync(() -> client.read("/slowly/text.txt", (response) -> {
                    begun.complete(null);
                    quit.join();
                    return response.lines();
                }, (response) -> {
                    begun.complete(null);
                    return Mono.fromFuture(quit).thenMany(response.lines());
                }));
            begun.get(10, TimeUnit.SECONDS);
            // Not by who reads the head, maybe an event loop: a signal takes a process.
            quitting.quit();
            quit.complete(null);
            assertThat(String.join("\n", download.get(10, TimeUnit.SECONDS)) + "\n").isEqualTo(Nginx.TEXT);
        }
    }

}
