package dev.outbound.boot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Limit of the requests that are sent in some time. Without this block there is none;
 * "rate-limiter: none" cancels an inherited one. Needs
 * io.github.resilience4j:resilience4j-ratelimiter.
 *
 * @since 0.1
 */
public class RateLimiterProperties {

    /**
     * Number of requests in each period. Required.
     */
    private @Nullable Integer permits;

    /**
     * How long a period is.
     */
    private Duration period = Duration.ofSeconds(1);

    /**
     * Longest wait for a later period, or 0 to fail at once. The time that is left for
     * the call limits it, too.
     */
    private Duration maxWait = Duration.ofSeconds(5);

    public @Nullable Integer getPermits() {
        return this.permits;
    }

    public void setPermits(@Nullable Integer permits) {
        this.permits = permits;
    }

    public Duration getPeriod() {
        return this.period;
    }

    public void setPeriod(Duration period) {
        this.period = period;
    }

    public Duration getMaxWait() {
        return this.maxWait;
    }

    public void setMaxWait(Duration maxWait) {
        this.maxWait = maxWait;
    }

}
