package dev.outbound.client.retry;

import java.time.Duration;

import org.springframework.util.Assert;

import dev.outbound.client.http.ResponseHead;

/**
 * How long to wait after an attempt that is to be repeated.
 * <p>
 * The waits of tenacity are here under Java names; a limit, a floor or jitter is put
 * around any of them. A function is a wait, too:
 *
 * <pre class="code">
 * Wait.exponential(ofMillis(100), 2).atMost(ofSeconds(5)).fullJitter();
 * Wait.chain(Wait.none(), Wait.fixed(ofSeconds(1)), Wait.exponential(ofSeconds(2), 2));
 * Wait own = (attempt) -&gt; (attempt.failure() instanceof Busy busy) ? busy.delay() : Duration.ZERO;
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Wait {

    /**
     * Return how long to wait.
     * @param attempt the attempt that has just ended
     * @return zero or more
     */
    Duration after(Attempt attempt);

    /**
     * Return a wait of nothing.
     * @return always zero
     */
    static Wait none() {
        return (attempt) -> Duration.ZERO;
    }

    /**
     * Return a wait that is always the same.
     * @param wait zero or more
     * @return the wait
     */
    static Wait fixed(Duration wait) {
        notNegative("wait", wait);
        return (attempt) -> wait;
    }

    /**
     * Return a wait that changes by the same amount each time.
     * @param first the wait after the first attempt; zero or more
     * @param increment what each following one is longer, or with a negative one shorter,
     * but never less than zero
     * @return the wait
     */
    static Wait incrementing(Duration first, Duration increment) {
        notNegative("first", first);
        Assert.notNull(increment, "increment must not be null");
        return (attempt) -> Durations
            .ofNanos(Durations.nanos(first) + Durations.nanos(increment) * (attempt.number() - 1));
    }

    /**
     * Return a wait that is multiplied each time.
     * @param first the wait after the first attempt; zero or more
     * @param multiplier by what each following one is longer; more than 0
     * @return the wait; without a limit, see {@link #atMost}
     */
    static Wait exponential(Duration first, double multiplier) {
        notNegative("first", first);
        Assert.isTrue(multiplier > 0, () -> "multiplier must be more than 0, but is " + multiplier);
        return (attempt) -> Durations
            .ofNanos(Durations.nanos(first) * Math.pow(multiplier, (double) attempt.number() - 1));
    }

    /**
     * Return a wait that is drawn each time.
     * @param from the shortest; zero or more
     * @param to the longest; not less than the shortest
     * @return the wait
     */
    static Wait random(Duration from, Duration to) {
        notNegative("from", from);
        Assert.notNull(to, "to must not be null");
        Assert.isTrue(from.compareTo(to) <= 0, () -> "from (" + from + ") must not be more than to (" + to + ")");
        return (attempt) -> Durations.between(from, to, attempt.random());
    }

    /**
     * Return the waits of a list, one after the other.
     * @param waits the first is asked after the first attempt, and so on; the last one
     * after all others, too
     * @return the wait
     */
    static Wait chain(Wait... waits) {
        Assert.notEmpty(waits, "A chain needs at least one wait");
        Wait[] chain = waits.clone();
        return (attempt) -> chain[Math.min(attempt.number(), chain.length) - 1].after(attempt);
    }

    /**
     * Return a wait for what the server asks by {@code Retry-After} (RFC 9110, section
     * 10.2.3). A policy of the {@linkplain RetryPolicyBuilder builder} obeys it whatever
     * its wait is.
     * @return the wait; zero where the server does not ask
     */
    static Wait retryAfter() {
        return (attempt) -> {
            ResponseHead response = attempt.response();
            Duration asked = (response != null) ? RetryAfter.of(response, attempt.now()) : null;
            return (asked != null) ? asked : Duration.ZERO;
        };
    }

    /**
     * Return a wait until the moment that {@code X-RateLimit-Reset} names.
     * @return the wait; zero where the server does not say, or requests remain
     * @see RetryPolicyBuilder#rateLimitReset
     */
    static Wait rateLimitReset() {
        return (attempt) -> {
            ResponseHead response = attempt.response();
            Duration reset = (response != null) ? RateLimitReset.of(response, attempt.now()) : null;
            return (reset != null) ? reset : Duration.ZERO;
        };
    }

    /**
     * Return the sum of this wait and another.
     * @param other the other wait
     * @return the sum
     */
    default Wait plus(Wait other) {
        Assert.notNull(other, "other must not be null");
        return (attempt) -> Durations.sum(after(attempt), other.after(attempt));
    }

    /**
     * Return the longer of this wait and another.
     * @param other the other wait
     * @return the longer one, of each attempt
     */
    default Wait orLonger(Wait other) {
        Assert.notNull(other, "other must not be null");
        return (attempt) -> Durations.longer(after(attempt), other.after(attempt));
    }

    /**
     * Limit this wait.
     * @param longest zero or more
     * @return this wait, but no more than that
     */
    default Wait atMost(Duration longest) {
        notNegative("longest", longest);
        return (attempt) -> Durations.shorter(after(attempt), longest);
    }

    /**
     * Give this wait a floor.
     * @param shortest zero or more
     * @return this wait, but no less than that
     */
    default Wait atLeast(Duration shortest) {
        return orLonger(fixed(shortest));
    }

    /**
     * Let this wait deviate at random to both sides.
     * @param deviation the largest deviation; the wait never becomes less than zero
     * @return this wait with jitter
     */
    default Wait jittered(Duration deviation) {
        notNegative("deviation", deviation);
        double nanos = Durations.nanos(deviation);
        return (attempt) -> Durations.ofNanos(Durations.nanos(after(attempt)) + nanos * (2 * attempt.random() - 1));
    }

    /**
     * Draw each wait between zero and this one, which spreads clients that failed
     * together best.
     * @return this wait with full jitter
     */
    default Wait fullJitter() {
        return fullJitter(Duration.ZERO);
    }

    /**
     * Draw each wait between a floor and this one.
     * @param shortest zero or more; where it is more than this wait, it is the wait
     * @return this wait with full jitter
     */
    default Wait fullJitter(Duration shortest) {
        notNegative("shortest", shortest);
        return (attempt) -> Durations.between(shortest, Durations.longer(after(attempt), shortest), attempt.random());
    }

    private static void notNegative(String name, Duration value) {
        Assert.notNull(value, () -> name + " must not be null");
        Assert.isTrue(!value.isNegative(), () -> name + " must not be negative, but is " + value);
    }

}
