package dev.outbound.client.retry;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * Whether an attempt that is to be repeated is the last one all the same.
 *
 * <pre class="code">
 * Stop.afterAttempts(5).or(Stop.beforeTime(ofSeconds(20)));
 * Stop own = (attempt, delay) -&gt; shuttingDown.get();
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Stop {

    /**
     * Return whether there is no further attempt.
     * @param attempt the attempt that has just ended
     * @param delay the time that would be waited before the next one
     * @return whether to give up
     */
    boolean stops(Attempt attempt, Duration delay);

    /**
     * Return a stop that never comes. Deadline and retry budget of a client end the
     * retries all the same; other code is repeated for ever.
     * @return never
     */
    static Stop never() {
        return (attempt, delay) -> false;
    }

    /**
     * Stop after a number of attempts.
     * @param attempts the number, the first attempt included; 1 or less for no second one
     * @return the condition
     */
    static Stop afterAttempts(int attempts) {
        return (attempt, delay) -> attempt.number() >= attempts;
    }

    /**
     * Stop when an attempt ends after some time. The call may take longer, by one wait
     * and one attempt: see {@link #beforeTime}.
     * @param time the time since the call began
     * @return the condition
     */
    static Stop afterTime(Duration time) {
        Assert.notNull(time, "time must not be null");
        return (attempt, delay) -> attempt.elapsed().compareTo(time) >= 0;
    }

    /**
     * Stop when the next attempt would begin after some time. The call may take longer,
     * by one attempt.
     * @param time the time since the call began
     * @return the condition
     */
    static Stop beforeTime(Duration time) {
        Assert.notNull(time, "time must not be null");
        return (attempt, delay) -> Durations.sum(attempt.elapsed(), delay).compareTo(time) >= 0;
    }

    /**
     * Stop when this or another condition holds.
     * @param other is asked only when this one does not hold
     * @return the condition
     */
    default Stop or(Stop other) {
        Assert.notNull(other, "other must not be null");
        return (attempt, delay) -> stops(attempt, delay) || other.stops(attempt, delay);
    }

    /**
     * Stop when this and another condition hold.
     * @param other is asked only when this one holds
     * @return the condition
     */
    default Stop and(Stop other) {
        Assert.notNull(other, "other must not be null");
        return (attempt, delay) -> stops(attempt, delay) && other.stops(attempt, delay);
    }

}
