package dev.outbound.client.guard;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Limits how many requests are sent in some time, by Resilience4j's rate limiter. It
 * tells how long to wait, and waits for nothing. Thread-safe.
 *
 * @since 0.1
 */
public final class RateLimiter {

    /** Stands for a permit that cannot be had in time. */
    static final long REFUSED = -1;

    private final RateLimiterSettings settings;

    private final GivenTime time = new GivenTime();

    private final LongAdder waits = new LongAdder();

    private final LongAdder waited = new LongAdder();

    private final LongAdder rejected = new LongAdder();

    private @Nullable AtomicRateLimiter limiter;

    public RateLimiter(RateLimiterSettings settings) {
        this.settings = settings;
    }

    public RateLimiterSettings settings() {
        return this.settings;
    }

    /**
     * Return how many requests had to wait.
     * @return the number since the beginning
     */
    public long waits() {
        return this.waits.sum();
    }

    /**
     * Return how long all requests together had to wait.
     * @return the time since the beginning
     */
    public Duration waited() {
        return Duration.ofNanos(this.waited.sum());
    }

    /**
     * Return how many requests were not sent because the wait would have been too long.
     * @return the number since the beginning
     */
    public long rejected() {
        return this.rejected.sum();
    }

    /**
     * Take a permit, of a later period where this one has none left.
     * @param longest the longest wait, in nanoseconds
     * @return how long to wait, in nanoseconds, or {@link #REFUSED}, which takes nothing
     */
    synchronized long reserve(long now, long longest) {
        this.time.tell(now);
        AtomicRateLimiter limiter = limiter();
        boolean shorter = longest < limiter.getRateLimiterConfig().getTimeoutDuration().toNanos();
        if (shorter) {
            limiter.changeTimeoutDuration(Duration.ofNanos(longest));
        }
        long wait;
        try {
            wait = limiter.reservePermission();
        }
        finally {
            if (shorter) {
                limiter.changeTimeoutDuration(this.settings.maxWait());
            }
        }
        if (wait < 0) {
            this.rejected.increment();
            return REFUSED;
        }
        if (wait > 0) {
            this.waits.increment();
            this.waited.add(wait);
        }
        return wait;
    }

    /** Versions before 2.4 take no clock. */
    static void checkVersion() {
        if (!ClassUtils.hasConstructor(AtomicRateLimiter.class, String.class, RateLimiterConfig.class,
                Supplier.class)) {
            throw new IllegalStateException("A rate limiter needs Resilience4j 2.4 or newer; update"
                    + " io.github.resilience4j:resilience4j-ratelimiter");
        }
    }

    /** Made when the first time is known: periods begin there. */
    private AtomicRateLimiter limiter() {
        AtomicRateLimiter limiter = this.limiter;
        if (limiter == null) {
            // In a lock of our own there is no contention inside, on which it would park.
            limiter = new AtomicRateLimiter("outbound",
                    RateLimiterConfig.custom()
                        .limitForPeriod(this.settings.permits())
                        .limitRefreshPeriod(this.settings.period())
                        .timeoutDuration(this.settings.maxWait())
                        .build(),
                    this.time::elapsed);
            this.limiter = limiter;
        }
        return limiter;
    }

}
