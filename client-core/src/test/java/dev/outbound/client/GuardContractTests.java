package dev.outbound.client;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.guard.Bulkhead;
import dev.outbound.client.guard.BulkheadSettings;
import dev.outbound.client.guard.CircuitBreaker;
import dev.outbound.client.guard.CircuitBreakerSettings;
import dev.outbound.client.guard.RateLimiterSettings;
import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.BulkheadFullException;
import dev.outbound.client.http.CallNotPermittedException;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.CircuitOpenException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.RateLimitedException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.RetryOn;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.lab.FakeUpstream.failure;
import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Circuit breaker, rate limiter and bulkhead of a client, blocking and reactive from one
 * body. Rows of the fault matrix carry their number.
 */
@Timeout(60)
class GuardContractTests {

    private static final String URL = "http://shop.test/a";

    private static final CircuitBreakerSettings BREAKER = CircuitBreakerSettings.defaults()
        .withWindow(10, 10)
        .withTrialCalls(3);

    private final TestClock clock = new TestClock();

    private FakeUpstream upstream = FakeUpstream.answering(ok(""));

    private Session session = Client.builder().session();

    @AfterEach
    void nothingLeaks() {
        assertThat(this.upstream.open()).isZero();
        Bulkhead bulkhead = this.session.guard().bulkhead();
        if (bulkhead != null) {
            assertThat(bulkhead.running()).isZero();
            assertThat(bulkhead.waiting()).isZero();
        }
        this.session.close();
    }

    private LaneClient client(Lane lane, Consumer<ClientBuilder> settings, Answer... answers) {
        return client(lane, settings, FakeUpstream.answering(answers));
    }

    private LaneClient client(Lane lane, Consumer<ClientBuilder> settings, FakeUpstream upstream) {
        this.upstream = upstream;
        this.session = builder(settings).session();
        return (lane == Lane.BLOCKING) ? new LaneClient.Blocking(this.session.client())
                : new LaneClient.Reactive(this.session.reactiveClient());
    }

    private ClientBuilder builder(Consumer<ClientBuilder> settings) {
        ClientBuilder builder = Client.builder()
            .name("shop")
            .transport(this.upstream.transport())
            .reactiveTransport(this.upstream.reactiveTransport())
            .clock(this.clock);
        settings.accept(builder);
        return builder;
    }

    private CircuitBreaker breaker() {
        CircuitBreaker breaker = this.session.guard().circuitBreaker();
        assertThat(breaker).isNotNull();
        return breaker;
    }

    private Bulkhead bulkhead() {
        Bulkhead bulkhead = this.session.guard().bulkhead();
        assertThat(bulkhead).isNotNull();
        return bulkhead;
    }

    private static void call(LaneClient client, int times) {
        for (int i = 0; i < times; i++) {
            try {
                client.get(URL);
            }
            catch (ClientException ex) {
                assertThat(ex).isNotInstanceOf(CallNotPermittedException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void g17_anOpenBreakerSendsNothingAndTriesAgainAfterItsTime(Lane lane) {
        boolean[] down = { true };
        LaneClient client = client(lane, (builder) -> builder.circuitBreaker(BREAKER),
                new FakeUpstream((request) -> down[0] ? status(503) : ok("")));
        call(client, 10);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.OPEN);
        this.clock.advance(ofSeconds(1));
        for (int i = 0; i < 1000; i++) {
            assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get(URL))
                .withMessage("GET http://shop.test/a of client 'shop': the circuit breaker is open, because too many"
                        + " requests of late have failed; it lets the next one through in 29.000 s"
                        + " (phase prepare, attempt 1, after 0.000 s)")
                .satisfies((ex) -> assertThat(ex.retryAfter()).isEqualTo(ofSeconds(29).plusNanos(1)));
        }
        assertThat(this.upstream.requests()).hasSize(10);
        assertThat(breaker().rejected()).isEqualTo(1000);
        this.clock.advance(ofSeconds(29).plusNanos(1));
        down[0] = false;
        call(client, 1);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
        call(client, 2);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(this.upstream.requests()).hasSize(13);
    }

    @ParameterizedTest
    @EnumSource
    void trialsThatFailOpenItAgain(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.circuitBreaker(BREAKER), status(500));
        call(client, 10);
        this.clock.advance(ofSeconds(31));
        call(client, 3);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get(URL));
    }

