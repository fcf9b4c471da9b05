package dev.outbound.client.guard;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How many requests of a client may be on their way at a time, from when they are sent to
 * the end of the response's body. Immutable.
 * <p>
 * Unlike the pool's number of connections it also limits calls that share one, and says
 * no without waiting unless told otherwise.
 *
 * @param maxCalls the number of requests; 1 or more
 * @param maxWait the longest wait for the end of another one; zero to fail at once. The
 * time that is left for the call limits it, too.
 * @since 0.1
 */
public record BulkheadSettings(int maxCalls, Duration maxWait) {

    public BulkheadSettings {
        Assert.isTrue(maxCalls >= 1, () -> "max-calls must be at least 1, but is " + maxCalls);
        Duration wait = maxWait;
        Assert.isTrue(!wait.isNegative(), () -> "max-wait must not be negative, but is " + wait);
    }

    /**
     * Return a bulkhead that lets nobody wait.
     * @param maxCalls the number of requests
     * @return the settings
     */
    public static BulkheadSettings of(int maxCalls) {
        return new BulkheadSettings(maxCalls, Duration.ZERO);
    }

    /**
     * Return these settings with another limit for the wait.
     * @param maxWait zero to fail at once
     * @return other settings
     */
    public BulkheadSettings withMaxWait(Duration maxWait) {
        return new BulkheadSettings(this.maxCalls, maxWait);
    }

}
