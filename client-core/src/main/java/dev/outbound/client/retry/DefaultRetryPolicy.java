package dev.outbound.client.retry;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.retry.RetryDecision.Reason;

/**
 * The policy that settings describe.
 *
 * @param condition what is repeated, or {@code null} for transient failures and the
 * statuses
 * @param methods the only methods to repeat; none for all
 * @param spread the largest part of a {@code Retry-After} that is waited in addition
 * @param keys gives Idempotency-Keys, or {@code null} for none
 */
record DefaultRetryPolicy(@Nullable RetryOn condition, Set<Integer> statuses, Set<HttpMethod> methods,
        boolean allowNonIdempotent, Stop stop, String stopText, Wait backOff, Duration maxRetryAfter,
        boolean rateLimitReset, double spread, @Nullable Supplier<String> keys, RetryListener listener,
        boolean throwsWhenExhausted) implements RetryPolicy {

    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final RetryOn TRANSIENT_FAILURE = RetryOn.transientFailure();

    @Override
    public RetryDecision decide(Attempt attempt) {
        if (!isToBeRepeated(attempt)) {
            return RetryDecision.stop(Reason.OUTCOME);
        }
        if (!isAllowed(attempt)) {
            return RetryDecision.stop(Reason.METHOD);
        }
        Duration own = this.backOff.after(attempt);
        Duration asked = asked(attempt);
        boolean obeys = asked.compareTo(own) > 0;
        Duration delay = obeys ? spread(asked, attempt) : own;
        if (this.stop.stops(attempt, delay)) {
            return RetryDecision.stop(Reason.ATTEMPTS);
        }
        return (obeys && asked.compareTo(this.maxRetryAfter) > 0) ? RetryDecision.stop(Reason.RETRY_AFTER)
                : RetryDecision.retryAfter(delay);
    }

    private boolean isToBeRepeated(Attempt attempt) {
        if (attempt.failure() instanceof TryAgainException) {
            return true;
        }
        if (this.condition != null) {
            return this.condition.matches(attempt);
        }
        ResponseHead response = attempt.response();
        return (response != null) ? this.statuses.contains(response.statusCode()) : TRANSIENT_FAILURE.matches(attempt);
    }

    /** Code that makes no request is repeated because somebody said that it may be. */
    private boolean isAllowed(Attempt attempt) {
        Request request = attempt.request();
        if (request == null) {
            return true;
        }
        if (!this.methods.isEmpty() && !this.methods.contains(request.method())) {
            return false;
        }
        return this.allowNonIdempotent || request.isIdempotent() || isBeforeRequest(attempt.failure());
    }

    private static boolean isBeforeRequest(@Nullable Throwable failure) {
        Phase phase = (failure instanceof ClientException ex) ? ex.phase() : null;
        return phase != null && phase.isBeforeRequest();
    }

    /** How long the server asks to wait; zero when it does not. */
    private Duration asked(Attempt attempt) {
        ResponseHead response = attempt.response();
        if (response == null) {
            return Duration.ZERO;
        }
        Duration asked = RetryAfter.of(response, attempt.now());
        if (asked == null && this.rateLimitReset) {
            asked = RateLimitReset.of(response, attempt.now());
        }
        return (asked != null) ? asked : Duration.ZERO;
    }

    /** All who were told the same must not come back in the same moment. */
    private Duration spread(Duration asked, Attempt attempt) {
        if (this.spread == 0) {
            return asked;
        }
        Duration longest = Durations.ofNanos(Durations.nanos(asked) * (1 + this.spread));
        longest = Durations.longer(asked, Durations.shorter(longest, this.maxRetryAfter));
        return Durations.longer(asked, Durations.between(asked, longest, attempt.random()));
    }

    @Override
    public boolean judges(int status) {
        // All of them are errors: for a success, as nearly every call is, no set is
        // asked.
        return this.condition != null || (status >= 400 && this.statuses.contains(status));
    }

    @Override
    public Request prepare(Request request) {
        return (this.keys == null || request.isIdempotent()) ? request
                : request.withHeader(IDEMPOTENCY_KEY, this.keys.get());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(this.stopText).append(", ")
            .append((this.backOff instanceof BackOffWait) ? this.backOff : "back-off=custom")
            .append(", max-retry-after=")
            .append(this.maxRetryAfter)
            .append((this.condition != null) ? ", on=custom" : ", statuses=" + new TreeSet<>(this.statuses));
        if (!this.methods.isEmpty()) {
            text.append(", methods=").append(this.methods);
        }
        if (this.allowNonIdempotent) {
            text.append(", allow-non-idempotent");
        }
        if (this.rateLimitReset) {
            text.append(", rate-limit-reset");
        }
        if (this.keys != null) {
            text.append(", idempotency-key");
        }
        if (this.throwsWhenExhausted) {
            text.append(", throw-when-exhausted");
        }
        return text.toString();
    }

}
