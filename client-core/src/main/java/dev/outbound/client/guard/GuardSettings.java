package dev.outbound.client.guard;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What protects an upstream from a client, and the client from its upstream. Immutable.
 *
 * @param circuitBreaker when nothing is sent any more, or {@code null} for no breaker
 * @param rateLimiter how much is sent in some time, or {@code null} for no limit
 * @param bulkhead how much is on its way at a time, or {@code null} for no limit
 * @since 0.1
 */
public record GuardSettings(@Nullable CircuitBreakerSettings circuitBreaker, @Nullable RateLimiterSettings rateLimiter,
        @Nullable BulkheadSettings bulkhead) {

    private static final GuardSettings NONE = new GuardSettings(null, null, null);

    /**
     * Return settings that let everything through.
     * @return nothing of it
     */
    public static GuardSettings none() {
        return NONE;
    }

    /**
     * Return these settings with another circuit breaker.
     * @param circuitBreaker the breaker, or {@code null} for none
     * @return other settings
     */
    public GuardSettings withCircuitBreaker(@Nullable CircuitBreakerSettings circuitBreaker) {
        return new GuardSettings(circuitBreaker, this.rateLimiter, this.bulkhead);
    }

    /**
     * Return these settings with another rate limiter.
     * @param rateLimiter the limiter, or {@code null} for none
     * @return other settings
     */
    public GuardSettings withRateLimiter(@Nullable RateLimiterSettings rateLimiter) {
        return new GuardSettings(this.circuitBreaker, rateLimiter, this.bulkhead);
    }

    /**
     * Return these settings with another bulkhead.
     * @param bulkhead the bulkhead, or {@code null} for none
     * @return other settings
     */
    public GuardSettings withBulkhead(@Nullable BulkheadSettings bulkhead) {
        return new GuardSettings(this.circuitBreaker, this.rateLimiter, bulkhead);
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (this.circuitBreaker != null) {
            parts.add("circuit-breaker=" + this.circuitBreaker);
        }
        if (this.rateLimiter != null) {
            parts.add("rate-limiter=" + this.rateLimiter);
        }
        if (this.bulkhead != null) {
            parts.add("bulkhead=" + this.bulkhead);
        }
        return String.join(", ", parts);
    }

}
