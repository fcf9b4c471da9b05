package dev.outbound.client.retry;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The hedges of a client: when they are due, from how long the latest answers took, and
 * what has come of them. Shared by all calls of the client, blocking and reactive ones,
 * and of its copies. Thread-safe.
 *
 * @since 0.1
 */
public final class Hedges {

    /** How many answers there must be before a percentile says something. */
    static final int WARM_UP = 32;

    private static final int WINDOW = 256;

    /** Sorting the window for each answer would be felt, and change little. */
    private static final int STEP = 16;

    private static final long UNKNOWN = -1;

    private final HedgePolicy policy;

    private final LongAdder sent = new LongAdder();

    private final LongAdder won = new LongAdder();

    private final LongAdder suppressed = new LongAdder();

    /** The latest ones, the oldest of which is overwritten next. */
    private final long[] latencies;

    private int answers;

    private volatile long delay;

    private Hedges(HedgePolicy policy) {
        this.policy = policy;
        Duration fixed = policy.delay();
        this.latencies = new long[(fixed != null) ? 0 : WINDOW];
        this.delay = (fixed != null) ? fixed.toNanos() : UNKNOWN;
    }

    /**
     * Return hedges that know nothing yet.
     * @param policy when they are due
     * @return a new object
     */
    public static Hedges of(HedgePolicy policy) {
        Assert.notNull(policy, "policy must not be null");
        return new Hedges(policy);
    }

    public HedgePolicy policy() {
        return this.policy;
    }

    /**
     * Return after what time a request is hedged now.
     * @return the delay, or {@code null} while too few answers were measured
     */
    public @Nullable Duration delay() {
        long delay = this.delay;
        return (delay != UNKNOWN) ? Duration.ofNanos(delay) : null;
    }

    /**
     * Remember how long an answer took. Where the hedge won, that is less than the first
     * request would have taken, but more than the delay, which is all that a percentile
     * has to know.
     * @param nanos the time from the first request to the head of the first answer
     */
    public void answered(long nanos) {
        if (this.latencies.length > 0) {
            remember(Math.max(0, nanos));
        }
    }

    private synchronized void remember(long nanos) {
        this.latencies[this.answers % WINDOW] = nanos;
        // Counts on after the window is full, in a range that both numbers divide.
        this.answers = (this.answers + 1 < 2 * WINDOW) ? this.answers + 1 : WINDOW;
        if (this.answers >= WARM_UP && this.answers % STEP == 0) {
            long[] sorted = Arrays.copyOf(this.latencies, Math.min(this.answers, WINDOW));
            Arrays.sort(sorted);
            int rank = (int) Math.ceil(this.policy.percentile() / 100 * sorted.length);
            this.delay = Math.max(sorted[Math.max(rank, 1) - 1], this.policy.minDelay().toNanos());
        }
    }

    public void countSent() {
        this.sent.increment();
    }

    public void countWon() {
        this.won.increment();
    }

    public void countSuppressed() {
        this.suppressed.increment();
    }

    /**
     * Return how many hedges were sent.
     * @return a number that only grows
     */
    public long sent() {
        return this.sent.sum();
    }

    /**
     * Return how many of them gave the answer.
     * @return a number that only grows
     */
    public long won() {
        return this.won.sum();
    }

    /**
     * Return how many were due, and not sent because the retry budget was used up.
     * @return a number that only grows
     */
    public long suppressed() {
        return this.suppressed.sum();
    }

}
