package dev.outbound.client.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.FailedAttempt;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.RetriesExhaustedException;
import dev.outbound.client.retry.RetryDecision.Reason;

/**
 * The attempts of one call: counts them, asks the policy, tells its listener, remembers.
 * Whoever makes the attempts says when one {@linkplain #begin begins} and what came of it
 * when it has {@linkplain #ended}, does what that answers, and at last {@linkplain #close
 * closes}.
 * <p>
 * Times are nanoseconds of one clock. Not thread-safe: one thing after the other.
 *
 * @since 0.1
 */
public final class RetryRun {

    private final RetryPolicy policy;

    private final RetryListener listener;

    private final DoubleSupplier random;

    private final long started;

    private final long startedMillis;

    private int number;

    private boolean begun;

    private boolean closed;

    private Duration waited = Duration.ZERO;

    private @Nullable Reason reason;

    private @Nullable List<Throwable> failures;

    private @Nullable List<FailedAttempt> attempts;

    /**
     * Begin a call.
     * @param policy decides
     * @param random draws numbers from 0 (inclusive) to 1 (exclusive)
     * @param now the time
     * @param millis the same as time of day, in milliseconds since 1970
     */
    public RetryRun(RetryPolicy policy, DoubleSupplier random, long now, long millis) {
        this.policy = policy;
        this.listener = policy.listener();
        this.random = random;
        this.started = now;
        this.startedMillis = millis;
    }

    /**
     * See that an attempt begins. Does nothing within an attempt, which may send several
     * requests.
     * @param request what is sent, or {@code null} for other code than a client's
     * @param now the time
     */
    public void begin(@Nullable Request request, long now) {
        if (!this.begun) {
            this.begun = true;
            this.number++;
            if (this.listener != RetryListeners.NONE) {
                this.listener.before(attempt(request, null, null, now));
            }
        }
    }

    /**
     * See what came of the attempt.
     * @param request what was sent last, or {@code null} for other code than a client's
     * @param result what it gave, for example the head of a response
     * @param failure what it failed with, or {@code null}
     * @param now the time
     * @param limit is asked about an attempt that the policy wants after some time, and
     * returns what stands in its way, or {@code null}
     * @return whether to try again
     */
    public RetryDecision ended(@Nullable Request request, @Nullable Object result, @Nullable Throwable failure,
            long now, Function<Duration, @Nullable Reason> limit) {
        RetryDecision decision = isFinal(failure) ? RetryDecision.stop(Reason.OUTCOME)
                : decide(attempt(request, result, failure, now), limit);
        Duration delay = decision.delay();
        this.reason = decision.reason();
        if (delay != null) {
            this.begun = false;
            this.waited = Durations.sum(this.waited, delay);
            remember(failure);
        }
        return decision;
    }

    private RetryDecision decide(Attempt attempt, Function<Duration, @Nullable Reason> limit) {
        try {
            RetryDecision decision = this.policy.decide(attempt);
            Duration delay = decision.delay();
            Reason obstacle = (delay != null) ? limit.apply(delay) : decision.reason();
            if (obstacle != null && !obstacle.isGivingUp()) {
                return decision;
            }
            remember(attempt);
            this.listener.after(attempt);
            if (delay == null || obstacle != null) {
                return (obstacle != null) ? RetryDecision.stop(obstacle) : decision;
            }
            this.listener.beforeWait(attempt, delay);
            return decision;
        }
        catch (RuntimeException ex) {
            // Whatever the policy's mistake, the user must learn what happened.
            Throwable failure = attempt.failure();
            if (failure == null || failure == ex) {
                throw ex;
            }
            failure.addSuppressed(ex);
            return RetryDecision.stop(Reason.OUTCOME);
        }
    }

    /** What somebody wanted to end is not to be repeated, whatever the policy says. */
    private static boolean isFinal(@Nullable Throwable failure) {
        return failure instanceof CancelledException || failure instanceof InterruptedException
                || failure instanceof Error;
    }

    private Attempt attempt(@Nullable Request request, @Nullable Object result, @Nullable Throwable failure, long now) {
        Instant time = Instant.ofEpochMilli(this.startedMillis).plusNanos(now - this.started);
        return new Attempt(this.number, request, result, failure, Duration.ofNanos(now - this.started), this.waited,
                time, this.random);
    }

    private void remember(@Nullable Throwable failure) {
        if (failure != null) {
            if (this.failures == null) {
                this.failures = new ArrayList<>(2);
            }
            this.failures.add(failure);
        }
    }

    private void remember(Attempt attempt) {
        if (this.policy.throwsWhenExhausted()) {
            if (this.attempts == null) {
                this.attempts = new ArrayList<>(3);
            }
            // A body that breaks after the last attempt was judged has it judged again.
            this.attempts.removeIf((other) -> other.number() == attempt.number());
            ResponseHead response = attempt.response();
            // A transport's response is over soon; what it said is kept.
            Object result = (response != null && response == attempt.result()) ? ResponseHead.of(response.statusCode(),
                    response.reasonPhrase(), response.httpVersion(), response.fields()) : attempt.result();
            this.attempts.add(new FailedAttempt(attempt.number(), result, attempt.failure(), attempt.elapsed()));
        }
    }

    /**
     * Return what the call fails with when its attempts are used up and the policy wants
     * a failure of its own for that.
     * @param last the result of the last attempt where more is known of it by now, for
     * example a response that was read; or {@code null}
     * @return the failure, or {@code null} when the last outcome is to be handed out
     */
    public @Nullable RetriesExhaustedException exhausted(@Nullable Object last) {
        if (this.reason == null || !this.reason.isGivingUp() || this.attempts == null) {
            return null;
        }
        List<FailedAttempt> attempts = new ArrayList<>(this.attempts);
        FailedAttempt attempt = attempts.get(attempts.size() - 1);
        if (last != null) {
            attempts.set(attempts.size() - 1, attempt.withResult(last));
        }
        return new RetriesExhaustedException(attempts, this.reason.text());
    }

    /**
     * Add the failures of earlier attempts to a failure that ends the call, as
     * suppressed.
     * @param failure the failure
     */
    public void suppress(Throwable failure) {
        if (this.failures != null) {
            List<Throwable> known = List.of(failure.getSuppressed());
            this.failures.stream()
                .distinct()
                .filter((other) -> other != failure && other != failure.getCause() && !known.contains(other))
                .forEach(failure::addSuppressed);
        }
    }

    /**
     * Return how many attempts have begun.
     * @return the number, or the number of the attempt that runs
     */
    public int attempts() {
        return this.number;
    }

    /**
     * Return what the call has taken so far.
     * @param now the time
     * @return the figures
     */
    public RetryStatistics statistics(long now) {
        return new RetryStatistics(this.number, this.waited, Duration.ofNanos(now - this.started), this.reason);
    }

    /**
     * End the call. Does nothing the second time.
     * @param now the time
     */
    public void close(long now) {
        if (!this.closed) {
            this.closed = true;
            if (this.listener == RetryListeners.NONE) {
                return;
            }
            try {
                this.listener.ended(statistics(now));
            }
            catch (RuntimeException ex) {
                // The call has its outcome, and nobody waits for another one.
            }
        }
    }

}
