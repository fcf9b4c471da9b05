package dev.outbound.mock;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import dev.outbound.client.Outbound;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@MockOutbound(baseUrl = "https://api.test")
class MockOutboundTests {

    @Test
    void blockingOneOffComesToTheRouter(MockRouter router) {
        Route route = router.get("/a").reply((r) -> r.text("mocked"));
        assertThat(Outbound.get("https://api.test/a").text()).isEqualTo("mocked");
        assertThat(route).isCalledOnce();
    }

    @Test
    void reactiveOneOffComesToTheRouterFromWhereverItsChainRuns(MockRouter router) {
        router.get("/a").reply((r) -> r.text("mocked"));
        Mono<String> text = Outbound.reactive()
            .get("https://api.test/a")
            .map(Response::text)
            .subscribeOn(Schedulers.parallel());
        assertThat(text.block()).isEqualTo("mocked");
        String hopped = Flux.range(0, 3)
            .delayElements(Duration.ofMillis(1))
            .publishOn(Schedulers.boundedElastic())
            .map((i) -> Outbound.get("https://api.test/a").text())
            .blockLast();
        assertThat(hopped).isEqualTo("mocked");
        CompletableFuture<Integer> elsewhere = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS).execute(() -> elsewhere.complete(1));
        Mono<String> chained = Mono.fromFuture(elsewhere)
            .flatMap((i) -> Outbound.reactive().get("https://api.test/a"))
            .map(Response::text);
        assertThat(chained.block()).isEqualTo("mocked");
        assertThat(router).attempts(5);
    }

    @Test
    void timeIsVirtual(MockRouter router) {
        router.get("/slow").reply((r) -> r.delayHead(Duration.ofSeconds(10)));
        long start = System.nanoTime();
        assertThatExceptionOfType(ReadTimeoutException.class).isThrownBy(() -> Outbound.get("https://api.test/slow"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void timeOfTheTestIsAParameter(MockRouter router, VirtualClock clock) {
        long before = clock.millis();
        router.advance(Duration.ofHours(1));
        assertThat(clock.millis() - before).isEqualTo(3_600_000);
    }

    @Test
    void threadOfItsOwnBelongsToTheTestWhileItRunsWhatIsWrapped(MockRouter router) throws Exception {
        router.get("/a").reply((r) -> r.text("mocked"));
        MockScope scope = MockScope.current();
        assertThat(scope).isNotNull();
        CompletableFuture
            .runAsync(scope.wrap(() -> assertThat(Outbound.get("https://api.test/a").text()).isEqualTo("mocked")))
            .get();
    }

    @Test
    @MockOutbound(allowUncalled = true, allowUnmatched = true)
    void strictnessIsRelaxedByTheAnnotation(MockRouter router) {
        router.get("/never");
        assertThat(Outbound.get("https://api.test/unknown").statusCode()).isEqualTo(200);
    }

    /** Two tests that are surely at the same place at the same time. */
    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class InParallel {

        private static final CyclicBarrier MEETING = new CyclicBarrier(2);

        @RepeatedTest(2)
        void testsDoNotSeeEachOthersRoutes(MockRouter router, RepetitionInfo info) throws Exception {
            String own = "test " + info.getCurrentRepetition();
            router.get("/a").reply((r) -> r.text(own));
            MEETING.await(20, TimeUnit.SECONDS);
            for (int i = 0; i < 50; i++) {
                assertThat(Outbound.get("https://api.test/a").text()).isEqualTo(own);
                assertThat(Outbound.reactive()
                    .get("https://api.test/a")
                    .map(Response::text)
                    .subscribeOn(Schedulers.parallel())
                    .block()).isEqualTo(own);
            }
            MEETING.await(20, TimeUnit.SECONDS);
            assertThat(router).attempts(100);
        }

    }

}
