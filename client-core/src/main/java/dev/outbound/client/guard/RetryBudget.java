package dev.outbound.client.guard;

import java.util.concurrent.atomic.LongAdder;

import org.springframework.util.Assert;

/**
 * Limits the retries of a client to a part of its calls, so that retries cannot multiply
 * the load on an upstream that is down. Thread-safe.
 * <p>
 * Each call puts a fraction of a retry into the budget, and each second some; a retry
 * takes one out. It begins with {@value #INITIAL} retries, so that the first failures of
 * a client can be retried, and at most {@value #CAPACITY} can be saved up. With the
 * defaults, an upstream that answers nothing gets at most 1.1 times the calls, one
 * request a second and those saved up: 1.12 times at 100 calls a second.
 *
 * @since 0.1
 */
public final class RetryBudget {

    private static final int CAPACITY = 100;

    private static final int INITIAL = 10;

    private final double ratio;

    private final double perSecond;

    private final LongAdder calls = new LongAdder();

    private long counted;

    private long refilled;

    private boolean started;

    private double balance = INITIAL;

    /**
     * Create a budget.
     * @param ratio how many retries there may be for each call, 0 to 1
     * @param perSecond how many retries there may be each second in any case, 0 or more
     */
    public RetryBudget(double ratio, double perSecond) {
        Assert.isTrue(ratio >= 0 && ratio <= 1, () -> "ratio must be between 0 and 1, but is " + ratio);
        Assert.isTrue(perSecond >= 0 && perSecond <= Double.MAX_VALUE,
                () -> "perSecond must be a number from 0, but is " + perSecond);
        this.ratio = ratio;
        this.perSecond = perSecond;
    }

    /**
     * Return the budget that a client has unless told otherwise: 10 % of its calls, and
     * one retry a second.
     * @return a new budget
     */
    public static RetryBudget defaults() {
        return new RetryBudget(0.1, 1);
    }

    /**
     * Count a call.
     */
    public void deposit() {
        this.calls.increment();
    }

    /**
     * Take one retry out.
     * @param now the time in nanoseconds
     * @return whether there was one
     */
    public synchronized boolean withdraw(long now) {
        refill(now);
        if (this.balance < 1) {
            return false;
        }
        this.balance--;
        return true;
    }

    /**
     * Return how many retries could be made now.
     * @param now the time in nanoseconds
     * @return the number of retries
     */
    public synchronized double balance(long now) {
        refill(now);
        return this.balance;
    }

    private void refill(long now) {
        long calls = this.calls.sum();
        double earned = (calls - this.counted) * this.ratio;
        this.counted = calls;
        if (!this.started) {
            this.started = true;
            this.refilled = now;
        }
        // Threads read the clock before they get here, and not in this order.
        long passed = now - this.refilled;
        if (passed > 0) {
            earned += passed / 1e9 * this.perSecond;
            this.refilled = now;
        }
        this.balance = Math.min(CAPACITY, this.balance + earned);
    }

}
