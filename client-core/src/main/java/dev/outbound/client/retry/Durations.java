package dev.outbound.client.retry;

import java.time.Duration;

/**
 * Arithmetic that ends at the longest duration instead of failing.
 */
final class Durations {

    static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

    private Durations() {
    }

    static double nanos(Duration duration) {
        return duration.getSeconds() * 1e9 + duration.getNano();
    }

    /**
     * Return that many nanoseconds; zero for less than none and for what is no number.
     */
    static Duration ofNanos(double nanos) {
        if (!(nanos > 0)) {
            return Duration.ZERO;
        }
        return (nanos < 9e18) ? Duration.ofNanos(Math.round(nanos)) : Duration.ofSeconds((long) (nanos / 1e9));
    }

    static Duration sum(Duration one, Duration other) {
        try {
            return one.plus(other);
        }
        catch (ArithmeticException ex) {
            return LONGEST;
        }
    }

    static Duration shorter(Duration one, Duration other) {
        return (one.compareTo(other) <= 0) ? one : other;
    }

    static Duration longer(Duration one, Duration other) {
        return (one.compareTo(other) >= 0) ? one : other;
    }

    /** Return a duration at a part, 0 to 1, of the way from one to the other. */
    static Duration between(Duration from, Duration to, double part) {
        double start = nanos(from);
        return ofNanos(start + (nanos(to) - start) * part);
    }

}
