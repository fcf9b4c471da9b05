package dev.outbound.client.guard;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import org.jspecify.annotations.Nullable;

/**
 * Lets no request through to an upstream that fails, by Resilience4j's circuit breaker.
 * Thread-safe.
 *
 * @since 0.1
 */
public final class CircuitBreaker {

    /** Carries no stack trace, for it is never thrown. */
    private static final Failure FAILURE = new Failure();

    private final CircuitBreakerSettings settings;

    private final GivenTime time = new GivenTime();

    private final io.github.resilience4j.circuitbreaker.CircuitBreaker breaker;

    private final LongAdder rejected = new LongAdder();

    private long opened;

    public CircuitBreaker(CircuitBreakerSettings settings) {
        this.settings = settings;
        Duration windowTime = settings.windowTime();
        Duration slowCall = settings.slowCall();
        CircuitBreakerConfig.Builder config = CircuitBreakerConfig.custom()
            .failureRateThreshold(settings.failureRate())
            .slowCallRateThreshold(settings.slowCallRate())
            .slowCallDurationThreshold((slowCall != null) ? slowCall : Duration.ofNanos(Long.MAX_VALUE))
            .minimumNumberOfCalls(settings.minimumCalls())
            .waitIntervalFunctionInOpenState((attempt) -> opening())
            .permittedNumberOfCallsInHalfOpenState(settings.trialCalls())
            .currentTimestampFunction((clock) -> this.time.elapsed(), TimeUnit.NANOSECONDS)
            .clock(this.time);
        config = (windowTime != null)
                ? config.slidingWindowType(SlidingWindowType.TIME_BASED)
                    .slidingWindowSize(Math.toIntExact(windowTime.toSeconds()))
                : config.slidingWindowType(SlidingWindowType.COUNT_BASED).slidingWindowSize(settings.window());
        this.breaker = io.github.resilience4j.circuitbreaker.CircuitBreaker.of("outbound", config.build());
    }

    /** Asked when the breaker opens: the one moment at which that can be noted. */
    private long opening() {
        this.opened = this.time.elapsed();
        return this.settings.openTime().toMillis();
    }

    public CircuitBreakerSettings settings() {
        return this.settings;
    }

    /**
     * Return whether requests are let through. An open breaker whose time is over is open
     * until the next request asks.
     * @return the state
     */
    public synchronized State state() {
        return switch (this.breaker.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> State.CLOSED;
            case OPEN -> State.OPEN;
            case HALF_OPEN -> State.HALF_OPEN;
            case FORCED_OPEN -> State.FORCED_OPEN;
        };
    }

    /**
     * Return the part of the requests looked at that failed.
     * @return percent, or -1 while there are too few
     */
    public synchronized float failureRate() {
        return this.breaker.getMetrics().getFailureRate();
    }

    /**
     * Return the part of the requests looked at that were slow.
     * @return percent, or -1 while there are too few
     */
    public synchronized float slowCallRate() {
        return this.breaker.getMetrics().getSlowCallRate();
    }

    /**
     * Return how many requests are looked at.
     * @return the number of requests in the window
     */
    public synchronized int calls() {
        return this.breaker.getMetrics().getNumberOfBufferedCalls();
    }

    /**
     * Return how many requests were not let through.
     * @return the number since the beginning
     */
    public long rejected() {
        return this.rejected.sum();
    }

    /**
     * Let nothing through until the breaker is {@linkplain #close() closed} by hand.
     */
    public synchronized void open() {
        if (state() != State.FORCED_OPEN) {
            this.breaker.transitionToForcedOpenState();
        }
    }

    /**
     * Let everything through, and forget the requests looked at so far.
     */
    public synchronized void close() {
        this.breaker.transitionToClosedState();
    }

    /** Ask to send a request: what tells how it ended, or {@code null} for no. */
    synchronized @Nullable Permission acquire(long now) {
        this.time.tell(now);
        if (!this.breaker.tryAcquirePermission()) {
            this.rejected.increment();
            return null;
        }
        return new Permission(this.breaker.getMetrics());
    }

    /** How long nothing is let through, or {@code null} where that is not known. */
    synchronized @Nullable Duration remaining() {
        if (this.breaker.getState() != io.github.resilience4j.circuitbreaker.CircuitBreaker.State.OPEN) {
            return null;
        }
        // Resilience4j lets the next one through after that time, and not at it.
        return Duration.ofNanos(
                Math.max(1, this.opened + this.settings.openTime().toMillis() * 1_000_000 + 1 - this.time.elapsed()));
    }

    /** Whether requests are let through. */
    public enum State {

        /** They are. */
        CLOSED,

        /** None is, for some time. */
        OPEN,

        /** A few are, to see whether the upstream is back. */
        HALF_OPEN,

        /** None is, until the breaker is closed by hand. */
        FORCED_OPEN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

    }

    /** One request that was let through. Its end is told once. */
    final class Permission {

        /**
         * Each period of the breaker has figures of its own: what was let through in one
         * says nothing in the next, and gives no permit back there.
         */
        private final Object period;

        private boolean ended;

        private Permission(Object period) {
            this.period = period;
        }

        /** Count the request. */
        void ended(boolean failed, long nanos, long now) {
            synchronized (CircuitBreaker.this) {
                if (end(now)) {
                    if (failed) {
                        CircuitBreaker.this.breaker.onError(nanos, TimeUnit.NANOSECONDS, FAILURE);
                    }
                    else {
                        CircuitBreaker.this.breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
                    }
                }
            }
        }

        /** Count nothing. */
        void release(long now) {
            synchronized (CircuitBreaker.this) {
                if (end(now)) {
                    CircuitBreaker.this.breaker.releasePermission();
                }
            }
        }

        private boolean end(long now) {
            boolean first = !this.ended;
            this.ended = true;
            CircuitBreaker.this.time.tell(now);
            return first && CircuitBreaker.this.breaker.getMetrics() == this.period;
        }

    }

    private static final class Failure extends Exception {

        private static final long serialVersionUID = 1L;

        Failure() {
            super("The request failed", null, false, false);
        }

    }

}
