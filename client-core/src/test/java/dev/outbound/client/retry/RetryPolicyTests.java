package dev.outbound.client.retry;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.retry.RetryDecision.Reason;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RetryPolicyTests {

    private static final RequestException REFUSED = new ConnectionFailedException("refused", null);

    private static final RequestException LOST = new ConnectionLostException(Phase.HEAD, "lost", null);

    private static RetryDecision decide(RetryPolicy policy, Request request, @Nullable ResponseHead response,
            @Nullable RequestException failure) {
        return policy.decide(new Attempt(1, request, response, failure, Duration.ofSeconds(1), Attempts.NOW, 0.5));
    }

    private static RetryDecision decide(RetryPolicy policy, int number, int status, String... lines) {
        return policy.decide(Attempts.of(number, Attempts.head(status, lines), null));
    }

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            GET     | 503     | retry
            HEAD    | 503     | retry
            PUT     | 503     | retry
            DELETE  | 429     | retry
            OPTIONS | 502     | retry
            TRACE   | 504     | retry
            QUERY   | 503     | retry
            POST    | 503     | METHOD
            PATCH   | 429     | METHOD
            MKCOL   | 503     | METHOD
            GET     | 500     | OUTCOME
            GET     | 404     | OUTCOME
            POST    | 404     | OUTCOME
            GET     | lost    | retry
            POST    | lost    | METHOD
            POST    | refused | retry
            PATCH   | refused | retry
            """)
    void retriesWhatMayBe(String method, String outcome, String decision) {
        RequestException failure = outcome.equals("lost") ? LOST : outcome.equals("refused") ? REFUSED : null;
        RetryDecision made = decide(RetryPolicy.defaults(), Attempts.request(HttpMethod.valueOf(method)),
                (failure == null) ? Attempts.head(Integer.parseInt(outcome)) : null, failure);
        assertThat(made).isEqualTo(decision.equals("retry") ? RetryDecision.retryAfter(ofMillis(100))
                : RetryDecision.stop(Reason.valueOf(decision)));
    }

    @Test
    void retriesAPostThatIsMarkedOrHasAKey() {
        Request post = Attempts.request(HttpMethod.POST);
        ResponseHead response = Attempts.head(503);
        assertThat(decide(RetryPolicy.defaults(), post.withAttribute(Request.IDEMPOTENT, true), response, null).delay())
            .isNotNull();
        assertThat(decide(RetryPolicy.defaults(), post.withHeader("Idempotency-Key", "k"), response, null).delay())
            .isNotNull();
        assertThat(decide(RetryPolicy.builder().allowNonIdempotent(true).build(), post, response, null).delay())
            .isNotNull();
    }

    @Test
    void retriesOnlyTheMethodsThatAreNamed() {
        RetryPolicy policy = RetryPolicy.builder().methods(HttpMethod.GET, HttpMethod.POST).build();
        assertThat(decide(policy, Attempts.request(HttpMethod.GET), Attempts.head(503), null).delay()).isNotNull();
        assertThat(decide(policy, Attempts.request(HttpMethod.PUT), Attempts.head(503), null).reason())
            .isEqualTo(Reason.METHOD);
        assertThat(decide(policy, Attempts.request(HttpMethod.POST), Attempts.head(503), null).reason())
            .isEqualTo(Reason.METHOD);
        assertThat(decide(policy, Attempts.request(HttpMethod.POST), null, REFUSED).delay()).isNotNull();
    }

    @Test
    void looksAtNoMethodOfOtherCode() {
        Attempt attempt = new Attempt(1, null, null, LOST, Duration.ZERO, Duration.ZERO, Attempts.NOW, () -> 0.5);
        assertThat(RetryPolicy.defaults().decide(attempt).delay()).isNotNull();
    }

    @Nested
    class Stopping {

        @Test
        void afterTheRetries() {
            assertThat(decide(RetryPolicy.defaults(), 2, 503).delay()).isNotNull();
            assertThat(decide(RetryPolicy.defaults(), 3, 503).reason()).isEqualTo(Reason.ATTEMPTS);
            assertThat(decide(RetryPolicy.builder().maxRetries(0).build(), 1, 503).reason()).isEqualTo(Reason.ATTEMPTS);
        }

        @Test
        void beforeTheTimeout() {
            RetryPolicy policy = RetryPolicy.builder()
                .maxRetries(10)
                .timeout(ofSeconds(3))
                .delay(ofSeconds(1))
                .multiplier(1)
                .noJitter()
                .build();
            assertThat(decide(policy, 1, 503).delay()).hasSeconds(1);
            assertThat(decide(policy, 2, 503).reason()).isEqualTo(Reason.ATTEMPTS);
        }

        @Test
        void countsWhatTheServerAsks() {
            RetryPolicy policy = RetryPolicy.builder().timeout(ofSeconds(10)).noJitter().build();
            assertThat(decide(policy, 1, 503, "Retry-After", "8").delay()).hasSeconds(8);
            assertThat(decide(policy, 1, 503, "Retry-After", "9").reason()).isEqualTo(Reason.ATTEMPTS);
        }

        @Test
        void asTheStopSays() {
            RetryPolicy policy = RetryPolicy.builder().stop(Stop.never()).build();
            assertThat(decide(policy, 1_000_000, 503).delay()).isNotNull();
        }

    }

    @Nested
    class Asking {

        private final RetryPolicy exact = RetryPolicy.builder().noJitter().build();

        /** Fields of a 503, and the wait in milliseconds, -1 for none. */
        static final List<Arguments> ROWS = List.of(Arguments.of("no field", 200, new String[0]),
                Arguments.of("G3: seconds", 2000, new String[] { "Retry-After", "2" }),
                Arguments.of("less than the back-off", 200, new String[] { "Retry-After", "0" }),
                Arguments.of("G4: date by the server's clock", 2000,
                        new String[] { "Date", "Fri, 01 Jan 2027 00:00:00 GMT", "Retry-After",
                                "Fri, 01 Jan 2027 00:00:02 GMT" }),
                Arguments.of("G4: date in the past", 200,
                        new String[] { "Retry-After", "Sun, 22 Nov 2026 09:00:00 GMT" }),
                Arguments.of("G5: garbage", 200, new String[] { "Retry-After", "1.5" }),
                Arguments.of("G5: two values", 200, new String[] { "Retry-After", "2", "Retry-After", "3" }),
                Arguments.of("the longest", 30_000, new String[] { "Retry-After", "30" }),
                Arguments.of("over the longest", -1, new String[] { "Retry-After", "31" }),
                Arguments.of("G6: huge", -1, new String[] { "Retry-After", "99999999999999999999" }),
                Arguments.of("no rate limit unless told so", 200, new String[] { "X-RateLimit-Reset", "7" }));

        @ParameterizedTest(name = "{0}")
        @FieldSource("ROWS")
        void forTime(String name, int millis, String[] lines) {
            RetryDecision decision = decide(this.exact, 1, 503, lines);
            assertThat(decision).isEqualTo((millis >= 0) ? RetryDecision.retryAfter(ofMillis(millis))
                    : RetryDecision.stop(Reason.RETRY_AFTER));
        }

        @ParameterizedTest(name = "draw {0}: {1} ms")
        @CsvSource({ "0, 2000", "0.5, 2100", "0.999999999999, 2200" })
        void spreadsThoseWhoWereToldTheSame(double draw, long millis) {
            Attempt attempt = new Attempt(1, Attempts.request(HttpMethod.GET), Attempts.head(429, "Retry-After", "2"),
                    null, Duration.ZERO, Attempts.NOW, draw);
            assertThat(RetryPolicy.defaults().decide(attempt).delay()).hasMillis(millis);
        }

        @Test
        void neverWaitsLessNorBeyondTheLimit() {
            Attempt attempt = new Attempt(1, Attempts.request(HttpMethod.GET), Attempts.head(429, "Retry-After", "30"),
                    null, Duration.ZERO, Attempts.NOW, 0.99);
            assertThat(RetryPolicy.defaults().decide(attempt).delay()).hasSeconds(30);
            RetryPolicy patient = RetryPolicy.builder().maxRetryAfter(Durations.LONGEST).build();
            Attempt endless = new Attempt(1, Attempts.request(HttpMethod.GET),
                    Attempts.head(429, "Retry-After", "99999999999999999999"), null, Duration.ZERO, Attempts.NOW, 0.99);
            assertThat(patient.decide(endless).delay()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
        }

        @Test
        void byARateLimit() {
            RetryPolicy policy = RetryPolicy.builder().noJitter().rateLimitReset(true).build();
            assertThat(decide(policy, 1, 429, "X-RateLimit-Reset", "1795341607").delay()).hasSeconds(7);
            assertThat(decide(policy, 1, 429, "X-RateLimit-Reset", "1795343607").reason())
                .isEqualTo(Reason.RETRY_AFTER);
            assertThat(decide(policy, 1, 429, "X-RateLimit-Reset", "7", "Retry-After", "3").delay()).hasSeconds(3);
        }

        @Test
        void winsOverAShorterOwnWait() {
            RetryPolicy policy = RetryPolicy.builder().backOff(Wait.fixed(ofSeconds(5))).build();
            assertThat(decide(policy, 1, 503, "Retry-After", "4").delay()).hasSeconds(5);
            assertThat(decide(policy, 1, 503, "Retry-After", "6").delay()).isBetween(ofSeconds(6), ofMillis(6600));
        }

    }

    @Nested
    class Judging {

        @Test
        void looksOnlyAtItsStatuses() {
            RetryPolicy policy = RetryPolicy.builder().statuses(500, 503).build();
            assertThat(policy.judges(500)).isTrue();
            assertThat(policy.judges(502)).isFalse();
            assertThat(policy.judges(200)).isFalse();
        }

        @Test
        void looksAtEverythingWithAnOwnCondition() {
            assertThat(RetryPolicy.builder().retryOn(RetryOn.defaults()).build().judges(200)).isTrue();
        }

        @Test
        void looksAtErrorsWhereAFunctionDecides() {
            RetryPolicy policy = (attempt) -> RetryDecision.retryAfter(Duration.ZERO);
            assertThat(policy.judges(399)).isFalse();
            assertThat(policy.judges(400)).isTrue();
        }

    }

    @Nested
    class Keys {

        private final Request post = Attempts.request(HttpMethod.POST);

        @Test
        void areNotAddedUnlessAskedFor() {
            assertThat(RetryPolicy.defaults().prepare(this.post)).isSameAs(this.post);
        }

        @Test
        void areAddedWhereTheyAreNeeded() {
            RetryPolicy policy = RetryPolicy.builder().idempotencyKey(true).build();
            Request prepared = policy.prepare(this.post);
            assertThat(prepared.fields().first("Idempotency-Key")).matches("[0-9a-f-]{36}");
            assertThat(policy.prepare(this.post).fields()).isNotEqualTo(prepared.fields());
            assertThat(policy.prepare(prepared)).isSameAs(prepared);
            Request get = Attempts.request(HttpMethod.GET);
            assertThat(policy.prepare(get)).isSameAs(get);
        }

        @Test
        void mayBeOnesOwn() {
            RetryPolicy policy = RetryPolicy.builder().idempotencyKeys(() -> "\"own\"").build();
            assertThat(policy.prepare(this.post).fields().first("idempotency-key")).isEqualTo("\"own\"");
        }

    }

    @Nested
    class Building {

        @Test
        void refusesNumbersThatAreNone() {
            RetryPolicyBuilder builder = RetryPolicy.builder();
            assertThatIllegalArgumentException().isThrownBy(() -> builder.maxRetries(-1)).withMessageContaining("-1");
            assertThatIllegalArgumentException().isThrownBy(() -> builder.maxRetries(11))
                .withMessage("max-retries must be between 0 and 10, but is 11");
            assertThatIllegalArgumentException().isThrownBy(() -> builder.multiplier(0.5))
                .withMessage("multiplier must be at least 1, but is 0.5");
            assertThatIllegalArgumentException().isThrownBy(() -> builder.multiplier(Double.NaN));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.delay(ofMillis(-1)));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ZERO));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.statuses(200));
        }

        @Test
        void refusesSettingsThatExcludeEachOther() {
            assertThatIllegalStateException()
                .isThrownBy(() -> RetryPolicy.builder().maxRetries(1).stop(Stop.never()).build())
                .withMessageStartingWith("stop takes the place of maxRetries");
            assertThatIllegalStateException()
                .isThrownBy(() -> RetryPolicy.builder().delay(ofMillis(1)).noJitter().backOff(Wait.none()).build())
                .withMessageStartingWith("backOff takes the place of delay, jitter");
            assertThatIllegalStateException()
                .isThrownBy(() -> RetryPolicy.builder().statuses(503).retryOn(RetryOn.always()).build())
                .withMessageStartingWith("retryOn takes the place of statuses");
        }

        @Test
        void describesItself() {
            assertThat(RetryPolicy.defaults())
                .hasToString("max-retries=2, delay=PT0.2S, multiplier=2.0, max-delay=PT5S,"
                        + " jitter=full, max-retry-after=PT30S, statuses=[429, 502, 503, 504]");
            assertThat(RetryPolicy.builder()
                .stop(Stop.never())
                .backOff(Wait.none())
                .retryOn(RetryOn.never())
                .methods(HttpMethod.GET)
                .allowNonIdempotent(true)
                .rateLimitReset(true)
                .idempotencyKey(true)
                .throwWhenExhausted(true)
                .build()).asString()
                .contains("stop=custom", "back-off=custom", "on=custom", "methods=[GET]", "allow-non-idempotent",
                        "rate-limit-reset", "idempotency-key", "throw-when-exhausted");
        }

    }

    @Test
    void aDecisionIsEitherADelayOrAReason() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryDecision(null, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryDecision(Duration.ZERO, Reason.BODY));
        assertThatIllegalArgumentException().isThrownBy(() -> RetryDecision.retryAfter(ofMillis(-1)));
        assertThat(RetryDecision.retryAfter(Durations.LONGEST).delay()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

}
