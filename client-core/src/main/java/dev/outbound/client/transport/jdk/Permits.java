package dev.outbound.client.transport.jdk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Lets so many at a time go on, in order of arrival, without blocking a thread.
 * Thread-safe.
 */
final class Permits {

    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private final int limit;

    private int held;

    private boolean closed;

    Permits(int limit) {
        this.limit = limit;
    }

    /**
     * Take a permit, or wait for one.
     * @param granted runs, at once or later on the thread that gives a permit back, when
     * there is one, or when nobody need wait any more; its identity is that of who waits
     */
    void acquire(Runnable granted) {
        synchronized (this) {
            if (this.held >= this.limit && !this.closed) {
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

    /** Let everybody go on, who will see that there is nothing to go on with. */
    void close() {
        List<Runnable> all;
        synchronized (this) {
            this.closed = true;
            all = new ArrayList<>(this.waiting);
            this.waiting.clear();
            this.held += all.size();
        }
        all.forEach(Runnable::run);
    }

    synchronized int held() {
        return this.held;
    }

    synchronized int pending() {
        return this.waiting.size();
    }

}
