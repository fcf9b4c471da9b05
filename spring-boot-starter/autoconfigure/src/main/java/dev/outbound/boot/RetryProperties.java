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

    /**
     * How long after the beginning of the call a retry may still begin, or "none", which
     * is the default.
     */
    private @Nullable Duration timeout;

    /**
     * The only methods that are retried. All if there is none; requests that are not
     * idempotent are retried in neither case.
     */
    private List<String> methods = List.of();

    /**
     * Whether requests that are not idempotent get an Idempotency-Key, and are retried
     * then. The server must know it.
     */
    private boolean idempotencyKey;

    /**
     * Whether requests are retried that are not idempotent and may have been processed,
     * so that what they do may be done twice.
     */
    private boolean allowNonIdempotent;

    /**
     * Whether X-RateLimit-Reset is obeyed as Retry-After is.
     */
    private boolean rateLimitReset;

    /**
     * Whether giving up is a failure of its own that knows all attempts.
     */
    private boolean throwWhenExhausted;

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

    public @Nullable Duration getTimeout() {
        return this.timeout;
    }

    public void setTimeout(@Nullable Duration timeout) {
        this.timeout = timeout;
    }

    public List<String> getMethods() {
        return this.methods;
    }

    public void setMethods(List<String> methods) {
        this.methods = methods;
    }

    public boolean isIdempotencyKey() {
        return this.idempotencyKey;
    }

    public void setIdempotencyKey(boolean idempotencyKey) {
        this.idempotencyKey = idempotencyKey;
    }

    public boolean isAllowNonIdempotent() {
        return this.allowNonIdempotent;
    }

    public void setAllowNonIdempotent(boolean allowNonIdempotent) {
        this.allowNonIdempotent = allowNonIdempotent;
    }

    public boolean isRateLimitReset() {
        return this.rateLimitReset;
    }

    public void setRateLimitReset(boolean rateLimitReset) {
        this.rateLimitReset = rateLimitReset;
    }

    public boolean isThrowWhenExhausted() {
        return this.throwWhenExhausted;
    }

    public void setThrowWhenExhausted(boolean throwWhenExhausted) {
        this.throwWhenExhausted = throwWhenExhausted;
    }

}
