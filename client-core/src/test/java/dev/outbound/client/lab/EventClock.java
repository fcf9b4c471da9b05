package dev.outbound.client.lab;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

import reactor.core.publisher.Mono;

import dev.outbound.client.ClientClock;

/**
 * Time that goes from one event to the next, so that many reactive calls pass through
 * hours at once, in order and on one thread. Not thread-safe.
 */
public final class EventClock implements ClientClock {

    private static final long START_MILLIS = 1_800_000_000_000L;

    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong(Event::time).thenComparingLong(Event::number));

    private long now;

    private long number;

    /**
     * Plan an event.
     * @param time when it happens, in nanoseconds from the beginning
     * @param action what happens
     */
    public void at(long time, Runnable action) {
        this.events.add(new Event(time, this.number++, action));
    }

    /**
     * Let everything happen that is planned, and what is planned by that.
     */
    public void run() {
        for (Event event = this.events.poll(); event != null; event = this.events.poll()) {
            this.now = Math.max(this.now, event.time());
            event.action().run();
        }
    }

    @Override
    public long nanoTime() {
        return this.now;
    }

    @Override
    public long millis() {
        return START_MILLIS + this.now / 1_000_000;
    }

    @Override
    public void sleep(Duration duration) {
        throw new UnsupportedOperationException("Only reactive calls run on this clock");
    }

    @Override
    public Mono<?> delay(Duration duration) {
        return Mono.create((sink) -> at(this.now + duration.toNanos(), sink::success));
    }

    private record Event(long time, long number, Runnable action) {
    }

}
