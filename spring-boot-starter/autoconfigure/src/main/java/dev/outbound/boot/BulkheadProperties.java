package dev.outbound.boot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Limit of the requests that are on their way at a time. Without this block there is none
 * but the number of connections; "bulkhead: none" cancels an inherited one.
 *
 * @since 0.1
 */
public class BulkheadProperties {

    /**
     * Number of requests from when they are sent to the end of the response's body.
     * Required.
     */
    private @Nullable Integer maxCalls;

    /**
     * Longest wait for the end of another request, or 0 to fail at once. The time that is
     * left for the call limits it, too.
     */
    private Duration maxWait = Duration.ZERO;

    public @Nullable Integer getMaxCalls() {
        return this.maxCalls;
    }

    public void setMaxCalls(@Nullable Integer maxCalls) {
        this.maxCalls = maxCalls;
    }

    public Duration getMaxWait() {
        return this.maxWait;
    }

    public void setMaxWait(Duration maxWait) {
        this.maxWait = maxWait;
    }

}
