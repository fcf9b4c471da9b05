package dev.outbound.client.transport;

import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often something was done, and how long it took. Thread-safe.
 *
 * @since 0.1
 */
public final class TimeStatistics {

    private final LongAdder count = new LongAdder();

    private final LongAdder total = new LongAdder();

    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    /**
     * Say that it was done once more.
     * @param nanos how long it took
     */
    public void add(long nanos) {
        this.count.increment();
        this.total.add(nanos);
        this.longest.accumulate(nanos);
    }

    /**
     * Return how often it was done.
     * @return the number of times
     */
    public long count() {
        return this.count.sum();
    }

    /**
     * Return how long it took altogether.
     * @return the sum of all times
     */
    public Duration total() {
        return Duration.ofNanos(this.total.sum());
    }

    /**
     * Return how long it took at the most.
     * @return the longest time so far
     */
    public Duration longest() {
        return Duration.ofNanos(this.longest.get());
    }

    @Override
    public String toString() {
        return count() + " times, " + total().toMillis() + " ms, at most " + longest().toMillis() + " ms";
    }

}
