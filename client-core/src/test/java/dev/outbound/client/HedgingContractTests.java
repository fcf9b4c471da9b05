package dev.outbound.client;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.guard.Bulkhead;
import dev.outbound.client.guard.BulkheadSettings;
import dev.outbound.client.guard.CircuitBreakerSettings;
import dev.outbound.client.guard.RateLimiterSettings;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.ProgressListener;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.HedgePolicy;
import dev.outbound.client.retry.Hedges;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.PoolStatistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Second sends on real sockets, blocking and reactive from one body. A request that waits
 * for its answer has its connection to itself, so each send is one of the server's.
 */
@Timeout(60)
class HedgingContractTests {

    private static final Duration SOON = Duration.ofMillis(100);

    private static final String WARM_UP = "POST /warm-up";

    private static final Duration LONG = Duration.ofSeconds(10);

    private final AtomicInteger requests = new AtomicInteger();

    private RawServer server = RawServer.start((connection) -> {
    });

    private Session session = Client.builder().session();

    /** What the server does with a request, which it counts from 1. */
    private interface Play {

        void answer(int number, Connection connection) throws Exception;

    }

    @AfterEach
    void nothingLeaks() {
        long end = System.nanoTime() + LONG.toNanos();
        while (this.session.pools().stream().anyMatch((pool) -> pool.active() + pool.pending() > 0)) {
            assertThat(System.nanoTime()).as("figures %s", figures()).isLessThan(end);
            Thread.onSpinWait();
        }
        Bulkhead bulkhead = this.session.guard().bulkhead();
        assertThat((bulkhead != null) ? bulkhead.running() : 0).isZero();
        this.session.close();
        this.server.awaitOpen(0);
        assertThat(this.server.failures()).isEmpty();
        this.server.close();
    }

    private List<String> figures() {
        return this.session.pools().stream().map(HedgingContractTests::figures).toList();
    }

    private static String figures(PoolStatistics pool) {
        return pool.active() + " active, " + pool.pending() + " pending";
    }

