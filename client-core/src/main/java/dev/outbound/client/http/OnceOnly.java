package dev.outbound.client.http;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sees to it that a streamed body is read once. Thread-safe.
 */
final class OnceOnly {

    private final AtomicBoolean used = new AtomicBoolean();

    /** Take the body, or fail. */
    void take() {
        if (!tryTake()) {
            throw new IllegalStateException("The body of this response was read, or given out to be read, before;"
                    + " it is streamed and there only once. read() keeps it, if it is small");
        }
    }

    boolean isTaken() {
        return this.used.get();
    }

    boolean tryTake() {
        return this.used.compareAndSet(false, true);
    }

}