    @ParameterizedTest
    @EnumSource
    void lostConnectionsOpenIt(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.circuitBreaker(BREAKER),
                failure(new ConnectionLostException(Phase.HEAD, "lost", null)));
        call(client, 10);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.OPEN);
    }

    @ParameterizedTest
    @EnumSource
    void whatDidNotReachTheUpstreamCountsAsNothing(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.circuitBreaker(BREAKER),
                failure(new PoolTimeoutException("no connection", null)),
                failure(new BlockedAddressException("blocked", null)),
                failure(new CancelledException(Phase.HEAD, "closed", null)));
        call(client, 30);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(breaker().calls()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void errorsOfTheCallerNeverOpenIt(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.circuitBreaker(BREAKER).raiseForStatus(true), status(404),
                status(429), status(400));
        call(client, 30);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(breaker().failureRate()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void theStatusesThatCountCanBeChosen(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.circuitBreaker(BREAKER.withStatuses(Set.of(429))),
                status(500));
        call(client, 10);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.CLOSED);
        LaneClient other = client(lane, (builder) -> builder.circuitBreaker(BREAKER.withStatuses(Set.of(429))),
                status(429));
        call(other, 10);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.OPEN);
    }

    @ParameterizedTest
    @EnumSource
    void slowRequestsOpenIt(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.circuitBreaker(BREAKER.withSlowCalls(ofSeconds(2), 80)),
                new FakeUpstream((request) -> {
                    this.clock.advance(ofSeconds(2).plusNanos(1));
                    return ok("");
                }));
        call(client, 10);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("have failed or were slow");
    }

    @ParameterizedTest
    @EnumSource
    void aWindowOfTimeForgets(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.circuitBreaker(BREAKER.withWindow(ofSeconds(10), 6)),
                status(500));
        call(client, 5);
        this.clock.advance(ofSeconds(11));
        call(client, 5);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.CLOSED);
        call(client, 1);
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.OPEN);
    }

    @ParameterizedTest
    @EnumSource
    void eachAttemptCountsAndARefusedOneIsNotRepeated(Lane lane) {
        LaneClient client = client(lane,
                (builder) -> builder.circuitBreaker(BREAKER.withWindow(4, 4))
                    .retry(RetryPolicy.fixed(9, ofMillis(100)))
                    .retryBudget(null),
                status(503));
        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("attempt 5");
        assertThat(this.upstream.requests()).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void aPolicyThatNamesItWaitsForTheBreaker(Lane lane) {
        LaneClient client = client(lane,
                (builder) -> builder.circuitBreaker(BREAKER.withWindow(2, 2).withTrialCalls(1))
                    .retry(RetryPolicy.builder()
                        .retryOn(RetryOn.defaults().or(RetryOn.exception(CallNotPermittedException.class)))
                        .maxRetries(3)
                        .backOff((attempt) -> (attempt.failure() instanceof CallNotPermittedException refused
                                && refused.retryAfter() != null) ? refused.retryAfter() : Duration.ZERO)
                        .build()),
                status(503), status(503), ok("back"));
        assertThat(client.get(URL, (spec) -> spec.total(null)).text()).isEqualTo("back");
        assertThat(this.clock.waits()).containsExactly(ofSeconds(30).plusNanos(1));
    }

    @ParameterizedTest
    @EnumSource
    void itIsOpenedAndClosedByHand(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.circuitBreaker(BREAKER), ok(""));
        breaker().open();
        this.clock.advance(ofSeconds(3600));
        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("was opened by hand")
            .satisfies((ex) -> assertThat(ex.retryAfter()).isNull());
        assertThat(breaker().state()).hasToString("forced-open");
        breaker().close();
        assertThat(client.get(URL).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void copiesShareTheBreakerAndARefreshKeepsItWhereItIsTheSame(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.circuitBreaker(BREAKER), status(500));
        call(client.with((copy) -> copy.header("X-Role", "admin")), 5);
        call(client, 5);
        CircuitBreaker before = breaker();
        assertThat(before.state()).isEqualTo(CircuitBreaker.State.OPEN);
        this.session.refresh(builder((builder) -> builder.circuitBreaker(BREAKER).timeout(ofSeconds(1))));
        assertThat(breaker()).isSameAs(before);
        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get(URL));
        this.session.refresh(builder((builder) -> builder.circuitBreaker(BREAKER.withFailureRate(90))));
        assertThat(breaker().state()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(client.get(URL).statusCode()).isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource
    void aProbeAsksTheUpstreamWhateverTheBreakerSays(Lane lane) {
        client(lane, (builder) -> builder.circuitBreaker(BREAKER), ok(""));
        breaker().open();
        LaneClient probe = (lane == Lane.BLOCKING) ? new LaneClient.Blocking(this.session.probe())
                : new LaneClient.Reactive(this.session.reactiveProbe());
        assertThat(probe.get(URL).statusCode()).isEqualTo(200);
        assertThat(breaker().rejected()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aRateLimitIsWaitedForInOrder(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.rateLimiter(RateLimiterSettings.of(2, ofSeconds(1))),
                ok(""));
        for (int i = 0; i < 5; i++) {
            client.get(URL);
        }
        assertThat(this.clock.waits()).containsExactly(ofSeconds(1), ofSeconds(1));
        assertThat(this.session.guard().rateLimiter().waits()).isEqualTo(2);
        assertThat(this.session.guard().rateLimiter().waited()).isEqualTo(ofSeconds(2));
    }

    @ParameterizedTest
    @EnumSource
    void whatWouldWaitTooLongIsRefusedAtOnce(Lane lane) {
        LaneClient client = client(lane,
                (builder) -> builder.rateLimiter(RateLimiterSettings.of(1, ofSeconds(60)).withMaxWait(ofSeconds(10))),
                ok(""));
        client.get(URL);
        assertThatExceptionOfType(RateLimitedException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("the limit of 1 requests in 60.000 s has no permit left within the max-wait"
                    + " of 10.000 s (phase prepare");
        assertThat(this.clock.waits()).isEmpty();
        assertThat(this.upstream.requests()).hasSize(1);
        assertThat(this.session.guard().rateLimiter().rejected()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theDeadlineLimitsTheWaitAndTakesNoPermit(Lane lane) {
        LaneClient client = client(lane,
                (builder) -> builder.rateLimiter(RateLimiterSettings.of(1, ofSeconds(60)).withMaxWait(ofSeconds(90))),
                ok(""));
        client.get(URL);
        assertThatExceptionOfType(RateLimitedException.class)
            .isThrownBy(() -> client.get(URL, (spec) -> spec.total(ofSeconds(20))))
            .withMessageContaining("within the time that is left for the call");
        client.get(URL, (spec) -> spec.total(ofSeconds(70)));
        assertThat(this.clock.waits()).containsExactly(ofSeconds(60));
    }

    @ParameterizedTest
    @EnumSource
    void aFullBulkheadRefusesAtOnce(Lane lane) throws Exception {
        Held held = new Held();
        LaneClient client = client(lane, (builder) -> builder.bulkhead(BulkheadSettings.of(1)), held.upstream());
        CompletableFuture<Integer> first = held.begin(client);
        assertThatExceptionOfType(BulkheadFullException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("all of the 1 requests that the bulkhead allows are on their way (phase prepare");
        assertThat(bulkhead().rejected()).isEqualTo(1);
        held.release();
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(client.get(URL).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void aWaitForThePlaceOfAnotherEnds(Lane lane) throws Exception {
        Held held = new Held();
        LaneClient client = client(lane,
                (builder) -> builder.bulkhead(BulkheadSettings.of(1).withMaxWait(ofSeconds(3))), held.upstream());
        CompletableFuture<Integer> first = held.begin(client);
        assertThatExceptionOfType(BulkheadFullException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("and none ended in time");
        assertThatExceptionOfType(TotalTimeoutException.class)
            .isThrownBy(() -> client.get(URL, (spec) -> spec.total(ofSeconds(2))));
        assertThat(this.clock.waits()).containsExactly(ofSeconds(3), ofSeconds(2));
        assertThat(bulkhead().waiting()).isZero();
        held.release();
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void whoLeavesHandsOverThePlace(Lane lane) throws Exception {
        Held held = new Held();
        LaneClient client = client(lane,
                (builder) -> builder.bulkhead(BulkheadSettings.of(1).withMaxWait(ofSeconds(20)))
                    .clock(ClientClock.system()),
                held.upstream());
        CompletableFuture<Integer> first = held.begin(client);
        List<CompletableFuture<Integer>> others = List.of(held.call(client), held.call(client), held.call(client));
        while (bulkhead().waiting() < 3) {
            Thread.onSpinWait();
        }
        held.release();
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(200);
        for (CompletableFuture<Integer> other : others) {
            assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(200);
        }
        assertThat(held.most.get()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamKeepsItsPlaceToTheEndOfItsBody(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.bulkhead(BulkheadSettings.of(1)).circuitBreaker(BREAKER),
                ok("x".repeat(100)));
        client.stream(URL, (head) -> {
            assertThat(bulkhead().running()).isEqualTo(1);
            assertThat(breaker().calls()).isZero();
        });
        assertThat(bulkhead().running()).isZero();
        assertThat(breaker().calls()).isEqualTo(1);
        client.leave(URL, 10);
        assertThat(bulkhead().running()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whateverHappensEveryPlaceIsGivenBack(Lane lane) {
        Random random = new Random(20261127);
        LaneClient client = client(lane,
                (builder) -> builder.bulkhead(BulkheadSettings.of(1))
                    .circuitBreaker(CircuitBreakerSettings.defaults().withOpenTime(ofSeconds(1)))
                    .rateLimiter(RateLimiterSettings.of(6, ofSeconds(1)).withMaxWait(ofMillis(300)))
                    .retry(RetryPolicy.fixed(2, ofMillis(100)))
                    .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 3)),
                new FakeUpstream((request) -> random(random)));
        Set<Class<?>> seen = new java.util.HashSet<>();
        for (int i = 0; i < 2000; i++) {
            this.clock.advance(ofMillis(random.nextInt(100)));
            try {
                switch (random.nextInt(3)) {
                    case 0 -> client.get(URL, (spec) -> spec.total(ofMillis(1 + random.nextInt(400))));
                    case 1 -> client.leave(URL, 10);
                    default -> client.stream(URL, (head) -> {
                    });
                }
            }
            catch (ClientException ex) {
                seen.add(ex.getClass());
            }
            assertThat(bulkhead().running()).as("after call %d", i).isZero();
        }
        assertThat(seen).contains(CircuitOpenException.class, RateLimitedException.class,
                ConnectionLostException.class);
    }

    private static Answer random(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> status(503);
            case 1 -> status(302, "Location: /b");
            case 2 -> status(302, "Location: http://[bad");
            case 3 -> failure(new ConnectionLostException(Phase.HEAD, "lost", null));
            case 4 -> failure(new ConnectionFailedException("refused", null));
            default -> ok("x".repeat(200));
        };
    }

    /** An upstream that answers when the test says so. */
    private static final class Held {

        private final CountDownLatch entered = new CountDownLatch(1);

        private final CountDownLatch released = new CountDownLatch(1);

        private final AtomicInteger running = new AtomicInteger();

        private final AtomicInteger most = new AtomicInteger();

        FakeUpstream upstream() {
            Function<Request, Answer> script = (request) -> {
                this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
                this.entered.countDown();
                try {
                    assertThat(this.released.await(20, TimeUnit.SECONDS)).isTrue();
                }
                catch (InterruptedException ex) {
                    throw new AssertionError(ex);
                }
                finally {
                    this.running.decrementAndGet();
                }
                return ok("");
            };
            return new FakeUpstream(script);
        }

        CompletableFuture<Integer> begin(LaneClient client) throws InterruptedException {
            CompletableFuture<Integer> call = call(client);
            assertThat(this.entered.await(20, TimeUnit.SECONDS)).isTrue();
            return call;
        }

        CompletableFuture<Integer> call(LaneClient client) {
            CompletableFuture<Integer> status = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    status.complete(client.request(HttpMethod.GET, URL, (spec) -> {
                    }).statusCode());
                }
                catch (Throwable ex) {
                    status.completeExceptionally(ex);
                }
            });
            thread.start();
            return status;
        }

        void release() {
            this.released.countDown();
        }

    }

}
