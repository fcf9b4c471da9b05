package dev.outbound.client.guard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Limits how many requests are on their way at a time. Those that wait are let in one
 * after the other, in the order they came in: who leaves hands over the place, so nobody
 * polls and no thread is held here. Thread-safe.
 *
 * @since 0.1
 */
public final class Bulkhead {

    private final BulkheadSettings settings;

    private final Deque<Place> waiting = new ArrayDeque<>();

    private final LongAdder rejected = new LongAdder();

    private int running;

    public Bulkhead(BulkheadSettings settings) {
        this.settings = settings;
    }

    public BulkheadSettings settings() {
        return this.settings;
    }

    /**
     * Return how many requests are on their way.
     * @return 0 to the number that is allowed
     */
    public synchronized int running() {
        return this.running;
    }

    /**
     * Return how many requests wait for the end of another one.
     * @return the number
     */
    public synchronized int waiting() {
        return this.waiting.size();
    }

    /**
     * Return how many requests were not let in.
     * @return the number since the beginning
     */
    public long rejected() {
        return this.rejected.sum();
    }

    /** Ask for a place, which may have to be waited for. */
    synchronized Place enter() {
        Place place = new Place();
        if (this.running < this.settings.maxCalls()) {
            this.running++;
            place.taken = true;
        }
        else {
            this.waiting.add(place);
        }
        return place;
    }

    void reject() {
        this.rejected.increment();
    }

    /** A place, or one in the queue for it. */
    final class Place {

        private final CompletableFuture<Void> arrival = new CompletableFuture<>();

        private boolean taken;

        private boolean left;

        boolean isTaken() {
            synchronized (Bulkhead.this) {
                return this.taken;
            }
        }

        /** Completes when the place is taken, if that was not at once. */
        CompletionStage<Void> arrival() {
            return this.arrival;
        }

        /**
         * Give the place up, whether it was taken or not. Does nothing the second time.
         */
        void leave() {
            Place next = giveUp();
            if (next != null) {
                next.arrival.complete(null);
            }
        }

        private @Nullable Place giveUp() {
            synchronized (Bulkhead.this) {
                if (this.left) {
                    return null;
                }
                this.left = true;
                if (!this.taken) {
                    Bulkhead.this.waiting.remove(this);
                    return null;
                }
                Place next = Bulkhead.this.waiting.poll();
                if (next != null) {
                    next.taken = true;
                }
                else {
                    Bulkhead.this.running--;
                }
                return next;
            }
        }

    }

}