    private LaneClient client(EngineLane lane, Play play, Consumer<ClientBuilder> settings) {
        this.server.close();
        this.server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith(WARM_UP)) {
                connection.respond(200, "");
            }
            else {
                play.answer(this.requests.incrementAndGet(), connection);
            }
        }));
        ClientBuilder builder = Client.builder()
            .name("lab")
            .engine(lane.engine())
            .baseUrl(this.server.url())
            .timeout(LONG)
            .total(LONG)
            .hedging(HedgePolicy.after(SOON));
        settings.accept(builder);
        this.session = builder.session();
        LaneClient client = lane.isBlocking() ? new LaneClient.Blocking(this.session.client())
                : new LaneClient.Reactive(this.session.reactiveClient());
        // Is not idempotent, and leaves an engine that works and a connection for the
        // first send, so that the second never comes before it.
        client.post("/warm-up", (spec) -> {
        });
        return client;
    }

    /** The heads of the requests without the one that warms up. */
    private List<String> sent() {
        return this.server.requests().stream().filter((head) -> !head.startsWith(WARM_UP)).toList();
    }

    private LaneClient client(EngineLane lane, Play play) {
        return client(lane, play, (builder) -> {
        });
    }

    private Hedges hedges() {
        Hedges hedges = this.session.hedges();
        assertThat(hedges).isNotNull();
        return hedges;
    }

    /** The first is never answered, any other one at once. */
    private static void second(int number, Connection connection) throws Exception {
        if (number == 1) {
            connection.hold();
        }
        else {
            connection.respond(200, "answer " + number);
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void theSecondAnswersForASlowFirst(EngineLane lane) {
        LaneClient client = client(lane, HedgingContractTests::second);
        long start = System.nanoTime();
        Response response = client.get("/a");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SOON, LONG.dividedBy(2));
        assertThat(response.text()).isEqualTo("answer 2");
        assertThat(response.context().attempt()).isEqualTo(1);
        assertThat(sent()).hasSize(2);
        assertThat(sent().get(1)).isEqualTo(sent().get(0));
        // The first one's connection is gone, the second one's is used again.
        this.server.awaitOpen(1);
        assertThat(client.get("/b").text()).isEqualTo("answer 3");
        assertThat(this.server.connections()).isEqualTo(2);
        assertThat(hedges().sent()).isEqualTo(1);
        assertThat(hedges().won()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstMayAnswerAfterAll(EngineLane lane) throws Exception {
        CountDownLatch hedged = new CountDownLatch(1);
        LaneClient client = client(lane, (number, connection) -> {
            if (number == 2) {
                hedged.countDown();
                connection.hold();
            }
            await(hedged);
            connection.respond(200, "answer " + number);
        });
        assertThat(client.get("/a").text()).isEqualTo("answer 1");
        this.server.awaitOpen(1);
        assertThat(client.get("/b").text()).isEqualTo("answer 3");
        assertThat(hedges().sent()).isEqualTo(1);
        assertThat(hedges().won()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoAnswersAtATimeOneIsGiven(EngineLane lane) {
        CyclicBarrier both = new CyclicBarrier(2);
        List<Sending> told = new CopyOnWriteArrayList<>();
        AtomicInteger responses = new AtomicInteger();
        LaneClient client = client(lane, (number, connection) -> {
            both.await(10, TimeUnit.SECONDS);
            connection.respond(200, "x".repeat(2000));
        }, (builder) -> builder.retryBudget(null).hedging(HedgePolicy.after(Duration.ofMillis(2))).hook(new Hook() {

            @Override
            public void onResponse(Request request, ResponseHead response) {
                responses.incrementAndGet();
            }

            @Override
            public void onAttempt(Sending sending) {
                told.add(sending);
            }

        }));
        told.clear();
        responses.set(0);
        for (int i = 1; i <= 50; i++) {
            assertThat(client.get("/a").text()).hasSize(2000);
            assertThat(told).hasSize(i).allSatisfy((sending) -> {
                assertThat(sending.reason()).isEqualTo(SendReason.CALL);
                assertThat(sending.failure()).isNull();
            });
            assertThat(responses).hasValue(i);
        }
        assertThat(sent()).hasSize(100);
        assertThat(this.session.statistics().attempts()).isEqualTo(1 + 50);
    }

    @ParameterizedTest
    @EnumSource
    void whatAnswersInTimeIsNotHedged(EngineLane lane) {
        LaneClient client = client(lane, (number, connection) -> connection.respond(200, "answer"),
                (builder) -> builder.hedging(HedgePolicy.after(LONG.dividedBy(2))));
        for (int i = 0; i < 20; i++) {
            client.get("/a");
        }
        assertThat(sent()).hasSize(20);
        assertThat(hedges().sent()).isZero();
        assertThat(Thread.getAllStackTraces().keySet())
            .noneMatch((thread) -> thread.getName().equals("outbound-hedge"));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotIdempotentIsSentOnce(EngineLane lane) {
        LaneClient client = client(lane, (number, connection) -> {
            connection.pause(SOON.multipliedBy(3));
            connection.respond(200, "answer");
        });
        client.post("/a", (spec) -> spec.text("x"));
        assertThat(sent()).hasSize(1);
        client.post("/a", (spec) -> spec.text("x").header("Idempotency-Key", "k"));
        assertThat(sent()).hasSize(3);
        assertThat(sent().get(2)).isEqualTo(sent().get(1));
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatCannotBeSentAgainIsSentOnce(EngineLane lane) {
        LaneClient client = client(lane, (number, connection) -> {
            connection.pause(SOON.multipliedBy(3));
            connection.respond(200, "answer");
        });
        client.request(HttpMethod.PUT, "/a",
                (spec) -> spec.body(RequestBody.stream(new ByteArrayInputStream(new byte[10]), 10)));
        assertThat(sent()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsListenedToIsSentOnce(EngineLane lane) {
        List<Long> received = new CopyOnWriteArrayList<>();
        LaneClient client = client(lane, (number, connection) -> {
            connection.pause(SOON.multipliedBy(3));
            connection.respond(200, "answer");
        });
        client.get("/a", (spec) -> spec.progress(new ProgressListener() {

            @Override
            public void received(long bytes, long total) {
                received.add(bytes);
            }

        }));
        assertThat(received).endsWith(6L);
        assertThat(sent()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void theRetryBudgetIsForHedgesToo(EngineLane lane) {
        RetryBudget budget = new RetryBudget(0, 0);
        LaneClient client = client(lane, (number, connection) -> {
            connection.pause(SOON.multipliedBy(3));
            connection.respond(200, "answer");
        }, (builder) -> builder.retryBudget(budget));
        double before = budget.balance(System.nanoTime());
        client.get("/a");
        assertThat(budget.balance(System.nanoTime())).isEqualTo(before - 1);
        while (budget.withdraw(System.nanoTime())) {
            assertThat(budget.balance(System.nanoTime())).isNotNegative();
        }
        int sent = sent().size();
        client.get("/a");
        assertThat(sent()).hasSize(sent + 1);
        assertThat(hedges().sent()).isEqualTo(1);
        assertThat(hedges().suppressed()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aPercentileIsLearntFromAnswers(EngineLane lane) {
        AtomicInteger slow = new AtomicInteger();
        LaneClient client = client(lane, (number, connection) -> {
            if (slow.getAndDecrement() == 1) {
                connection.hold();
            }
            connection.respond(200, "answer");
        }, (builder) -> builder.hedging(HedgePolicy.afterPercentile(50).withMinDelay(SOON)));
        for (int i = 0; i < 32; i++) {
            assertThat(hedges().delay()).isNull();
            client.get("/a");
        }
        assertThat(hedges().delay()).isNotNull().isBetween(SOON, LONG.dividedBy(4));
        slow.set(1);
        assertThat(client.get("/a").text()).isEqualTo("answer");
        assertThat(hedges().won()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void theDeadlineEndsBoth(EngineLane lane) {
        LaneClient client = client(lane, (number, connection) -> connection.hold());
        assertThatExceptionOfType(TotalTimeoutException.class)
            .isThrownBy(() -> client.get("/a", (spec) -> spec.total(Duration.ofMillis(200))));
        this.server.awaitConnections(2);
        this.server.awaitOpen(0);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsSentThatTheDeadlineWouldEnd(EngineLane lane) {
        LaneClient client = client(lane, (number, connection) -> connection.hold(),
                (builder) -> builder.hedging(HedgePolicy.after(Duration.ofMillis(100))));
        assertThatExceptionOfType(TotalTimeoutException.class)
            .isThrownBy(() -> client.get("/a", (spec) -> spec.total(Duration.ofMillis(90))));
        assertThat(sent()).hasSize(1);
        assertThat(hedges().sent()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whoGivesUpEndsBoth(EngineLane lane) throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        client(lane, (number, connection) -> {
            both.countDown();
            connection.hold();
        });
        BackgroundCall<Response> call = lane.isBlocking()
                ? BackgroundCall.onPlatformThread(() -> this.session.client().get("/a"))
                : BackgroundCall.subscribed(this.session.reactiveClient().get("/a"));
        await(both);
        call.cancel();
        this.server.awaitOpen(0);
        if (lane.isBlocking()) {
            assertThat(call.failure(LONG)).isInstanceOf(CancelledException.class)
                .hasMessageContaining("the calling thread was interrupted");
            assertThat(call.isInterrupted(LONG)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsForTheSecondCanGiveUpToo(EngineLane lane) throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch firstIsLost = new CountDownLatch(1);
        client(lane, (number, connection) -> {
            both.countDown();
            if (number == 1) {
                await(both);
                connection.rst();
                firstIsLost.countDown();
            }
            connection.hold();
        });
        BackgroundCall<Response> call = lane.isBlocking()
                ? BackgroundCall.onPlatformThread(() -> this.session.client().get("/a"))
                : BackgroundCall.subscribed(this.session.reactiveClient().get("/a"));
        await(firstIsLost);
        this.server.awaitOpen(1);
        call.cancel();
        this.server.awaitOpen(0);
        if (lane.isBlocking()) {
            assertThat(call.failure(LONG)).isInstanceOf(CancelledException.class)
                .hasMessageContaining("the calling thread was interrupted");
            assertThat(call.isInterrupted(LONG)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatIsClosedEndsBoth(EngineLane lane) throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        client(lane, (number, connection) -> {
            both.countDown();
            connection.hold();
        });
        BackgroundCall<Response> call = lane.isBlocking()
                ? BackgroundCall.onPlatformThread(() -> this.session.client().get("/a"))
                : BackgroundCall.subscribed(this.session.reactiveClient().get("/a"));
        await(both);
        this.session.close();
        assertThat(call.failure(LONG)).isInstanceOf(CancelledException.class)
            .hasMessageContaining("the client was closed");
        this.server.awaitOpen(0);
    }

    @ParameterizedTest
    @EnumSource
    void aFailureBeforeTheHedgeIsDueIsForTheRetries(EngineLane lane) {
        LaneClient client = client(lane, (number, connection) -> connection.rst(),
                (builder) -> builder.hedging(HedgePolicy.after(LONG.dividedBy(2))));
        assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> client.get("/a"));
        assertThat(sent()).hasSize(1);
        assertThat(hedges().sent()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aFailureOfOneWaitsForTheOther(EngineLane lane) {
        CountDownLatch hedged = new CountDownLatch(1);
        CountDownLatch lost = new CountDownLatch(1);
        LaneClient client = client(lane, (number, connection) -> {
            if (number == 1) {
                await(hedged);
                connection.rst();
                lost.countDown();
            }
            else {
                hedged.countDown();
                await(lost);
                this.server.awaitOpen(1);
                connection.respond(200, "answer " + number);
            }
        });
        assertThat(client.get("/a").text()).isEqualTo("answer 2");
        assertThat(client.get("/a", (spec) -> spec.total(LONG)).text()).isEqualTo("answer 3");
    }

    @ParameterizedTest
    @EnumSource
    void aBusyUpstreamIsNoAnswerWhileTheOtherRuns(EngineLane lane) {
        CountDownLatch busy = new CountDownLatch(1);
        LaneClient client = client(lane, (number, connection) -> {
            if (number == 1) {
                await(busy);
                connection.pause(Duration.ofMillis(100));
                connection.respond(200, "answer 1");
            }
            else {
                connection.respond(503, "busy");
                busy.countDown();
            }
        });
        assertThat(client.get("/a").text()).isEqualTo("answer 1");
    }

    @ParameterizedTest
    @EnumSource
    void twoThatFailAreOneAttemptForTheRetries(EngineLane lane) {
        CyclicBarrier both = new CyclicBarrier(2);
        LaneClient client = client(lane, (number, connection) -> {
            if (number <= 4) {
                both.await(10, TimeUnit.SECONDS);
            }
            connection.respond((number <= 4) ? 503 : 200, "answer " + number);
        }, (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ofMillis(1))));
        Response response = client.get("/a");
        assertThat(response.text()).isEqualTo("answer 5");
        assertThat(response.context().attempt()).isEqualTo(3);
        assertThat(this.session.statistics().attempts()).isEqualTo(1 + 3);
        assertThat(this.session.statistics().retries()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void theGuardSeesOneRequest(EngineLane lane) {
        LaneClient client = client(lane, HedgingContractTests::second,
                (builder) -> builder.bulkhead(BulkheadSettings.of(1))
                    .rateLimiter(RateLimiterSettings.of(1 + 1, Duration.ofMinutes(10)).withMaxWait(Duration.ZERO))
                    .circuitBreaker(CircuitBreakerSettings.defaults()));
        assertThat(client.get("/a").text()).isEqualTo("answer 2");
        assertThat(this.session.guard().circuitBreaker().calls()).isEqualTo(1 + 1);
        assertThat(this.session.guard().bulkhead().rejected()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamIsReadFromWhoeverAnswered(EngineLane lane) {
        LaneClient client = client(lane, (number, connection) -> {
            if (number % 2 == 1) {
                connection.hold();
            }
            else {
                connection.respond(200, "x".repeat(300_000));
            }
        });
        assertThat(client.stream("/a", (head) -> {
        })).isEqualTo(300_000);
        client.leave("/a", 10);
        assertThat(sent()).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void theDeadlineOfAStreamIsThatOfItsBody(EngineLane lane) {
        LaneClient client = client(lane, (number, connection) -> {
            if (number == 1) {
                connection.hold();
            }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome");
            connection.hold();
        }, (builder) -> builder.timeouts(builder.timeouts.withStreamTotal(Duration.ofMillis(200))));
        assertThatExceptionOfType(TotalTimeoutException.class).isThrownBy(() -> client.stream("/a", (head) -> {
        }));
        this.server.awaitOpen(0);
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatBreaksIsOfThisAttempt(EngineLane lane) {
        LaneClient client = client(lane, (number, connection) -> {
            if (number == 1) {
                connection.hold();
            }
            else if (number == 2) {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome");
                connection.fin();
            }
            else {
                connection.respond(200, "answer " + number);
            }
        }, (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ofMillis(1))));
        Response response = client.get("/a");
        assertThat(response.text()).isEqualTo("answer 3");
        assertThat(response.context().attempt()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void eachSecondSendIsAChildOfWhatIsObserved(EngineLane lane) {
        TestObservationRegistry registry = TestObservationRegistry.create();
        LaneClient client = client(lane, HedgingContractTests::second, (builder) -> builder.observations(registry));
        client.get("/a/{id}", 1);
        TestObservationRegistryAssert.assertThat(registry)
            .hasNumberOfObservationsWithNameEqualTo("http.client.requests", 1 + 1)
            .hasNumberOfObservationsWithNameEqualTo("http.client.attempts", 1)
            .hasObservationWithNameEqualTo("http.client.attempts")
            .that()
            .hasContextualNameEqualTo("http get hedge")
            .hasLowCardinalityKeyValue("reason", "hedge")
            .hasLowCardinalityKeyValue("status", "200")
            .hasLowCardinalityKeyValue("uri", "/a/{id}")
            .hasParentObservationContextMatching((parent) -> parent.getName().equals("http.client.requests"))
            .hasBeenStopped();
    }

    @ParameterizedTest
    @EnumSource
    void theObservationOfWhoeverLosesEnds(EngineLane lane) {
        CountDownLatch hedged = new CountDownLatch(1);
        TestObservationRegistry registry = TestObservationRegistry.create();
        LaneClient client = client(lane, (number, connection) -> {
            if (number == 2) {
                hedged.countDown();
                connection.hold();
            }
            await(hedged);
            connection.respond(200, "answer " + number);
        }, (builder) -> builder.observations(registry));
        client.get("/a");
        // The connection of the second is closed before, or while, its thread hears of
        // it.
        this.server.awaitOpen(1);
        long end = System.nanoTime() + LONG.toNanos();
        while (!isStopped(registry)) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
        TestObservationRegistryAssert.assertThat(registry)
            .hasObservationWithNameEqualTo("http.client.attempts")
            .that()
            .hasLowCardinalityKeyValue("exception", "CancelledException")
            .hasLowCardinalityKeyValue("outcome", "UNKNOWN");
    }

    private static boolean isStopped(TestObservationRegistry registry) {
        try {
            TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("http.client.attempts")
                .that()
                .hasBeenStopped();
            return true;
        }
        catch (AssertionError ex) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProbeIsNotHedged(EngineLane lane) {
        client(lane, (number, connection) -> {
            connection.pause(SOON.multipliedBy(3));
            connection.respond(200, "answer");
        });
        LaneClient probe = lane.isBlocking() ? new LaneClient.Blocking(this.session.probe())
                : new LaneClient.Reactive(this.session.reactiveProbe());
        assertThat(probe.get("/a").text()).isEqualTo("answer");
        assertThat(sent()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aChangeOfTheSettingsKeepsWhatIsKnownWhereThoseOfTheHedgesAreTheSame(EngineLane lane) {
        LaneClient client = client(lane, HedgingContractTests::second);
        client.get("/a");
        Hedges before = hedges();
        ClientBuilder same = Client.builder().name("lab").engine(lane.engine()).baseUrl(this.server.url());
        this.session.refresh(same.hedging(HedgePolicy.after(SOON)).header("X-A", "b"));
        assertThat(hedges()).isSameAs(before);
        assertThat(client.get("/a").text()).isEqualTo("answer 3");
        this.session.refresh(same.hedging(HedgePolicy.defaults()));
        assertThat(hedges().sent()).isZero();
        this.session.refresh(same.hedging(null));
        assertThat(this.session.hedges()).isNull();
        assertThatIllegalStateException().isThrownBy(() -> client.with((copy) -> copy.hedging(null)))
            .withMessageContaining("its hedging cannot be changed");
    }

}
