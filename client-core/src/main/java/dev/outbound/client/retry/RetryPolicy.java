package dev.outbound.client.retry;

import java.time.Duration;

import org.springframework.util.Assert;

import dev.outbound.client.http.Request;

/**
 * Decides after each attempt whether there is another. Thread-safe and without state: all
 * it needs is in the {@link Attempt}.
 * <p>
 * What it cannot know is decided around it: a body that cannot be sent again, the
 * deadline of the call and the retry budget of its client end the retries all the same.
 * An interrupt or a cancellation is never retried.
 * <p>
 * The {@linkplain #builder() builder} makes most policies; a function is one, too:
 *
 * <pre class="code">
 * RetryPolicy once = (attempt) -&gt; (attempt.number() == 1 &amp;&amp; attempt.request().isIdempotent())
 *         ? RetryDecision.retryAfter(Duration.ofMillis(50)) : RetryDecision.stop(RetryDecision.Reason.ATTEMPTS);
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RetryPolicy {

    /** The largest number of retries that can be configured. */
    int MAX_RETRIES = 10;

    /**
     * Decide what follows an attempt.
     * @param attempt what was tried, and what came of it
     * @return whether to try again, and after what time
     */
    RetryDecision decide(Attempt attempt);

    /**
     * Return whether responses of a status are to be decided on. Asked before
     * {@link #decide}, so that a good response costs nothing.
     * @param status the status code
     * @return {@code true} from 400 on
     */
    default boolean judges(int status) {
        return status >= 400;
    }

    /**
     * Complete the request of a call. Asked once for each call, before its first attempt,
     * so that all attempts send the same.
     * @param request the request
     * @return the request to send, by default the given one
     */
    default Request prepare(Request request) {
        return request;
    }

    /**
     * Return who is told of the attempts.
     * @return nobody, by default
     */
    default RetryListener listener() {
        return RetryListeners.NONE;
    }

    /**
     * Return whether giving up is a
     * {@link dev.outbound.client.http.RetriesExhaustedException} of its own.
     * @return {@code false}, by default: the caller gets the last response, or the last
     * failure
     */
    default boolean throwsWhenExhausted() {
        return false;
    }

    /**
     * Return a policy that never retries.
     * @return the policy
     */
    static RetryPolicy none() {
        return (attempt) -> RetryDecision.stop(RetryDecision.Reason.OUTCOME);
    }

    /**
     * Return the policy of an empty {@code retry} block: 2 retries of idempotent requests
     * on lost connections and 429, 502, 503 and 504, of any request on failures to
     * connect, after 200 ms and then twice the time, with full jitter, at most 5 seconds,
     * and obeying {@code Retry-After} up to 30 seconds.
     * @return the policy
     */
    static RetryPolicy defaults() {
        return builder().build();
    }

    /**
     * Return a builder that begins with the {@linkplain #defaults() defaults}.
     * @return a new builder
     */
    static RetryPolicyBuilder builder() {
        return new RetryPolicyBuilder();
    }

    /**
     * Return a policy of the defaults with another number of retries and a fixed delay.
     * @param maxRetries the number of retries, the first attempt not counted
     * @param delay the delay before each
     * @return the policy
     */
    static RetryPolicy fixed(int maxRetries, Duration delay) {
        Assert.notNull(delay, "delay must not be null");
        return builder().maxRetries(maxRetries).delay(delay).maxDelay(delay).multiplier(1).noJitter().build();
    }

}
