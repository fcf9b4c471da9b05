package dev.outbound.client.guard;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * The circuit breaker, the rate limiter and the bulkhead of a client, each with what it
 * knows: shared by all calls of the client, blocking and reactive ones, and of its
 * copies. Thread-safe.
 *
 * @since 0.1
 */
public final class Guard {

    private static final String GROUP = "io.github.resilience4j";

    private final GuardSettings settings;

    private final @Nullable CircuitBreaker circuitBreaker;

    private final @Nullable RateLimiter rateLimiter;

    private final @Nullable Bulkhead bulkhead;

    private Guard(GuardSettings settings, @Nullable CircuitBreaker circuitBreaker, @Nullable RateLimiter rateLimiter,
            @Nullable Bulkhead bulkhead) {
        this.settings = settings;
        this.circuitBreaker = circuitBreaker;
        this.rateLimiter = rateLimiter;
        this.bulkhead = bulkhead;
    }

    /**
     * Return a guard that knows nothing yet.
     * @param settings its settings
     * @return a new guard
     * @throws IllegalStateException if a library is missing; the message names it
     */
    public static Guard of(GuardSettings settings) {
        return of(settings, new Guard(GuardSettings.none(), null, null, null));
    }

    /**
     * Return a guard with other settings, which keeps what it knows where they are the
     * same: a change of the timeouts closes no breaker.
     * @param settings the settings
     * @return another guard
     * @throws IllegalStateException if a library is missing; the message names it
     */
    public Guard with(GuardSettings settings) {
        return of(settings, this);
    }

    private static Guard of(GuardSettings settings, Guard before) {
        Assert.notNull(settings, "settings must not be null");
        return new Guard(settings, breaker(settings, before), limiter(settings, before), bulkhead(settings, before));
    }

    private static @Nullable CircuitBreaker breaker(GuardSettings settings, Guard before) {
        CircuitBreakerSettings breaker = settings.circuitBreaker();
        if (breaker == null || breaker.equals(before.settings.circuitBreaker())) {
            return (breaker != null) ? before.circuitBreaker : null;
        }
        checkPresent("A circuit breaker", "circuitbreaker.CircuitBreaker", "resilience4j-circuitbreaker");
        return new CircuitBreaker(breaker);
    }

    private static @Nullable RateLimiter limiter(GuardSettings settings, Guard before) {
        RateLimiterSettings limiter = settings.rateLimiter();
        if (limiter == null || limiter.equals(before.settings.rateLimiter())) {
            return (limiter != null) ? before.rateLimiter : null;
        }
        checkPresent("A rate limiter", "ratelimiter.RateLimiter", "resilience4j-ratelimiter");
        RateLimiter.checkVersion();
        return new RateLimiter(limiter);
    }

    private static @Nullable Bulkhead bulkhead(GuardSettings settings, Guard before) {
        BulkheadSettings bulkhead = settings.bulkhead();
        if (bulkhead == null || bulkhead.equals(before.settings.bulkhead())) {
            return (bulkhead != null) ? before.bulkhead : null;
        }
        return new Bulkhead(bulkhead);
    }

    private static void checkPresent(String what, String type, String module) {
        if (!ClassUtils.isPresent(GROUP + "." + type, Guard.class.getClassLoader())) {
            throw new IllegalStateException(what + " needs Resilience4j, which is not there; add " + GROUP + ":"
                    + module + " to the class path");
        }
    }

    public GuardSettings settings() {
        return this.settings;
    }

    /**
     * Return the circuit breaker.
     * @return the breaker, or {@code null} for none
     */
    public @Nullable CircuitBreaker circuitBreaker() {
        return this.circuitBreaker;
    }

    /**
     * Return the rate limiter.
     * @return the limiter, or {@code null} for none
     */
    public @Nullable RateLimiter rateLimiter() {
        return this.rateLimiter;
    }

    /**
     * Return the bulkhead.
     * @return the bulkhead, or {@code null} for none
     */
    public @Nullable Bulkhead bulkhead() {
        return this.bulkhead;
    }

    /**
     * Return whether every request is let through, always.
     * @return whether there is nothing to ask
     */
    public boolean isOpen() {
        return this.circuitBreaker == null && this.rateLimiter == null && this.bulkhead == null;
    }

}
