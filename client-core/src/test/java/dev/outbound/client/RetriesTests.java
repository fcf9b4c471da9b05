package dev.outbound.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.RetriesExhaustedException;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.RetryDecision.Reason;
import dev.outbound.client.retry.RetryListener;
import dev.outbound.client.retry.RetryOn;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.retry.RetryPolicyBuilder;
import dev.outbound.client.retry.RetryStatistics;
import dev.outbound.client.retry.Stop;
import dev.outbound.client.retry.TryAgainException;
import dev.outbound.client.retry.Wait;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Timeout(30)
class RetriesTests {

    private static final Duration PATIENCE = ofSeconds(10);

    private final TestClock clock = new TestClock();

    private final AtomicInteger calls = new AtomicInteger();

    private final AtomicReference<@Nullable RetryStatistics> statistics = new AtomicReference<>();

    private RetryPolicyBuilder policy() {
        return RetryPolicy.builder()
            .retryOn(RetryOn.exception())
            .stop(Stop.afterAttempts(3))
            .backOff(Wait.exponential(ofSeconds(1), 2))
            .listener(new RetryListener() {

                @Override
                public void ended(RetryStatistics statistics) {
                    RetriesTests.this.statistics.set(statistics);
                }

            });
    }

    private Retries retries() {
        return Retries.of(policy().build()).withClock(this.clock);
    }

    /** Fails that many times, and then returns how often it was called. */
    private Callable<Integer> failing(int times) {
        return () -> {
            int call = this.calls.incrementAndGet();
            if (call <= times) {
                throw new IOException("failure " + call);
            }
            return call;
        };
    }

    private Supplier<Integer> failingSupplier(int times) {
        return () -> {
            try {
                return failing(times).call();
            }
            catch (Exception ex) {
                throw new UncheckedIOException((IOException) ex);
            }
        };
    }

    @Nested
    class Blocking {

        @Test
        void returnsTheFirstResultThatIsGood() throws Exception {
            assertThat(retries().call(failing(2))).isEqualTo(3);
            assertThat(clock.waits()).containsExactly(ofSeconds(1), ofSeconds(2));
            assertThat(statistics.get()).isEqualTo(new RetryStatistics(3, ofSeconds(3), ofSeconds(3), Reason.OUTCOME));
        }

        @Test
        void throwsTheLastFailureWithTheEarlierOnes() {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> retries().call(failing(9)))
                .withMessage("failure 3")
                .satisfies((ex) -> assertThat(ex.getSuppressed()).extracting(Throwable::getMessage)
                    .containsExactly("failure 1", "failure 2"));
            assertThat(calls).hasValue(3);
        }

        @Test
        void retriesAnUnwantedResultAndReturnsItAtLast() throws Exception {
            Retries retries = Retries.of(policy().retryOn(RetryOn.result((result) -> result == null)).build())
                .withClock(clock);
            assertThat(retries.<@Nullable Object>call(() -> {
                calls.incrementAndGet();
                return null;
            })).isNull();
            assertThat(calls).hasValue(3);
        }

