package dev.outbound.client;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many reactive calls at a time, under the eyes of BlockHound, which stays in the JVM and
 * forbids what others do when they begin, such as Netty's DNS client: this runs behind
 * the other tests.
 */
@Order(Integer.MAX_VALUE)
class ReactiveLoadTests {

    private static final int CALLS = 1000;

    private static DisposableServer server;

    /**
     * The server may block: Netty's allocator does, on threads that are no event loops.
     */
    private static final Scheduler TIMER = Schedulers.fromExecutorService(Executors.newSingleThreadScheduledExecutor());

    private static final AtomicInteger IN_FLIGHT = new AtomicInteger();

    @BeforeAll
    static void start() {
        // A thread that waits for work while the agent comes would be taken for a blocked
        // one.
        Schedulers.shutdownNow();
        BlockHound.install();
        server = HttpServer.create().host("127.0.0.1").port(0).handle((request, response) -> {
            IN_FLIGHT.incrementAndGet();
            return response.sendString(Mono.delay(Duration.ofMillis(500), TIMER).map((tick) -> "{\"n\":1}"));
        }).bindNow();
    }

    @AfterAll
    static void stop() {
        server.disposeNow();
        TIMER.dispose();
    }

    @Test
    void aThousandCallsInFlightAddNoThreadEach() {
        try (ReactiveClient client = ReactiveClient.builder()
            .baseUrl("http://127.0.0.1:" + server.port())
            .maxConnections(CALLS)
            .auth(Auth.bearer("t"))
            .retry(RetryPolicy.defaults())
            .timeout(Duration.ofSeconds(30))
            .buildReactive()) {
            // The first call makes the engine, which reads the JVM's trust store and
            // random source, and Jackson's reader, which others would wait for.
            StepVerifier.create(client.get("/first").map((response) -> response.json().get("n").asInt()))
                .expectNext(1)
                .expectComplete()
                .verify(Duration.ofSeconds(10));
            IN_FLIGHT.set(0);
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            Mono<List<Integer>> calls = Flux.range(0, CALLS)
                .flatMap((i) -> client.get("/items/{id}", i).map((r) -> r.raiseForStatus().json().get("n").asInt()),
                        CALLS)
                .collectList();
            StepVerifier.create(calls.subscribeOn(Schedulers.parallel()).doOnNext((list) -> {
                List<String> added = Thread.getAllStackTraces()
                    .keySet()
                    .stream()
                    .filter((thread) -> !before.contains(thread))
                    .map(Thread::getName)
                    .collect(Collectors.toList());
                assertThat(added).as("threads").hasSizeLessThan(20);
            })).assertNext((list) -> assertThat(list).hasSize(CALLS)).expectComplete().verify(Duration.ofSeconds(30));
            assertThat(IN_FLIGHT).hasValue(CALLS);
        }
    }

    @Test
    void theProbeWouldSeeABlockingCall() {
        StepVerifier.create(Mono.delay(Duration.ofMillis(1)).doOnNext((tick) -> {
            try {
                Thread.sleep(1);
            }
            catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }))
            .expectErrorMatches((ex) -> ex instanceof reactor.blockhound.BlockingOperationError)
            .verify(Duration.ofSeconds(5));
    }

}
