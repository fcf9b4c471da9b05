package dev.outbound.client.guard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Counts what a client does, and remembers how its last calls ended. Thread-safe; reading
 * gives figures that may be a few calls apart.
 *
 * @since 0.1
 */
public final class CallStatistics {

    /** How many of the last calls {@link #recentCalls()} looks at. */
    private static final int WINDOW = 20;

    private static final int REMEMBERED = 10;

    private final LongAdder calls = new LongAdder();

    private final LongAdder attempts = new LongAdder();

    private final LongAdder retries = new LongAdder();

    private final LongAdder nanos = new LongAdder();

    /**
     * A marker bit, then one bit for each recent call, the newest lowest; set: failed.
     */
    private final AtomicLong recent = new AtomicLong(1);

    /** The newest first. */
    private final Deque<FailedCall> failures = new ArrayDeque<>();

    private volatile int lastStatus;

    public void attempt() {
        this.attempts.increment();
    }

    public void retry() {
        this.retries.increment();
    }

    /**
     * Count a call that has ended.
     * @param nanos how long it took
     * @param status the status of its response, or 0
     * @param failure the call when it failed, or {@code null} when it did not
     */
    public void ended(long nanos, int status, @Nullable FailedCall failure) {
        this.calls.increment();
        this.nanos.add(nanos);
        if (failure != null) {
            remember(failure);
        }
        if (status != this.lastStatus) {
            this.lastStatus = status;
        }
        long bit = (failure != null) ? 1 : 0;
        long before;
        long after;
        do {
            before = this.recent.get();
            after = (before << 1) | bit;
            if (after >= (1L << (WINDOW + 1))) {
                after = (after & ((1L << WINDOW) - 1)) | (1L << WINDOW);
            }
        }
        while (after != before && !this.recent.compareAndSet(before, after));
    }

    private void remember(FailedCall failure) {
        synchronized (this.failures) {
            if (this.failures.size() == REMEMBERED) {
                this.failures.removeLast();
            }
            this.failures.addFirst(failure);
        }
    }

    public long calls() {
        return this.calls.sum();
    }

    public long attempts() {
        return this.attempts.sum();
    }

    public long retries() {
        return this.retries.sum();
    }

    /**
     * Return the time that all calls took together.
     * @return the time
     */
    public Duration time() {
        return Duration.ofNanos(this.nanos.sum());
    }

    /**
     * Return the status of the last response.
     * @return the status, or 0 when the last call had no response
     */
    public int lastStatus() {
        return this.lastStatus;
    }

    /**
     * Return what the last failure was.
     * @return the failure, or {@code null} when there was none yet
     */
    public @Nullable String lastFailure() {
        synchronized (this.failures) {
            FailedCall last = this.failures.peekFirst();
            return (last != null) ? last.failure() : null;
        }
    }

    /**
     * Return the last calls that failed.
     * @return up to 10 of them, the newest first
     */
    public List<FailedCall> failures() {
        synchronized (this.failures) {
            return List.copyOf(this.failures);
        }
    }

    /**
     * Return how many calls of the recent past are remembered.
     * @return 0 to 20
     */
    public int recentCalls() {
        return 63 - Long.numberOfLeadingZeros(this.recent.get());
    }

    /**
     * Return how many of the {@link #recentCalls()} failed.
     * @return 0 to 20
     */
    public int recentFailures() {
        return Long.bitCount(this.recent.get()) - 1;
    }

    /**
     * Return how many calls have failed since the last one that did not.
     * @return 0 to 20
     */
    public int failuresInARow() {
        return Math.min(Long.numberOfTrailingZeros(~this.recent.get()), recentCalls());
    }

}
