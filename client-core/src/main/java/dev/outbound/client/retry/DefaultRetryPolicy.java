package dev.outbound.client.retry;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

import dev.outbound.client.http.NetworkException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.ClientTimeoutException;
import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.retry.RetryDecision.Reason;

/**
 * The policy that settings describe.
 *
 * @param jitter the largest deviation, or {@code null} for full jitter
 */
record DefaultRetryPolicy(int maxRetries, Duration delay, double multiplier, Duration maxDelay,
        @Nullable Duration jitter, Duration maxRetryAfter, Set<Integer> statuses) implements RetryPolicy {

    @Override
    public RetryDecision decide(Attempt attempt) {
        RequestException failure = attempt.failure();
        ResponseHead response = attempt.response();
        boolean sent = failure == null || !isBeforeRequest(failure);
        if ((failure != null) ? !isTransient(failure)
                : response == null || !this.statuses.contains(response.statusCode())) {
            return RetryDecision.stop(Reason.OUTCOME);
        }
        if (sent && !attempt.request().isIdempotent()) {
            return RetryDecision.stop(Reason.METHOD);
        }
        if (attempt.number() > this.maxRetries) {
            return RetryDecision.stop(Reason.ATTEMPTS);
        }
        Duration delay = backOff(attempt);
        Duration asked = (response != null) ? RetryAfter.of(response, attempt.now()) : null;
        if (asked == null || asked.compareTo(delay) <= 0) {
            return RetryDecision.retryAfter(delay);
        }
        return (asked.compareTo(this.maxRetryAfter) > 0) ? RetryDecision.stop(Reason.RETRY_AFTER)
                : RetryDecision.retryAfter(asked);
    }

    private static boolean isBeforeRequest(RequestException failure) {
        Phase phase = failure.phase();
        return phase != null && phase.isBeforeRequest();
    }

    private static boolean isTransient(RequestException failure) {
        if (failure instanceof CancelledException || failure instanceof TotalTimeoutException
                || failure instanceof BlockedAddressException) {
            return false;
        }
        return failure instanceof ClientTimeoutException || failure instanceof NetworkException
                || failure instanceof ProxyException;
    }

    /** The delay before the retry that follows this attempt. */
    private Duration backOff(Attempt attempt) {
        double millis = interval(attempt.number());
        if (this.jitter == null) {
            return ofMillis(millis * attempt.random());
        }
        double deviation = this.jitter.toMillis() * (2 * attempt.random() - 1);
        return ofMillis(Math.min(Math.max(0, millis + deviation), this.maxDelay.toMillis()));
    }

    private long interval(int retry) {
        if (this.delay.isZero()) {
            return 0;
        }
        ExponentialBackOff backOff = new ExponentialBackOff(this.delay.toMillis(), this.multiplier);
        backOff.setMaxInterval(Math.max(1, this.maxDelay.toMillis()));
        BackOffExecution execution = backOff.start();
        long interval = 0;
        for (int i = 0; i < retry; i++) {
            interval = execution.nextBackOff();
        }
        return Math.min(interval, this.maxDelay.toMillis());
    }

    private static Duration ofMillis(double millis) {
        return Duration.ofNanos((long) (millis * 1_000_000));
    }

    @Override
    public String toString() {
        return "max-retries=" + this.maxRetries + ", delay=" + this.delay + ", multiplier=" + this.multiplier
                + ", max-delay=" + this.maxDelay + ", jitter=" + ((this.jitter != null) ? this.jitter : "full")
                + ", max-retry-after=" + this.maxRetryAfter + ", statuses=" + new java.util.TreeSet<>(this.statuses);
    }

}
