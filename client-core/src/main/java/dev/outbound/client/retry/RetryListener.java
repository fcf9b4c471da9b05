package dev.outbound.client.retry;

import java.time.Duration;

/**
 * Is told of the attempts of a call, in the order of tenacity: {@code before}, the
 * attempt; then, if that is to be repeated, {@code after}, and, unless it was the last
 * one, {@code beforeWait}. {@code ended} closes every call.
 * <p>
 * Called on the thread of the call, which for a reactive one must not be blocked. A
 * listener that throws ends the retries: the failure of the attempt is thrown, with the
 * listener's suppressed, or the listener's where the attempt gave a result.
 *
 * @since 0.1
 */
public interface RetryListener {

    /**
     * An attempt begins.
     * @param attempt the attempt, without an outcome
     */
    default void before(Attempt attempt) {
    }

    /**
     * An attempt that is to be repeated has ended, be it the last one or not.
     * @param attempt the attempt
     */
    default void after(Attempt attempt) {
    }

    /**
     * There will be another attempt.
     * @param attempt the attempt that has ended
     * @param delay the time until the next one
     */
    default void beforeWait(Attempt attempt, Duration delay) {
    }

    /**
     * The call is over, however it ended.
     * @param statistics what it took
     */
    default void ended(RetryStatistics statistics) {
    }

}
