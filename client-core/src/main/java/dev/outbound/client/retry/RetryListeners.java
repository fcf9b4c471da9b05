package dev.outbound.client.retry;

import java.time.Duration;
import java.util.List;

/**
 * Several listeners, told in order.
 */
record RetryListeners(List<RetryListener> listeners) implements RetryListener {

    static final RetryListener NONE = new RetryListeners(List.of());

    @Override
    public void before(Attempt attempt) {
        this.listeners.forEach((listener) -> listener.before(attempt));
    }

    @Override
    public void after(Attempt attempt) {
        this.listeners.forEach((listener) -> listener.after(attempt));
    }

    @Override
    public void beforeWait(Attempt attempt, Duration delay) {
        this.listeners.forEach((listener) -> listener.beforeWait(attempt, delay));
    }

    @Override
    public void ended(RetryStatistics statistics) {
        this.listeners.forEach((listener) -> listener.ended(statistics));
    }

}
