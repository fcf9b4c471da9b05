package dev.outbound.client.guard;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * When a client stops to send requests to an upstream that fails, and when it tries
 * again. Immutable.
 *
 * <pre class="code">
 * Client.builder().circuitBreaker(CircuitBreakerSettings.defaults().withFailureRate(30).withOpenTime(ofSeconds(10)));
 * </pre>
 *
 * Every request that is sent counts: attempts, redirects and rounds of the
 * authentication. It has failed when there was no response (timeouts, a connection that
 * fails or is lost, TLS, a malformed response) or one of the {@link #statuses()}. What
 * did not reach the upstream (a full pool, a blocked address) and what was cancelled
 * counts as nothing.
 *
 * @param failureRate the part of requests, in percent, that opens the breaker when they
 * fail; 1 to 100
 * @param slowCall from when on a request is slow: until its body is read, of a streamed
 * one until its head is there; or {@code null} where no request is too slow
 * @param slowCallRate the part of requests, in percent, that opens the breaker when they
 * are slow; 1 to 100
 * @param window how many of the last requests are looked at
 * @param windowTime the requests of which time are looked at instead, in whole seconds;
 * or {@code null} to count them
 * @param minimumCalls how many requests must have been made before the rates count
 * @param openTime how long the breaker lets nothing through
 * @param trialCalls how many requests are let through after that, to see whether the
 * upstream is back
 * @param statuses the statuses that count as a failure; empty for all of 500 to 599
 * @since 0.1
 */
public record CircuitBreakerSettings(int failureRate, @Nullable Duration slowCall, int slowCallRate, int window,
        @Nullable Duration windowTime, int minimumCalls, Duration openTime, int trialCalls, Set<Integer> statuses) {

    private static final CircuitBreakerSettings DEFAULTS = new CircuitBreakerSettings(50, null, 100, 100, null, 20,
            Duration.ofSeconds(30), 5, Set.of());

    public CircuitBreakerSettings {
        percent("failure-rate", failureRate);
        percent("slow-call-rate", slowCallRate);
        Assert.isTrue(slowCall == null || isPositive(slowCall), () -> "slow-call must be positive, but is " + slowCall);
        atLeastOne("window", window);
        Assert.isTrue(windowTime == null || (windowTime.toSeconds() >= 1 && windowTime.toNanosPart() == 0),
                () -> "window-time must be a number of whole seconds from 1, but is " + windowTime);
        atLeastOne("minimum-calls", minimumCalls);
        Assert.isTrue(windowTime != null || minimumCalls <= window, () -> "minimum-calls (" + minimumCalls
                + ") must not be more than the window (" + window + "), or the breaker would look at fewer calls");
        Assert.isTrue(openTime.toMillis() >= 1, () -> "open-time must be at least 1ms, but is " + openTime);
        atLeastOne("trial-calls", trialCalls);
        statuses = Set.copyOf(statuses);
        statuses.forEach((status) -> Assert.isTrue(status >= 100 && status <= 599,
                () -> "statuses must be between 100 and 599, but one is " + status));
    }

    private static void percent(String name, int value) {
        Assert.isTrue(value >= 1 && value <= 100, () -> name + " must be between 1 and 100 (percent), but is " + value);
    }

    private static void atLeastOne(String name, int value) {
        Assert.isTrue(value >= 1, () -> name + " must be at least 1, but is " + value);
    }

    static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    /**
     * Return the defaults: the breaker opens for 30 seconds when half of the last 100
     * requests have failed, 20 at least, and lets 5 through then; statuses 500 to 599 are
     * failures, and no request is too slow.
     * @return the defaults
     */
    public static CircuitBreakerSettings defaults() {
        return DEFAULTS;
    }

    /**
     * Return these settings with another rate of failures.
     * @param percent 1 to 100
     * @return other settings
     */
    public CircuitBreakerSettings withFailureRate(int percent) {
        return new CircuitBreakerSettings(percent, this.slowCall, this.slowCallRate, this.window, this.windowTime,
                this.minimumCalls, this.openTime, this.trialCalls, this.statuses);
    }

    /**
     * Return these settings with slow requests opening the breaker, too.
     * @param slowCall from when on a request is slow, or {@code null} for never
     * @param percent the rate, 1 to 100
     * @return other settings
     */
    public CircuitBreakerSettings withSlowCalls(@Nullable Duration slowCall, int percent) {
        return new CircuitBreakerSettings(this.failureRate, slowCall, percent, this.window, this.windowTime,
                this.minimumCalls, this.openTime, this.trialCalls, this.statuses);
    }

    /**
     * Return these settings with a window of a number of requests.
     * @param window how many of the last requests are looked at; 1 or more
     * @param minimumCalls how many there must be before the rates count; at most the
     * window
     * @return other settings
     */
    public CircuitBreakerSettings withWindow(int window, int minimumCalls) {
        return new CircuitBreakerSettings(this.failureRate, this.slowCall, this.slowCallRate, window, null,
                minimumCalls, this.openTime, this.trialCalls, this.statuses);
    }

    /**
     * Return these settings with a window of time.
     * @param window the requests of which time are looked at; whole seconds
     * @param minimumCalls how many there must be before the rates count
     * @return other settings
     */
    public CircuitBreakerSettings withWindow(Duration window, int minimumCalls) {
        return new CircuitBreakerSettings(this.failureRate, this.slowCall, this.slowCallRate, this.window, window,
                minimumCalls, this.openTime, this.trialCalls, this.statuses);
    }

    /**
     * Return these settings with another time that the breaker stays open.
     * @param openTime 1 ms or more
     * @return other settings
     */
    public CircuitBreakerSettings withOpenTime(Duration openTime) {
        return new CircuitBreakerSettings(this.failureRate, this.slowCall, this.slowCallRate, this.window,
                this.windowTime, this.minimumCalls, openTime, this.trialCalls, this.statuses);
    }

    /**
     * Return these settings with another number of requests that try whether the upstream
     * is back.
     * @param trialCalls 1 or more
     * @return other settings
     */
    public CircuitBreakerSettings withTrialCalls(int trialCalls) {
        return new CircuitBreakerSettings(this.failureRate, this.slowCall, this.slowCallRate, this.window,
                this.windowTime, this.minimumCalls, this.openTime, trialCalls, this.statuses);
    }

    /**
     * Return these settings with other statuses that count as a failure.
     * @param statuses the codes; empty for all of 500 to 599
     * @return other settings
     */
    public CircuitBreakerSettings withStatuses(Set<Integer> statuses) {
        return new CircuitBreakerSettings(this.failureRate, this.slowCall, this.slowCallRate, this.window,
                this.windowTime, this.minimumCalls, this.openTime, this.trialCalls, statuses);
    }

    boolean isFailure(int status) {
        return this.statuses.isEmpty() ? status >= 500 : this.statuses.contains(status);
    }

}
