package dev.outbound.client.guard;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How many requests a client may send in some time. Each one that is sent counts:
 * attempts, redirects and rounds of the authentication. Immutable.
 * <p>
 * Time is cut into periods, each with the same number of permits; those of a period that
 * were not used are lost. A request that finds none left waits for a later period, in
 * order, if that comes soon enough.
 *
 * @param permits the number of requests in a period; 1 or more
 * @param period how long a period is; 1 ms or more
 * @param maxWait the longest wait for a permit; zero to fail at once. The time that is
 * left for the call limits it, too.
 * @since 0.1
 */
public record RateLimiterSettings(int permits, Duration period, Duration maxWait) {

    public RateLimiterSettings {
        Assert.isTrue(permits >= 1, () -> "permits must be at least 1, but is " + permits);
        Duration given = period;
        Assert.isTrue(given.toMillis() >= 1, () -> "period must be at least 1ms, but is " + given);
        Duration wait = maxWait;
        Assert.isTrue(!wait.isNegative(), () -> "max-wait must not be negative, but is " + wait);
    }

    /**
     * Return a limit whose requests wait up to 5 seconds.
     * @param permits the number of requests in a period
     * @param period how long a period is
     * @return the settings
     */
    public static RateLimiterSettings of(int permits, Duration period) {
        return new RateLimiterSettings(permits, period, Duration.ofSeconds(5));
    }

    /**
     * Return these settings with another limit for the wait.
     * @param maxWait zero to fail at once
     * @return other settings
     */
    public RateLimiterSettings withMaxWait(Duration maxWait) {
        return new RateLimiterSettings(this.permits, this.period, maxWait);
    }

}
