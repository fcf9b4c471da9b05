package dev.outbound.client.retry;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Whether there is another attempt.
 *
 * @param delay the time to wait before it, at most 292 years, which a number of
 * nanoseconds can hold; or {@code null} for no further attempt
 * @param reason why there is none, or {@code null} when there is one
 * @since 0.1
 */
public record RetryDecision(@Nullable Duration delay, @Nullable Reason reason) {

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    public RetryDecision {
        Assert.isTrue((delay == null) != (reason == null), "There is either a delay or a reason why there is none");
        if (delay != null) {
            Duration given = delay;
            Assert.isTrue(!given.isNegative(), () -> "delay must not be negative, but is " + given);
            delay = Durations.shorter(given, LONGEST);
        }
    }

    /** Why a call is not tried again. */
    public enum Reason {

        /** What came of the attempt is final: nothing is gained by a retry. */
        OUTCOME("the outcome is final"),

        /** The attempts of the policy, or the time it has for them, are used up. */
        ATTEMPTS("all retries are used up"),

        /** The request is not idempotent and may have been processed. */
        METHOD("the request is not idempotent and may have been processed"),

        /** The body cannot be sent again. */
        BODY("its body cannot be sent again"),

        /** The server asks for a longer wait than is allowed. */
        RETRY_AFTER("the server asks for a longer wait than max-retry-after"),

        /** The time that is left for the call does not suffice. */
        DEADLINE("the time that is left does not suffice"),

        /** The client has retried too large a part of its calls. */
        BUDGET("the retry budget is used up");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /**
         * Return the reason in words, for a message.
         * @return a clause without a full stop
         */
        public String text() {
            return this.text;
        }

        /**
         * Return whether the attempt was to be repeated, and something else stood in the
         * way.
         * @return whether retries were given up, rather than not called for
         */
        public boolean isGivingUp() {
            return this != OUTCOME && this != METHOD;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

    }

    /**
     * Try again.
     * @param delay the time to wait before; zero for none
     * @return the decision
     */
    public static RetryDecision retryAfter(Duration delay) {
        Assert.notNull(delay, "delay must not be null");
        return new RetryDecision(delay, null);
    }

    /**
     * Do not try again.
     * @param reason why
     * @return the decision
     */
    public static RetryDecision stop(Reason reason) {
        return new RetryDecision(null, reason);
    }

}
