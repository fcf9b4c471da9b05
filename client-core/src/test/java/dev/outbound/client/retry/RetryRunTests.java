package dev.outbound.client.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.RetriesExhaustedException;
import dev.outbound.client.retry.RetryDecision.Reason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RetryRunTests {

    private static final Function<Duration, @Nullable Reason> NO_LIMIT = (delay) -> null;

    private final List<String> told = new ArrayList<>();

    private long now = 5000;

    private final RetryListener listener = new RetryListener() {

        @Override
        public void before(Attempt attempt) {
            told.add("before " + attempt.number());
        }

        @Override
        public void after(Attempt attempt) {
            told.add("after " + attempt.number());
        }

        @Override
        public void beforeWait(Attempt attempt, Duration delay) {
            told.add("wait " + delay.toMillis() + " after " + attempt.number());
        }

        @Override
        public void ended(RetryStatistics statistics) {
            told.add("ended " + statistics);
        }

    };

    private RetryRun run(RetryPolicy policy) {
        return new RetryRun(policy, () -> 0.5, this.now, 1_000_000);
    }

    private RetryPolicyBuilder policy() {
        return RetryPolicy.builder()
            .retryOn(RetryOn.exception())
            .backOff(Wait.fixed(Duration.ofMillis(7)))
            .stop(Stop.afterAttempts(2))
            .listener(this.listener);
    }

    private RetryDecision fail(RetryRun run, Throwable failure) {
        run.begin(null, this.now);
        return run.ended(null, null, failure, this.now, NO_LIMIT);
    }

    @Test
    void tellsInTheOrderOfTenacity() {
        RetryRun run = run(policy().build());
        assertThat(fail(run, new Exception()).delay()).hasMillis(7);
        this.now += TimeUnit.MILLISECONDS.toNanos(10);
        assertThat(fail(run, new Exception()).reason()).isEqualTo(Reason.ATTEMPTS);
        run.close(this.now);
        run.close(this.now);
        assertThat(this.told).containsExactly("before 1", "after 1", "wait 7 after 1", "before 2", "after 2",
                "ended RetryStatistics[attempts=2, waited=PT0.007S, elapsed=PT0.01S, reason=attempts]");
    }

    @Test
    void tellsNothingOfAnAttemptThatIsNotRepeated() {
        RetryRun run = run(policy().retryOn(RetryOn.never()).build());
        fail(run, new Exception());
        assertThat(this.told).containsExactly("before 1");
    }

    @Test
    void beginsAnAttemptOnce() {
        RetryRun run = run(policy().build());
        run.begin(null, this.now);
        run.begin(null, this.now);
        assertThat(run.attempts()).isEqualTo(1);
        assertThat(this.told).containsExactly("before 1");
    }

    @Test
    void givesTheAttemptWhatIsKnown() {
        List<Attempt> asked = new ArrayList<>();
        RetryPolicy policy = (attempt) -> {
            asked.add(attempt);
            return RetryDecision.retryAfter(Duration.ofSeconds(2));
        };
        RetryRun run = run(policy);
        ResponseHead response = Attempts.head(503);
        run.begin(null, this.now);
        run.ended(null, response, null, this.now, NO_LIMIT);
        this.now += 3_000_000_000L;
        fail(run, new Exception("second"));
        assertThat(asked.get(0).response()).isSameAs(response);
        assertThat(asked.get(0).waited()).isZero();
        Attempt second = asked.get(1);
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.failure()).hasMessage("second");
        assertThat(second.elapsed()).hasSeconds(3);
        assertThat(second.waited()).hasSeconds(2);
        assertThat(second.now()).isEqualTo(Instant.ofEpochMilli(1_003_000));
        assertThat(second.random()).isEqualTo(0.5);
        assertThat(second).hasToString("attempt 2: Exception after PT3S");
    }

    @ParameterizedTest
    @EnumSource(names = { "BODY", "DEADLINE", "BUDGET" })
    void stopsWhereALimitStandsInTheWay(Reason limit) {
        RetryRun run = run(policy().throwWhenExhausted(true).build());
        run.begin(null, this.now);
        RetryDecision decision = run.ended(null, null, new Exception("boom"), this.now, (delay) -> {
            assertThat(delay).hasMillis(7);
            return limit;
        });
        assertThat(decision).isEqualTo(RetryDecision.stop(limit));
        assertThat(this.told).containsExactly("before 1", "after 1");
        RetriesExhaustedException exhausted = run.exhausted(null);
        assertThat(exhausted).isNotNull()
            .hasMessage("given up after 1 attempt, because " + limit.text() + "; the last one: Exception")
            .hasRootCauseMessage("boom");
    }

    @Test
    void neverRepeatsWhatSomebodyWantedToEnd() {
        RetryRun run = run(policy().retryOn(RetryOn.always()).build());
        for (Throwable failure : List.of(new CancelledException(Phase.HEAD, "x", null), new InterruptedException(),
                new StackOverflowError())) {
            assertThat(fail(run, failure).reason()).isEqualTo(Reason.OUTCOME);
        }
    }

    @Test
    void remembersAllAttemptsWhenAskedTo() {
        RetryRun run = run(policy().retryOn(RetryOn.always()).throwWhenExhausted(true).build());
        fail(run, new IllegalStateException("first"));
        run.begin(null, this.now);
        run.ended(null, Attempts.head(503), null, this.now, NO_LIMIT);
        RetriesExhaustedException exhausted = run.exhausted(null);
        assertThat(exhausted).isNotNull()
            .hasNoCause()
            .hasMessage("given up after 2 attempts, because all retries are used up; the last one: status 503");
        assertThat(exhausted.attempts()).extracting(Object::toString)
            .containsExactly("attempt 1: IllegalStateException after PT0S", "attempt 2: status 503 after PT0S");
        assertThat(exhausted.last().number()).isEqualTo(2);
        assertThat(exhausted.phase()).isNull();
    }

    @Test
    void hasNoFailureOfItsOwnForWhatWasNotToBeRepeated() {
        RetryRun run = run(policy().retryOn(RetryOn.never()).throwWhenExhausted(true).build());
        fail(run, new Exception());
        assertThat(run.exhausted(null)).isNull();
    }

    @Test
    void suppressesEarlierFailuresOnce() {
        RetryRun run = run(policy().stop(Stop.never()).build());
        Exception first = new Exception("first");
        fail(run, first);
        fail(run, first);
        Exception last = new Exception("last");
        fail(run, last);
        run.suppress(last);
        run.suppress(last);
        assertThat(last.getSuppressed()).containsExactly(first);
    }

    @Test
    void g14_aConditionThatThrowsLeavesTheFailureOfTheAttempt() {
        RuntimeException mistake = new UnsupportedOperationException("condition");
        RetryRun run = run(policy().retryOn((attempt) -> {
            throw mistake;
        }).build());
        Exception failure = new Exception("original");
        assertThat(fail(run, failure).reason()).isEqualTo(Reason.OUTCOME);
        assertThat(failure.getSuppressed()).containsExactly(mistake);
    }

    @Test
    void g14_aListenerThatThrowsLeavesTheFailureOfTheAttempt() {
        RuntimeException mistake = new UnsupportedOperationException("listener");
        RetryRun run = run(policy().listener(new RetryListener() {

            @Override
            public void beforeWait(Attempt attempt, Duration delay) {
                throw mistake;
            }

            @Override
            public void ended(RetryStatistics statistics) {
                throw mistake;
            }

        }).build());
        Exception failure = new Exception("original");
        assertThat(fail(run, failure).reason()).isEqualTo(Reason.OUTCOME);
        assertThat(failure.getSuppressed()).containsExactly(mistake);
        run.close(this.now);
    }

    @Test
    void aConditionThatThrowsOnAResultIsThrown() {
        RuntimeException mistake = new UnsupportedOperationException("condition");
        RetryRun run = run((attempt) -> {
            throw mistake;
        });
        run.begin(null, this.now);
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(() -> run.ended(null, "result", null, this.now, NO_LIMIT))
            .isSameAs(mistake);
    }

}
