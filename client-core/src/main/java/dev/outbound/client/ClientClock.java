package dev.outbound.client;

import java.time.Duration;

import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Time as the drivers know it: what it is, and how it is waited for. The one place to put
 * tests on virtual time. Thread-safe.
 *
 * @since 0.1
 */
public interface ClientClock {

    /**
     * Return a time to measure with.
     * @return nanoseconds since some moment, never going back
     */
    long nanoTime();

    /**
     * Return the time of day.
     * @return milliseconds since 1970, in UTC
     */
    long millis();

    /**
     * Wait on this thread.
     * @param duration how long
     * @throws InterruptedException if the thread is interrupted
     */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Wait on no thread.
     * @param duration how long
     * @return completes, with or without a value, when the time is over; can be cancelled
     */
    Mono<?> delay(Duration duration);

    /**
     * Tell when a time is over that nobody waits for: what is going on may end before.
     * @param duration how long
     * @return completes, with or without a value, when the time is over; can be cancelled
     */
    default Mono<?> alarm(Duration duration) {
        return delay(duration);
    }

    /**
     * Return whether {@link #nanoTime()} is that of the system, so that time passes by
     * itself while I/O blocks.
     * @return {@code false} for virtual time
     */
    default boolean isSystem() {
        return false;
    }

    /**
     * Return the clock of one call, which is asked for when the call begins: test tools
     * that run tests in parallel on shared clients tell them apart here.
     * @param context the context of the subscription, empty for a blocking call
     * @return this clock, by default
     */
    default ClientClock forCall(ContextView context) {
        return this;
    }

    /**
     * Return the clock of the system.
     * @return the shared instance
     */
    static ClientClock system() {
        return SystemClock.INSTANCE;
    }

}
