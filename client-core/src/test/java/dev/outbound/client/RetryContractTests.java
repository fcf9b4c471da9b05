package dev.outbound.client;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.RetriesExhaustedException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.Attempt;
import dev.outbound.client.retry.RetryListener;
import dev.outbound.client.retry.RetryOn;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.retry.RetryPolicyBuilder;
import dev.outbound.client.retry.RetryStatistics;
import dev.outbound.client.retry.Stop;
import dev.outbound.client.retry.Wait;

import static dev.outbound.client.lab.FakeUpstream.failure;
import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Retries of a client, blocking and reactive from one body, on virtual time. Rows of the
 * fault matrix carry their number.
 */
class RetryContractTests {

    private static final String URL = "http://shop.test/a";

    private final TestClock clock = new TestClock();

    private FakeUpstream upstream = FakeUpstream.answering(ok(""));

    @AfterEach
    void nothingLeaks() {
        assertThat(this.upstream.open()).isZero();
    }

    private LaneClient client(Lane lane, RetryPolicy policy, Answer... answers) {
        this.upstream = FakeUpstream.answering(answers);
        return lane.client(this.upstream, this.clock, (builder) -> builder.retry(policy));
    }

    private static RetryPolicyBuilder exact() {
        return RetryPolicy.builder().noJitter();
    }

    private static Answer lost(String message) {
        return failure(new ConnectionLostException(Phase.HEAD, message, null));
    }

    @ParameterizedTest
    @EnumSource
    void g1_twoFailuresThenSuccess(Lane lane) {
        Response response = client(lane, RetryPolicy.defaults(), status(503), status(503), ok("third")).get(URL);
        assertThat(response.text()).isEqualTo("third");
        assertThat(response.context().attempt()).isEqualTo(3);
        assertThat(this.upstream.requests()).hasSize(3);
        assertThat(this.clock.waits()).hasSize(2);
        assertThat(this.clock.waits().get(0)).isBetween(Duration.ZERO, ofMillis(200));
        assertThat(this.clock.waits().get(1)).isBetween(Duration.ZERO, ofMillis(400));
    }

