package dev.outbound.client.retry;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Builds a {@link RetryPolicy}. Names and meaning are those of Spring's own
 * {@code RetryPolicy} where it has them. Not thread-safe.
 *
 * @since 0.1
 */
public final class RetryPolicyBuilder {

    private int maxRetries = 2;

    private Duration delay = Duration.ofMillis(200);

    private double multiplier = 2;

    private Duration maxDelay = Duration.ofSeconds(5);

    private @Nullable Duration jitter;

    private Duration maxRetryAfter = Duration.ofSeconds(30);

    private Set<Integer> statuses = Set.of(429, 502, 503, 504);

    RetryPolicyBuilder() {
    }

    /**
     * Set how often a call is retried.
     * @param maxRetries 0 to {@link RetryPolicy#MAX_RETRIES}; the first attempt does not
     * count
     * @return this builder
     */
    public RetryPolicyBuilder maxRetries(int maxRetries) {
        Assert.isTrue(maxRetries >= 0 && maxRetries <= RetryPolicy.MAX_RETRIES,
                () -> "max-retries must be between 0 and " + RetryPolicy.MAX_RETRIES + ", but is " + maxRetries);
        this.maxRetries = maxRetries;
        return this;
    }

    /**
     * Set the delay before the first retry.
     * @param delay zero or more
     * @return this builder
     */
    public RetryPolicyBuilder delay(Duration delay) {
        this.delay = notNegative("delay", delay);
        return this;
    }

    /**
     * Set by what each delay is longer than the one before.
     * @param multiplier 1 or more
     * @return this builder
     */
    public RetryPolicyBuilder multiplier(double multiplier) {
        Assert.isTrue(multiplier >= 1, () -> "multiplier must be at least 1, but is " + multiplier);
        this.multiplier = multiplier;
        return this;
    }

    /**
     * Set the longest delay.
     * @param maxDelay zero or more
     * @return this builder
     */
    public RetryPolicyBuilder maxDelay(Duration maxDelay) {
        this.maxDelay = notNegative("max-delay", maxDelay);
        return this;
    }

    /**
     * Set by how much a delay may be shorter or longer, at random.
     * @param jitter zero or more
     * @return this builder
     */
    public RetryPolicyBuilder jitter(Duration jitter) {
        this.jitter = notNegative("jitter", jitter);
        return this;
    }

    /**
     * Use each delay as it is.
     * @return this builder
     */
    public RetryPolicyBuilder noJitter() {
        return jitter(Duration.ZERO);
    }

    /**
     * Draw each delay between zero and the computed one (the default).
     * @return this builder
     */
    public RetryPolicyBuilder fullJitter() {
        this.jitter = null;
        return this;
    }

    /**
     * Set the longest {@code Retry-After} that is waited for. A longer one ends the
     * retries.
     * @param maxRetryAfter zero or more
     * @return this builder
     */
    public RetryPolicyBuilder maxRetryAfter(Duration maxRetryAfter) {
        this.maxRetryAfter = notNegative("max-retry-after", maxRetryAfter);
        return this;
    }

    /**
     * Set the statuses that are retried, instead of 429, 502, 503 and 504.
     * @param statuses codes from 400 to 599
     * @return this builder
     */
    public RetryPolicyBuilder statuses(Integer... statuses) {
        this.statuses = Arrays.stream(statuses).collect(Collectors.toCollection(TreeSet::new));
        this.statuses.forEach((status) -> Assert.isTrue(status >= 400 && status <= 599,
                () -> "statuses must be between 400 and 599, but one is " + status));
        return this;
    }

    private static Duration notNegative(String name, Duration value) {
        Assert.notNull(value, () -> name + " must not be null");
        Assert.isTrue(!value.isNegative(), () -> name + " must not be negative, but is " + value);
        return value;
    }

    /**
     * Return the policy.
     * @return an immutable policy
     */
    public RetryPolicy build() {
        return new DefaultRetryPolicy(this.maxRetries, this.delay, this.multiplier, this.maxDelay, this.jitter,
                this.maxRetryAfter, Set.copyOf(this.statuses));
    }

}