        @Test
        void decoratesCallablesAndSuppliers() throws Exception {
            Callable<Integer> callable = retries().callable(failing(1));
            assertThat(callable.call()).isEqualTo(2);
            calls.set(0);
            assertThat(callable.call()).isEqualTo(2);
            calls.set(0);
            Supplier<Integer> supplier = retries().supplier(failingSupplier(2));
            assertThat(supplier.get()).isEqualTo(3);
            calls.set(0);
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> retries().get(failingSupplier(3)));
        }

        @Test
        void tellsTheAttemptsWhenAskedTo() {
            Retries retries = Retries.of(policy().throwWhenExhausted(true).build()).withClock(clock);
            assertThatExceptionOfType(RetriesExhaustedException.class).isThrownBy(() -> retries.call(failing(9)))
                .withMessage("given up after 3 attempts, because all retries are used up; the last one: IOException")
                .withRootCauseInstanceOf(IOException.class)
                .satisfies((ex) -> assertThat(ex.attempts()).extracting((attempt) -> attempt.elapsed().toSeconds())
                    .containsExactly(0L, 1L, 3L));
        }

        @Test
        void fallsBack() throws Exception {
            Retries retries = Retries.of(policy().throwWhenExhausted(true).build()).withClock(clock);
            assertThat(retries.call(failing(9), (exhausted) -> -exhausted.last().number())).isEqualTo(-3);
            assertThat(calls).hasValue(3);
            assertThatIllegalStateException().isThrownBy(() -> retries().call(failing(9), (exhausted) -> 0))
                .withMessageContaining("throwWhenExhausted(true)");
        }

        @Test
        void neverRetriesAnError() {
            assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> retries().call(() -> {
                calls.incrementAndGet();
                throw new AssertionError("of the caller");
            }));
            assertThat(calls).hasValue(1);
            assertThat(statistics.get()).isNotNull();
        }

        @Test
        void triesAgainWhateverTheConditionSays() throws Exception {
            Retries retries = Retries.of(policy().retryOn(RetryOn.never()).build()).withClock(clock);
            assertThat(retries.<Integer>call(() -> {
                if (calls.incrementAndGet() < 3) {
                    throw new TryAgainException();
                }
                return calls.get();
            })).isEqualTo(3);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> retries.call(() -> {
                throw new TryAgainException(new IOException("cause"));
            })).withMessage("cause");
            assertThatExceptionOfType(TryAgainException.class).isThrownBy(() -> retries.call(() -> {
                throw new TryAgainException();
            }));
        }

        @Test
        void sharesABudget() {
            Retries retries = retries().withBudget(new RetryBudget(0, 0));
            for (int i = 0; i < 9; i++) {
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> retries.call(failing(1000)));
            }
            assertThat(calls).hasValue(9 + 10);
            assertThat(statistics.get()).extracting(RetryStatistics::reason).isEqualTo(Reason.BUDGET);
        }

        @Test
        void endsAWaitWhenInterrupted() throws InterruptedException {
            CountDownLatch called = new CountDownLatch(1);
            AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
            Retries retries = Retries.of(policy().backOff(Wait.fixed(Duration.ofHours(1))).build());
            Thread caller = new Thread(() -> {
                try {
                    retries.call(() -> {
                        called.countDown();
                        throw new IOException("first");
                    });
                }
                catch (Exception ex) {
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    thrown.set(ex);
                }
            });
            caller.start();
            assertThat(called.await(5, TimeUnit.SECONDS)).isTrue();
            caller.interrupt();
            caller.join(5000);
            assertThat(thrown.get()).isInstanceOf(CancelledException.class)
                .hasMessageContaining("interrupted after attempt 1")
                .satisfies((ex) -> assertThat(((CancelledException) ex).phase()).isEqualTo(Phase.PAUSE))
                .hasSuppressedException(new IOException("first"));
        }

        @Test
        void neverRetriesAnInterrupt() {
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> retries().call(() -> {
                calls.incrementAndGet();
                throw new InterruptedException();
            }));
            assertThat(calls).hasValue(1);
        }

        @Test
        void endsARetryWithoutDelayWhenInterrupted() {
            Retries retries = Retries.of(policy().stop(Stop.never()).backOff(Wait.none()).build());
            assertThatExceptionOfType(CancelledException.class).isThrownBy(() -> retries.call(() -> {
                if (calls.incrementAndGet() == 5) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException();
            }));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(calls).hasValue(5);
        }

        @Test
        void throwsWhatAConditionThrowsOnAResultWithoutAnotherAttempt() {
            Retries retries = Retries.of(policy().retryOn(RetryOn.result((result) -> {
                throw new UnsupportedOperationException("condition");
            }).or(RetryOn.exception())).build());
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> retries.call(failing(0)));
            assertThat(calls).hasValue(1);
        }

        @Test
        void seesTheResponseThatACallOfAClientGives() throws Exception {
            FakeUpstream upstream = FakeUpstream.answering(status(503, "Retry-After: 9"), status(429), ok("third"));
            try (Client client = Client.builder().transport(upstream.transport()).clock(clock).build()) {
                Retries retries = Retries.of(RetryPolicy.builder().noJitter().build()).withClock(clock);
                Response response = retries.call(() -> client.get("http://shop.test/").raiseForStatus());
                assertThat(response.text()).isEqualTo("third");
                assertThat(clock.waits()).containsExactly(ofSeconds(9), Duration.ofMillis(400));
            }
        }

    }

    @Nested
    class Monos {

        private <T> Mono<T> mono(Callable<T> task) {
            return retries().mono(Mono.fromCallable(task));
        }

        @Test
        void giveTheFirstValueThatIsGood() {
            StepVerifier.create(mono(failing(2))).expectNext(3).expectComplete().verify(PATIENCE);
            assertThat(clock.waits()).containsExactly(ofSeconds(1), ofSeconds(2));
            assertThat(statistics.get()).isEqualTo(new RetryStatistics(3, ofSeconds(3), ofSeconds(3), Reason.OUTCOME));
        }

        @Test
        void failWithTheLastFailureAndTheEarlierOnes() {
            StepVerifier.create(mono(failing(9))).expectErrorSatisfies((ex) -> {
                assertThat(ex).isInstanceOf(IOException.class).hasMessage("failure 3");
                assertThat(ex.getSuppressed()).extracting(Throwable::getMessage).contains("failure 1", "failure 2");
            }).verify(PATIENCE);
        }

        @Test
        void areCallsOfTheirOwnForEachSubscription() {
            Mono<Integer> mono = mono(failing(2));
            assertThat(mono.block(PATIENCE)).isEqualTo(3);
            calls.set(0);
            assertThat(mono.block(PATIENCE)).isEqualTo(3);
        }

        @Test
        void retryAnEmptyOneAsNull() {
            Retries retries = Retries.of(policy().retryOn(RetryOn.result((result) -> result == null)).build())
                .withClock(clock);
            StepVerifier.create(retries.mono(Mono.fromRunnable(calls::incrementAndGet)))
                .expectComplete()
                .verify(PATIENCE);
            assertThat(calls).hasValue(3);
        }

        @Test
        void tellTheAttemptsWhenAskedTo() {
            Retries retries = Retries.of(policy().throwWhenExhausted(true).build()).withClock(clock);
            StepVerifier.create(retries.mono(Mono.fromCallable(failing(9)))
                .onErrorResume(RetriesExhaustedException.class, (exhausted) -> Mono.just(-exhausted.attempts().size())))
                .expectNext(-3)
                .expectComplete()
                .verify(PATIENCE);
        }

        @Test
        void keepTheContext() {
            Mono<String> source = Mono.deferContextual((context) -> (calls.incrementAndGet() < 3)
                    ? Mono.error(new IOException()) : Mono.just(context.get("tenant")));
            StepVerifier.create(retries().mono(source).contextWrite((context) -> context.put("tenant", "acme")))
                .expectNext("acme")
                .expectComplete()
                .verify(PATIENCE);
        }

        @Test
        void endAWaitWhenCancelled() {
            TestPublisher<Long> timer = TestPublisher.create();
            Retries retries = retries().withClock(new ClockOf(timer));
            StepVerifier.create(retries.mono(Mono.fromCallable(failing(1))))
                .then(timer::assertWasSubscribed)
                .thenCancel()
                .verify(PATIENCE);
            timer.assertCancelled();
            assertThat(calls).hasValue(1);
            assertThat(statistics.get()).isNotNull().extracting(RetryStatistics::attempts).isEqualTo(1);
        }

        @Test
        void cancelTheAttemptThatRuns() {
            TestPublisher<Integer> source = TestPublisher.create();
            StepVerifier.create(retries().mono(source.mono()))
                .then(source::assertWasSubscribed)
                .thenCancel()
                .verify(PATIENCE);
            source.assertCancelled();
        }

        @Test
        void retryManyTimesOnAFlatStack() {
            Retries retries = Retries.of(policy().stop(Stop.never()).backOff(Wait.none()).build()).withClock(clock);
            assertThat(retries.mono(Mono.fromCallable(failing(20_000))).block(PATIENCE)).isEqualTo(20_001);
        }

        @Test
        void neverRetryAnErrorOrACancellation() {
            for (Throwable failure : List.of(new AssertionError(), new CancelledException(Phase.HEAD, "x", null))) {
                calls.set(0);
                StepVerifier.create(retries().mono(Mono.defer(() -> {
                    calls.incrementAndGet();
                    return Mono.error(failure);
                }))).expectErrorMatches((ex) -> ex == failure).verify(PATIENCE);
                assertThat(calls).hasValue(1);
            }
        }

        @Test
        void waitOnTheTimeOfTheSystem() {
            Retries retries = Retries.of(policy().backOff(Wait.fixed(Duration.ofMillis(20))).build());
            long began = System.nanoTime();
            assertThat(retries.mono(Mono.fromCallable(failing(2))).block(PATIENCE)).isEqualTo(3);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(40));
        }

        @Test
        void passOnWhatAConditionThrowsOnAValue() {
            Retries retries = Retries.of(policy().retryOn(RetryOn.result((result) -> {
                throw new UnsupportedOperationException("condition");
            })).build());
            StepVerifier.create(retries.mono(Mono.just(1)))
                .expectError(UnsupportedOperationException.class)
                .verify(PATIENCE);
        }

    }

    @Nested
    class Fluxes {

        @Test
        void areRetriedUntilTheFirstItem() {
            Flux<Integer> source = Flux
                .defer(() -> (calls.incrementAndGet() < 3) ? Flux.error(new IOException()) : Flux.range(1, 3));
            StepVerifier.create(retries().flux(source)).expectNext(1, 2, 3).expectComplete().verify(PATIENCE);
            assertThat(clock.waits()).containsExactly(ofSeconds(1), ofSeconds(2));
        }

        @Test
        void neverGiveAnItemTwice() {
            Flux<Integer> source = Flux.defer(() -> {
                calls.incrementAndGet();
                return Flux.range(1, 2).concatWith(Mono.error(new IOException("broken")));
            });
            StepVerifier.create(retries().flux(source)).expectNext(1, 2).expectErrorMessage("broken").verify(PATIENCE);
            assertThat(calls).hasValue(1);
        }

        @Test
        void failAtLast() {
            Retries retries = Retries.of(policy().throwWhenExhausted(true).build()).withClock(clock);
            StepVerifier.create(retries.flux(Flux.error(IOException::new)))
                .expectError(RetriesExhaustedException.class)
                .verify(PATIENCE);
        }

        @Test
        void keepContextDemandAndCancellation() {
            List<Long> demand = new ArrayList<>();
            Flux<String> source = Flux
                .deferContextual((context) -> (calls.incrementAndGet() == 1) ? Flux.<String>error(new IOException())
                        : Flux.just("a", "b", "c").map((item) -> context.get("tenant") + item))
                .doOnRequest(demand::add);
            StepVerifier.create(retries().flux(source).contextWrite((context) -> context.put("tenant", "acme-")), 2)
                .expectNext("acme-a", "acme-b")
                .thenCancel()
                .verify(PATIENCE);
            assertThat(demand).containsExactly(2L, 2L);
        }

    }

    /** Waits for what a test says. */
    private record ClockOf(TestPublisher<Long> timer) implements ClientClock {

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long millis() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mono<?> delay(Duration duration) {
            return this.timer.mono();
        }

    }

}
