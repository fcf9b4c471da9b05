package dev.outbound.boot;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * Retries of a call. Without this block nothing is retried, and an empty one gives the
 * defaults; "retry: none" cancels an inherited one.
 *
 * @since 0.1
 */
public class RetryProperties {

    /**
     * Number of retries, 0 to 10. The first attempt does not count.
     */
    private int maxRetries = 2;

    /**
     * Delay before the first retry.
     */
    private Duration delay = Duration.ofMillis(200);

    /**
     * By what each delay is longer than the one before, at least 1.
     */
    private double multiplier = 2.0;

    /**
     * By how much a delay may be shorter or longer, at random: a duration up to the
     * delay, or "full" for a random wait between 0 and the computed delay.
     */
    private String jitter = "full";

    /**
     * Longest delay before a retry.
     */
    private Duration maxDelay = Duration.ofSeconds(5);

    /**
     * Longest Retry-After that is waited for. A longer one ends the retries.
     */
    private Duration maxRetryAfter = Duration.ofSeconds(30);

    /**
     * Statuses that are retried: codes from 400 to 599, "5xx", or "gateway" for 502, 503
     * and 504.
     */
    private List<String> statuses = List.of("429", "gateway");

    /**
     * Budget that keeps retries from multiplying the load on an upstream that is down.
     * "none" for no budget.
     */
    @NestedConfigurationProperty
    private @Nullable RetryBudgetProperties budget = new RetryBudgetProperties();

    public int getMaxRetries() {
        return this.maxRetries;
    }

    public void setMaxRetries(int maxRetries) {
        this.maxRetries = maxRetries;
    }

    public Duration getDelay() {
        return this.delay;
    }

    public void setDelay(Duration delay) {
        this.delay = delay;
    }

    public double getMultiplier() {
        return this.multiplier;
    }

    public void setMultiplier(double multiplier) {
        this.multiplier = multiplier;
    }

    public String getJitter() {
        return this.jitter;
    }

    public void setJitter(String jitter) {
        this.jitter = jitter;
    }

    public Duration getMaxDelay() {
        return this.maxDelay;
    }

    public void setMaxDelay(Duration maxDelay) {
        this.maxDelay = maxDelay;
    }

    public Duration getMaxRetryAfter() {
        return this.maxRetryAfter;
    }

    public void setMaxRetryAfter(Duration maxRetryAfter) {
        this.maxRetryAfter = maxRetryAfter;
    }

    public List<String> getStatuses() {
        return this.statuses;
    }

    public void setStatuses(List<String> statuses) {
        this.statuses = statuses;
    }

    public @Nullable RetryBudgetProperties getBudget() {
        return this.budget;
    }

    public void setBudget(@Nullable RetryBudgetProperties budget) {
        this.budget = budget;
    }

}
