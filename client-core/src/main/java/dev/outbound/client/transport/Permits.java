package dev.outbound.client.transport;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets so many at a time go on, in order of arrival, without blocking a thread.
 * Thread-safe.
 *
 * @since 0.1
 */
public final class Permits {

    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private final int limit;

    private int held;

    private volatile int pending;

    private boolean unlimited;

    /**
     * Create permits.
     * @param limit how many there are
     */
    public Permits(int limit) {
        this.limit = limit;
    }

    /**
     * Take a permit, or wait for one.
     * @param granted runs, at once or later on the thread that gives a permit back, when
     * there is one; its identity is that of who waits. It must not block
     */
    public void acquire(Runnable granted) {
        synchronized (this) {
            if (this.held >= this.limit && !this.unlimited) {
                this.waiting.add(granted);
                this.pending = this.waiting.size();
                return;
            }
            this.held++;
        }
        granted.run();
    }

    /**
     * Wait no longer.
     * @param granted who waits
     * @return whether it was waiting, and has no permit
     */
    public synchronized boolean leave(Runnable granted) {
        boolean waited = this.waiting.remove(granted);
        this.pending = this.waiting.size();
        return waited;
    }

    /**
     * Give a permit back.
     */
    public void release() {
        Runnable next;
        synchronized (this) {
            next = this.unlimited ? null : this.waiting.poll();
            if (next == null) {
                this.held--;
                return;
            }
            this.pending = this.waiting.size();
        }
        next.run();
    }

    /**
     * Let everybody go on, now and from now on: there is nothing to wait for any more.
     */
    public void close() {
        while (true) {
            Runnable next;
            synchronized (this) {
                this.unlimited = true;
                next = this.waiting.poll();
                this.pending = this.waiting.size();
                if (next == null) {
                    return;
                }
                this.held++;
            }
            next.run();
        }
    }

    /**
     * Return how many permits are taken.
     * @return the number at this moment
     */
    public synchronized int held() {
        return this.held;
    }

    /**
     * Return how many wait for a permit.
     * @return the number at this moment
     */
    public int pending() {
        return this.pending;
    }

}
