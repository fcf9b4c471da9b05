package dev.outbound.client.transport.reactor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No thread waits for a call. BlockHound stays in the JVM and forbids what others do when
 * they begin, such as Netty's DNS client: this runs behind the other tests.
 */
@Order(Integer.MAX_VALUE)
class ReactorNonBlockingTests extends AbstractReactorTransportTests {

    @BeforeAll
    static void install() {
        // A thread that waits for work while the agent comes would be taken for a blocked
        // one.
        Schedulers.shutdownNow();
        BlockHound.install();
    }

    @Test
    void blocksNowhere(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[100_000]);
        try (RawServer server = echo()) {
            Mono<String> calls = Mono.defer(() -> text(get(server, "/1")))
                .then(Mono.defer(() -> text(post(server, "/2").withBody(RequestBody.bytes(new byte[10_000])))))
                .then(Mono.defer(() -> text(post(server, "/3").withBody(RequestBody.file(file)))));
            StepVerifier.create(calls.subscribeOn(Schedulers.parallel()))
                .expectNext("/3")
                .expectComplete()
                .verify(PATIENCE);
        }
    }

    @Test
    void aThousandCallsNeedNoThousandThreads() {
        int calls = 1000;
        CountDownLatch all = new CountDownLatch(calls);
        settings((it) -> it.withMaxConnections(calls));
        // The server may block: Netty's allocator does, on threads that are no event
        // loops.
        Scheduler timer = Schedulers.fromExecutorService(Executors.newSingleThreadScheduledExecutor());
        DisposableServer server = HttpServer.create().host("127.0.0.1").port(0).handle((request, response) -> {
            all.countDown();
            return Mono.delay(Duration.ofMillis(20), timer)
                .repeat(() -> all.getCount() > 0)
                .then(response.sendString(Mono.just("ok")).then());
        }).bindNow();
        try {
            Request request = Request.of(HttpMethod.GET, Url.parse("http://127.0.0.1:" + server.port() + "/"))
                .withTimeouts(Timeouts.none());
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            StepVerifier.create(Flux.range(0, calls).flatMap((i) -> text(request), calls).count().doOnNext((count) -> {
                Set<String> added = Thread.getAllStackTraces()
                    .keySet()
                    .stream()
                    .filter((thread) -> !before.contains(thread))
                    .map(Thread::getName)
                    .collect(Collectors.toSet());
                assertThat(added).as("threads").hasSizeLessThan(20);
            })).expectNext((long) calls).expectComplete().verify(PATIENCE.multipliedBy(6));
            assertThat(all.getCount()).isZero();
        }
        finally {
            server.disposeNow();
            timer.dispose();
        }
    }

}
