package dev.outbound.boot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Second sends of idempotent requests whose answers are late. Without this block there
 * are none; an empty one has the defaults; "hedging: none" cancels an inherited one. Each
 * is taken out of the retry budget.
 *
 * @since 0.1
 */
public class HedgingProperties {

    /**
     * Time without an answer after which a request is sent a second time, or "none" to
     * follow the percentile.
     */
    private @Nullable Duration delay;

    /**
     * Percentage of the latest answers within whose time no request is sent a second
     * time: with 95, one in twenty is. The first 32 answers are only measured. Without
     * effect beside a delay.
     */
    private double percentile = 95;

    /**
     * Shortest delay that the percentile leads to, or 0 for any.
     */
    private Duration minDelay = Duration.ofMillis(10);

    public @Nullable Duration getDelay() {
        return this.delay;
    }

    public void setDelay(@Nullable Duration delay) {
        this.delay = delay;
    }

    public double getPercentile() {
        return this.percentile;
    }

    public void setPercentile(double percentile) {
        this.percentile = percentile;
    }

    public Duration getMinDelay() {
        return this.minDelay;
    }

    public void setMinDelay(Duration minDelay) {
        this.minDelay = minDelay;
    }

}
