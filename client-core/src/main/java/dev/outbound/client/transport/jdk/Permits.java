package dev.outbound.client.transport.jdk;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets so many at a time go on, in order of arrival, without blocking a thread.
 * Thread-safe.
 */
final class Permits {

    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private final int limit;

    private int held;

    Permits(int limit) {
        this.limit = limit;
    }

    /**
     * Take a permit, or wait for one.
     * @param granted runs, at once or later on the thread that gives a permit back, when
     * there is one; its identity is that of who waits
     */
    void acquire(Runnable granted) {
        synchronized (this) {
            if (this.held >= this.limit) {
                this.waiting.add(granted);
                return;
            }
            this.held++;
        }
        granted.run();
    }

    /**
     * Wait no longer.
     * @return whether it was waiting, and has no permit
     */
    synchronized boolean leave(Runnable granted) {
        return this.waiting.remove(granted);
    }

    void release() {
        Runnable next;
        synchronized (this) {
            next = this.waiting.poll();
            if (next == null) {
                this.held--;
                return;
            }
        }
        next.run();
    }

    synchronized int held() {
        return this.held;
    }

    synchronized int pending() {
        return this.waiting.size();
    }

}
