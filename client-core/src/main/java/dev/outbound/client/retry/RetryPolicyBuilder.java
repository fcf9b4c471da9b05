package dev.outbound.client.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * Builds a {@link RetryPolicy}. Names and meaning are those of Spring's own
 * {@code RetryPolicy} where it has them. Not thread-safe.
 * <p>
 * Numbers are enough for most: {@link #maxRetries}, {@link #delay} and what follows. What
 * they cannot say is said by {@link #stop}, {@link #backOff} and {@link #retryOn}, each
 * of which takes the place of the numbers of its kind.
 *
 * <pre class="code">
 * RetryPolicy.builder()
 *     .retryOn(RetryOn.defaults().or(RetryOn.status(500)))
 *     .backOff(Wait.chain(Wait.none(), Wait.exponential(ofMillis(100), 2).atMost(ofSeconds(2)).fullJitter()))
 *     .stop(Stop.afterAttempts(4).or(Stop.beforeTime(ofSeconds(10))))
 *     .build();
 * </pre>
 *
 * @since 0.1
 */
public final class RetryPolicyBuilder {

    /** So that clients which are told the same do not come back together. */
    private static final double SPREAD = 0.1;

    private int maxRetries = 2;

    private @Nullable Duration timeout;

    private Duration delay = Duration.ofMillis(200);

    private double multiplier = 2;

    private Duration maxDelay = Duration.ofSeconds(5);

    private @Nullable Duration jitter;

    private Duration maxRetryAfter = Duration.ofSeconds(30);

    private boolean rateLimitReset;

    private Set<Integer> statuses = Set.of(429, 502, 503, 504);

    private Set<HttpMethod> methods = Set.of();

    private boolean allowNonIdempotent;

    private @Nullable Stop stop;

    private @Nullable Wait backOff;

    private @Nullable RetryOn condition;

    private @Nullable Supplier<String> keys;

    private final List<RetryListener> listeners = new ArrayList<>();

    private boolean throwWhenExhausted;

    private final Set<String> stopNumbers = new LinkedHashSet<>();

    private final Set<String> waitNumbers = new LinkedHashSet<>();

    private final Set<String> conditionNumbers = new LinkedHashSet<>();

    RetryPolicyBuilder() {
    }

    /**
     * Set how often a call is retried.
     * @param maxRetries 0 to {@link RetryPolicy#MAX_RETRIES}; the first attempt does not
     * count. 2 by default.
     * @return this builder
     */
    public RetryPolicyBuilder maxRetries(int maxRetries) {
        Assert.isTrue(maxRetries >= 0 && maxRetries <= RetryPolicy.MAX_RETRIES,
                () -> "max-retries must be between 0 and " + RetryPolicy.MAX_RETRIES + ", but is " + maxRetries);
        this.maxRetries = maxRetries;
        this.stopNumbers.add("maxRetries");
        return this;
    }

    /**
     * Set how long after the beginning of the call an attempt may still begin. The
     * deadline of the call ({@code total}) holds in any case.
     * @param timeout more than zero, or {@code null} for no limit, which is the default
     * @return this builder
     */
    public RetryPolicyBuilder timeout(@Nullable Duration timeout) {
        Assert.isTrue(timeout == null || (!timeout.isNegative() && !timeout.isZero()),
                () -> "timeout must be positive, but is " + timeout);
        this.timeout = timeout;
        this.stopNumbers.add("timeout");
        return this;
    }

    /**
     * Set when to give up, instead of a number of retries.
     * @param stop the condition
     * @return this builder
     */
    public RetryPolicyBuilder stop(Stop stop) {
        Assert.notNull(stop, "stop must not be null");
        this.stop = stop;
        return this;
    }

    /**
     * Set the delay before the first retry.
     * @param delay zero or more; 200 ms by default
     * @return this builder
     */
    public RetryPolicyBuilder delay(Duration delay) {
        this.delay = notNegative("delay", delay);
        this.waitNumbers.add("delay");
        return this;
    }

    /**
     * Set by what each delay is longer than the one before.
     * @param multiplier 1 or more; 2 by default
     * @return this builder
     */
    public RetryPolicyBuilder multiplier(double multiplier) {
        Assert.isTrue(multiplier >= 1, () -> "multiplier must be at least 1, but is " + multiplier);
        this.multiplier = multiplier;
        this.waitNumbers.add("multiplier");
        return this;
    }

    /**
     * Set the longest delay.
     * @param maxDelay zero or more; 5 seconds by default
     * @return this builder
     */
    public RetryPolicyBuilder maxDelay(Duration maxDelay) {
        this.maxDelay = notNegative("max-delay", maxDelay);
        this.waitNumbers.add("maxDelay");
        return this;
    }

    /**
     * Set by how much a delay may be shorter or longer, at random. It is multiplied as
     * the delay is, and a delay never becomes less than the first one or more than the
     * longest.
     * @param jitter zero or more
     * @return this builder
     */
    public RetryPolicyBuilder jitter(Duration jitter) {
        this.jitter = notNegative("jitter", jitter);
        this.waitNumbers.add("jitter");
        return this;
    }

    /**
     * Use each delay as it is, also one that a server asks for.
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
        this.waitNumbers.add("jitter");
        return this;
    }

    /**
     * Set how long to wait, instead of delay, multiplier, longest delay and jitter.
     * @param backOff the wait
     * @return this builder
     */
    public RetryPolicyBuilder backOff(Wait backOff) {
        Assert.notNull(backOff, "backOff must not be null");
        this.backOff = backOff;
        return this;
    }

    /**
     * Set the longest {@code Retry-After} that is waited for. A longer one ends the
     * retries; none is ever cut short. With jitter, up to a tenth is added.
     * @param maxRetryAfter zero or more; 30 seconds by default
     * @return this builder
     */
    public RetryPolicyBuilder maxRetryAfter(Duration maxRetryAfter) {
        this.maxRetryAfter = notNegative("max-retry-after", maxRetryAfter);
        return this;
    }

    /**
     * Set whether {@code X-RateLimit-Reset} is obeyed as {@code Retry-After} is, where a
     * response has no {@code Retry-After} and its {@code X-RateLimit-Remaining} is 0 or
     * absent. The number may be seconds since 1970, milliseconds since 1970 (from
     * 10<sup>11</sup> on) or, below 10<sup>9</sup>, the seconds that are left.
     * @param rateLimitReset whether to obey; {@code false} by default, for no standard
     * describes the field
     * @return this builder
     */
    public RetryPolicyBuilder rateLimitReset(boolean rateLimitReset) {
        this.rateLimitReset = rateLimitReset;
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
        this.conditionNumbers.add("statuses");
        return this;
    }

    /**
     * Set what is retried, instead of transient failures and the statuses. Requests that
     * are not idempotent are not, all the same.
     * @param condition the condition, which is asked about good responses, too
     * @return this builder
     */
    public RetryPolicyBuilder retryOn(RetryOn condition) {
        Assert.notNull(condition, "condition must not be null");
        this.condition = condition;
        return this;
    }

    /**
     * Set the only methods that are retried. Of these, too, only requests that are
     * idempotent by their method, a key or a mark, or that were not sent.
     * @param methods the methods; none for all, which is the default
     * @return this builder
     */
    public RetryPolicyBuilder methods(HttpMethod... methods) {
        this.methods = Set.copyOf(Arrays.asList(methods));
        return this;
    }

    /**
     * Set whether requests are retried that are not idempotent and may have been
     * processed, so that what they do may be done twice.
     * @param allow {@code false} by default; prefer {@link #idempotencyKey}
     * @return this builder
     */
    public RetryPolicyBuilder allowNonIdempotent(boolean allow) {
        this.allowNonIdempotent = allow;
        return this;
    }

    /**
     * Set whether requests that are not idempotent get an {@code Idempotency-Key}, a
     * random UUID that is the same for all attempts of a call, and may be retried then.
     * The server must know the field (draft-ietf-httpapi-idempotency-key-header).
     * @param add {@code false} by default
     * @return this builder
     */
    public RetryPolicyBuilder idempotencyKey(boolean add) {
        this.keys = add ? new RandomKeys() : null;
        return this;
    }

    /**
     * Set what gives the {@code Idempotency-Key} of a request that is not idempotent and
     * has none. Called once for each call, for a reactive one on a thread that must not
     * block.
     * @param keys gives another key each time, as the value of the field
     * @return this builder
     */
    public RetryPolicyBuilder idempotencyKeys(Supplier<String> keys) {
        Assert.notNull(keys, "keys must not be null");
        this.keys = keys;
        return this;
    }

    /**
     * Add who is told of the attempts of each call.
     * @param listener is told after those added before
     * @return this builder
     */
    public RetryPolicyBuilder listener(RetryListener listener) {
        Assert.notNull(listener, "listener must not be null");
        this.listeners.add(listener);
        return this;
    }

    /**
     * Set whether giving up is a failure of its own,
     * {@link dev.outbound.client.http.RetriesExhaustedException}, that knows all
     * attempts. Otherwise the caller gets the last response, or the last failure with the
     * earlier ones suppressed. What was not to be retried is not concerned.
     * @param throwWhenExhausted {@code false} by default
     * @return this builder
     */
    public RetryPolicyBuilder throwWhenExhausted(boolean throwWhenExhausted) {
        this.throwWhenExhausted = throwWhenExhausted;
        return this;
    }

    /**
     * Return the policy.
     * @return an immutable policy
     * @throws IllegalStateException if settings exclude each other
     */
    public RetryPolicy build() {
        check("stop", this.stop, this.stopNumbers, "Stop.afterAttempts(…).or(Stop.beforeTime(…))");
        check("backOff", this.backOff, this.waitNumbers, "Wait.exponential(…).atMost(…).fullJitter()");
        check("retryOn", this.condition, this.conditionNumbers, "RetryOn.status(…).or(RetryOn.transientFailure())");
        boolean jittered = this.backOff != null || this.jitter == null || !this.jitter.isZero();
        return new DefaultRetryPolicy(this.condition, Set.copyOf(this.statuses), this.methods, this.allowNonIdempotent,
                (this.stop != null) ? this.stop : stopOfNumbers(), stopText(),
                (this.backOff != null) ? this.backOff
                        : new BackOffWait(this.delay, this.multiplier, this.maxDelay, this.jitter),
                this.maxRetryAfter, this.rateLimitReset, jittered ? SPREAD : 0, this.keys, listenerOfAll(),
                this.throwWhenExhausted);
    }

    private static void check(String name, @Nullable Object own, Set<String> numbers, String wayOut) {
        Assert.state(own == null || numbers.isEmpty(), () -> name + " takes the place of " + String.join(", ", numbers)
                + ", so both cannot be set; write " + wayOut);
    }

    private Stop stopOfNumbers() {
        Stop attempts = Stop.afterAttempts(this.maxRetries + 1);
        return (this.timeout != null) ? attempts.or(Stop.beforeTime(this.timeout)) : attempts;
    }

    private String stopText() {
        return (this.stop != null) ? "stop=custom"
                : "max-retries=" + this.maxRetries + ((this.timeout != null) ? ", timeout=" + this.timeout : "");
    }

    private RetryListener listenerOfAll() {
        return switch (this.listeners.size()) {
            case 0 -> RetryListeners.NONE;
            case 1 -> this.listeners.get(0);
            default -> new RetryListeners(List.copyOf(this.listeners));
        };
    }

    private static Duration notNegative(String name, Duration value) {
        Assert.notNull(value, () -> name + " must not be null");
        Assert.isTrue(!value.isNegative(), () -> name + " must not be negative, but is " + value);
        return value;
    }

}
