package dev.outbound.client.retry;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.Request;

/**
 * When a request whose answer is late is sent a second time, so that the answer that
 * comes first counts. Immutable.
 * <p>
 * The delay is fixed, or it follows the upstream: the time within which a percentage of
 * the latest answers have come. Then the first {@value Hedges#WARM_UP} answers are only
 * measured. In either case, one hedge is the most that an attempt has:
 *
 * <pre class="code">
 * Client.builder().hedging(HedgePolicy.after(Duration.ofMillis(200)));
 * Client.builder().hedging(HedgePolicy.afterPercentile(99).withMinDelay(Duration.ofMillis(20)));
 * </pre>
 *
 * What is not decided here stands in the way all the same: each hedge is taken out of the
 * retry budget of the client, and none is sent when that is empty, or when the call would
 * be over before.
 *
 * @since 0.1
 * @see <a href="https://research.google/pubs/the-tail-at-scale/">The Tail at Scale</a>
 */
public final class HedgePolicy {

    private static final HedgePolicy DEFAULTS = new HedgePolicy(null, 95, Duration.ofMillis(10));

    private final @Nullable Duration delay;

    private final double percentile;

    private final Duration minDelay;

    private HedgePolicy(@Nullable Duration delay, double percentile, Duration minDelay) {
        this.delay = delay;
        this.percentile = percentile;
        this.minDelay = minDelay;
    }

    /**
     * Return the policy of an empty {@code hedging} block: hedges after the time within
     * which 95 % of the latest answers have come, at least 10 ms.
     * @return the policy
     */
    public static HedgePolicy defaults() {
        return DEFAULTS;
    }

    /**
     * Return a policy with a fixed delay.
     * @param delay how long is waited for the first answer; 1 ms or more
     * @return the policy
     */
    public static HedgePolicy after(Duration delay) {
        Assert.notNull(delay, "delay must not be null");
        Assert.isTrue(delay.toMillis() >= 1, () -> "delay must be at least 1ms, but is " + delay);
        return new HedgePolicy(delay, 0, Duration.ZERO);
    }

    /**
     * Return a policy whose delay follows the latest answers, and is at least 10 ms.
     * @param percentile the percentage of answers that come in time, more than 0 and less
     * than 100: with 95, one request in twenty is hedged
     * @return the policy
     */
    public static HedgePolicy afterPercentile(double percentile) {
        Assert.isTrue(percentile > 0 && percentile < 100,
                () -> "percentile must be more than 0 and less than 100, but is " + percentile);
        return new HedgePolicy(null, percentile, DEFAULTS.minDelay);
    }

    /**
     * Return this policy with another lower limit of the delay.
     * @param minDelay the shortest delay; zero for no limit
     * @return another policy
     * @throws IllegalStateException if the delay is fixed
     */
    public HedgePolicy withMinDelay(Duration minDelay) {
        Assert.notNull(minDelay, "minDelay must not be null");
        Assert.isTrue(!minDelay.isNegative(), () -> "minDelay must not be negative, but is " + minDelay);
        Assert.state(this.delay == null, "A fixed delay has no lower limit; set the delay itself");
        return new HedgePolicy(null, this.percentile, minDelay);
    }

    /**
     * Return the fixed delay.
     * @return the delay, or {@code null} where it follows the upstream
     */
    public @Nullable Duration delay() {
        return this.delay;
    }

    /**
     * Return the percentage of the latest answers that have come within the delay.
     * @return more than 0 and less than 100, or 0 where the delay is fixed
     */
    public double percentile() {
        return this.percentile;
    }

    /**
     * Return the shortest delay.
     * @return the lower limit; zero for none
     */
    public Duration minDelay() {
        return this.minDelay;
    }

    /**
     * Return whether a request may be sent twice at a time.
     * @param request the request
     * @return whether it is {@linkplain Request#isIdempotent() idempotent}, and has
     * neither a body nor credentials that can be sent only once
     */
    public boolean applies(Request request) {
        return request.isIdempotent() && request.isRepeatable() && !isCounted(request.fields().first("Authorization"));
    }

    /**
     * A server may take a second request with the same nonce count for a replay (RFC
     * 7616, section 3.4).
     */
    private static boolean isCounted(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, "Digest ", 0, 7);
    }

    /**
     * Return whether an answer ends the wait for the other one.
     * @param status its status code
     * @return {@code false} for 429 and from 500 on: the other one may be better
     */
    public boolean accepts(int status) {
        return status < 500 && status != 429;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HedgePolicy policy && Objects.equals(this.delay, policy.delay)
                && this.percentile == policy.percentile && this.minDelay.equals(policy.minDelay);
    }

    @Override
    public int hashCode() {
        return Objects.hash(this.delay, this.percentile, this.minDelay);
    }

    @Override
    public String toString() {
        return (this.delay != null) ? "delay=" + this.delay
                : "percentile=" + this.percentile + ", min-delay=" + this.minDelay;
    }

}
