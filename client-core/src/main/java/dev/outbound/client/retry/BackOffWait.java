package dev.outbound.client.retry;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The wait that the settings of a retry block describe, as Spring's
 * {@code ExponentialBackOff} means them, but to the nanosecond and without state.
 *
 * @param jitter the largest deviation from the first delay, which grows with the delays;
 * a delay never becomes less than the first, or more than the longest. {@code null} for
 * full jitter
 */
record BackOffWait(Duration delay, double multiplier, Duration maxDelay, @Nullable Duration jitter) implements Wait {

    @Override
    public Duration after(Attempt attempt) {
        double longest = Durations.nanos(this.maxDelay);
        double first = Math.min(Durations.nanos(this.delay), longest);
        double growth = Math.pow(this.multiplier, (double) attempt.number() - 1);
        double interval = (first > 0) ? Math.min(first * growth, longest) : 0;
        if (this.jitter == null) {
            return Durations.ofNanos(interval * attempt.random());
        }
        if (first == 0 || this.jitter.isZero()) {
            return Durations.ofNanos(interval);
        }
        double deviation = Durations.nanos(this.jitter) * (interval / first);
        double from = Math.max(interval - deviation, first);
        double to = Math.min(interval + deviation, longest);
        return Durations.ofNanos(from + (to - from) * attempt.random());
    }

    @Override
    public String toString() {
        return "delay=" + this.delay + ", multiplier=" + this.multiplier + ", max-delay=" + this.maxDelay + ", jitter="
                + ((this.jitter != null) ? this.jitter : "full");
    }

}