    @ParameterizedTest
    @EnumSource
    void g2_aPostIsNotRepeated(Lane lane) {
        Response response = client(lane, RetryPolicy.defaults(), status(503), ok("")).post(URL,
                (spec) -> spec.text("order"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(this.upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void g3_secondsAreWaitedFor(Lane lane) {
        client(lane, RetryPolicy.defaults(), status(503, "Retry-After: 2"), ok("")).get(URL);
        assertThat(this.clock.waits()).singleElement()
            .satisfies((wait) -> assertThat(wait).isBetween(ofSeconds(2), ofMillis(2200)));
    }

    @ParameterizedTest
    @EnumSource
    void g4_datesAreComparedWithTheServersClock(Lane lane) {
        client(lane, exact().build(),
                status(503, "Date: Sun, 06 Nov 1994 08:49:35 GMT", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"),
                status(503, "Date: Sun, 06 Nov 1994 08:49:39 GMT", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"),
                ok(""))
            .get(URL);
        assertThat(this.clock.waits()).containsExactly(ofSeconds(2), ofMillis(400));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({ "BLOCKING, soon", "REACTIVE, soon", "BLOCKING, -5", "REACTIVE, -5", "BLOCKING, 1.5", "REACTIVE, 1.5",
            "BLOCKING, ''", "REACTIVE, ''", "BLOCKING, '1, 2'", "REACTIVE, '1, 2'" })
    void g5_garbageIsIgnored(Lane lane, String value) {
        client(lane, exact().build(), status(503, "Retry-After: " + value), ok("")).get(URL);
        assertThat(this.clock.waits()).containsExactly(ofMillis(200));
    }

    @ParameterizedTest
    @EnumSource
    void g6_aHugeRetryAfterDeliversTheResponseAtOnce(Lane lane) {
        LaneClient client = client(lane, RetryPolicy.defaults(), status(503, "Retry-After: 99999999999999999999"));
        Response response = client.get(URL, (spec) -> spec.total(null));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(this.upstream.requests()).hasSize(1);
        assertThat(this.clock.waits()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void g7_aRetryAfterBeyondTheDeadlineDeliversTheResponseAtOnce(Lane lane) {
        LaneClient client = client(lane, exact().maxRetryAfter(ofSeconds(90)).build(), status(503, "Retry-After: 60"));
        Response response = client.get(URL, (spec) -> spec.total(ofSeconds(10)));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.elapsed()).isZero();
        assertThat(this.clock.waits()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void g10_aBodyThatCannotBeSentAgainIsNot(Lane lane) {
        LaneClient client = client(lane, RetryPolicy.defaults(), status(503), ok(""));
        Response response = client.request(HttpMethod.PUT, URL,
                (spec) -> spec.body(RequestBody.stream(new ByteArrayInputStream(new byte[3]), 3)));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(this.upstream.requests()).hasSize(1);
        assertThat(this.clock.waits()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void g11_aTimeoutIsFollowedByAnotherAttempt(Lane lane) {
        Response response = client(lane, RetryPolicy.defaults(),
                failure(new ReadTimeoutException(Phase.HEAD, "no byte for 5 s", null)), ok("second"))
            .get(URL);
        assertThat(response.text()).isEqualTo("second");
        assertThat(this.upstream.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void g12_aWaitBeyondTheDeadlineIsNotBegun(Lane lane) {
        LaneClient client = client(lane, exact().delay(ofSeconds(5)).build(), lost("first"));
        assertThatExceptionOfType(ConnectionLostException.class)
            .isThrownBy(() -> client.get(URL, (spec) -> spec.total(ofSeconds(5))))
            .withMessageContaining("first");
        assertThat(this.clock.waits()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void g12_theDeadlineHoldsWhenTheWaitEndsTooLate(Lane lane) {
        LaneClient client = client(lane, exact().listener(new RetryListener() {

            @Override
            public void beforeWait(Attempt attempt, Duration delay) {
                RetryContractTests.this.clock.advance(ofSeconds(60));
            }

        }).build(), lost("first"));
        assertThatExceptionOfType(TotalTimeoutException.class).isThrownBy(() -> client.get(URL))
            .satisfies((ex) -> assertThat(ex).hasSuppressedException(new ConnectionLostException(Phase.HEAD,
                    "GET http://shop.test/a: first (phase head, attempt 1, after 0.000 s)", null)));
    }

    @ParameterizedTest
    @EnumSource
    void g14_aConditionThatThrowsLeavesTheFailure(Lane lane) {
        RetryPolicy policy = RetryPolicy.builder().retryOn((attempt) -> {
            throw new UnsupportedOperationException("condition");
        }).build();
        LaneClient client = client(lane, policy, lost("first"));
        assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> client.get(URL))
            .satisfies((ex) -> assertThat(ex.getSuppressed())
                .anyMatch((other) -> other instanceof UnsupportedOperationException));
        assertThat(this.upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void sendsTheSameKeyInAllAttemptsOfACall(Lane lane) {
        LaneClient client = client(lane, exact().idempotencyKey(true).build(), status(503), lost("second"), ok(""),
                status(503), ok(""), ok(""), ok(""));
        client.post(URL, (spec) -> spec.text("order"));
        client.post(URL, (spec) -> spec.text("order"));
        client.get(URL);
        client.post(URL, (spec) -> spec.header("idempotency-key", "mine"));
        List<String> keys = this.upstream.requests().stream().map(RetryContractTests::key).toList();
        assertThat(keys.subList(0, 3)).hasSize(3).containsOnly(keys.get(0));
        assertThat(keys.subList(3, 5)).hasSize(2).containsOnly(keys.get(3));
        assertThat(keys.get(0)).matches("[0-9a-f-]{36}").isNotEqualTo(keys.get(3));
        assertThat(keys.subList(5, 7)).containsExactly("none", "mine");
    }

    private static String key(Request request) {
        String key = request.fields().first("Idempotency-Key");
        return (key != null) ? key : "none";
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheKeyThroughARedirect(Lane lane) {
        this.upstream = FakeUpstream.answering(status(308, "Location: /b"), status(503), ok(""));
        LaneClient client = lane.client(this.upstream, this.clock,
                (builder) -> builder.retry(exact().idempotencyKeys(() -> "k").build())
                    .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 3)));
        client.post(URL, (spec) -> spec.text("order"));
        assertThat(this.upstream.requests()).extracting((request) -> request.url().path() + " " + key(request))
            .containsExactly("/a k", "/b k", "/b k");
    }

    @ParameterizedTest
    @EnumSource
    void deliversTheLastResponseWhenGivingUp(Lane lane) {
        Response response = client(lane, exact().build(), status(503).withBody("busy")).get(URL);
        assertThat(response.text()).isEqualTo("busy");
        assertThat(response.context().attempt()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void throwsWithAllAttemptsWhenAskedTo(Lane lane) {
        LaneClient client = client(lane, exact().throwWhenExhausted(true).build(), lost("first"),
                status(429, "X-Limit: 7"), status(503).withBody("busy"));
        assertThatExceptionOfType(RetriesExhaustedException.class).isThrownBy(() -> client.get(URL))
            .withMessageStartingWith("GET http://shop.test/a: given up after 3 attempts, because all retries are used"
                    + " up; the last one: status 503 (attempt 3, after 0.600 s)")
            .withNoCause()
            .satisfies((ex) -> {
                assertThat(ex.attempts()).extracting(Object::toString)
                    .containsExactly("attempt 1: ConnectionLostException after PT0S",
                            "attempt 2: status 429 after PT0.2S", "attempt 3: status 503 after PT0.6S");
                assertThat(ex.attempts().get(1).result()).isInstanceOfSatisfying(ResponseHead.class,
                        (head) -> assertThat(head.first("x-limit")).isEqualTo("7"));
                assertThat(ex.last().result()).isInstanceOfSatisfying(Response.class,
                        (response) -> assertThat(response.text()).isEqualTo("busy"));
                assertThat(ex.getSuppressed()).anyMatch((other) -> other instanceof ConnectionLostException);
            });
    }

    @ParameterizedTest
    @EnumSource
    void throwsForAFailureAndForAStreamWhenAskedTo(Lane lane) {
        LaneClient client = client(lane, exact().maxRetries(0).throwWhenExhausted(true).build(), lost("first"),
                status(503).withBody("busy"));
        assertThatExceptionOfType(RetriesExhaustedException.class).isThrownBy(() -> client.get(URL))
            .withCauseInstanceOf(ConnectionLostException.class)
            .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.HEAD));
        assertThatExceptionOfType(RetriesExhaustedException.class).isThrownBy(() -> client.stream(URL, (response) -> {
        })).satisfies((ex) -> assertThat(ex.last().result()).isInstanceOf(ResponseHead.class));
    }

    @ParameterizedTest
    @EnumSource
    void throwsNothingOfItsOwnForWhatIsNotToBeRepeated(Lane lane) {
        LaneClient client = client(lane, exact().throwWhenExhausted(true).build(), status(404), status(503));
        assertThat(client.get(URL).statusCode()).isEqualTo(404);
        assertThat(client.post(URL, (spec) -> spec.text("order")).statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @EnumSource
    void repeatsAGoodResponseThatAConditionDoesNotTake(Lane lane) {
        RetryPolicy polling = RetryPolicy.builder()
            .retryOn(RetryOn.status(202).or(RetryOn.defaults()))
            .backOff(Wait.chain(Wait.none(), Wait.fixed(ofSeconds(1))))
            .stop(Stop.afterAttempts(5))
            .build();
        Response response = client(lane, polling, status(202), status(202), status(503), ok("done")).get(URL);
        assertThat(response.text()).isEqualTo("done");
        assertThat(this.clock.waits()).containsExactly(ofSeconds(1), ofSeconds(1));
    }

    @ParameterizedTest
    @EnumSource
    void waitsForTheRateLimitWhenAskedTo(Lane lane) {
        client(lane, exact().rateLimitReset(true).build(),
                status(429, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 7"), ok(""))
            .get(URL);
        assertThat(this.clock.waits()).containsExactly(ofSeconds(7));
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheListenerInOrder(Lane lane) {
        List<String> told = new ArrayList<>();
        RetryListener listener = new RetryListener() {

            @Override
            public void before(Attempt attempt) {
                Request request = attempt.request();
                told.add("before " + attempt.number() + " " + ((request != null) ? request.url().path() : "none"));
            }

            @Override
            public void after(Attempt attempt) {
                told.add("after " + attempt);
            }

            @Override
            public void beforeWait(Attempt attempt, Duration delay) {
                told.add("wait " + delay);
            }

            @Override
            public void ended(RetryStatistics statistics) {
                told.add("ended " + statistics.attempts() + " " + statistics.waited() + " " + statistics.reason());
            }

        };
        LaneClient client = client(lane, exact().maxRetries(1).listener(listener).build(), lost("first"), status(503));
        client.get(URL);
        assertThat(told).containsExactly("before 1 /a", "after attempt 1: ConnectionLostException after PT0S",
                "wait PT0.2S", "before 2 /a", "after attempt 2: status 503 after PT0.2S", "ended 2 PT0.2S attempts");
        told.clear();
        client.get(URL, (Consumer<RequestSpec>) (spec) -> spec.retry(null));
        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void failuresKnowTheAttemptInWhichTheyHappened(Lane lane) {
        LaneClient client = client(lane, exact().build(), lost("one"), lost("two"), lost("three"));
        assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("three (phase head, attempt 3, after 0.600 s)")
            .satisfies((ex) -> assertThat(ex.getSuppressed()).filteredOn(ConnectionLostException.class::isInstance)
                .extracting(Throwable::getMessage)
                .anyMatch((message) -> message.contains("one (phase head, attempt 1"))
                .anyMatch((message) -> message.contains("two (phase head, attempt 2")));
    }

}
