package dev.outbound.mock;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.util.Assert;

import dev.outbound.client.ClientClock;
import dev.outbound.client.transport.Cancellation;

/**
 * Time that passes when somebody waits for it: a test of a back-off of thirty seconds
 * takes no time, and can tell that it was waited for. Thread-safe.
 * <p>
 * By default each wait ends at once and moves the time by its duration; calls that wait
 * in parallel move it one after the other, and nothing becomes due in between, so that no
 * request is hedged. On a {@linkplain #manual() manual} clock they wait until the test
 * {@linkplain #advance advances} it.
 *
 * @since 0.1
 */
public final class VirtualClock implements ClientClock {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Time time;

    private final List<Duration> waits = new CopyOnWriteArrayList<>();

    private VirtualClock(Time time) {
        this.time = time;
    }

    /**
     * Return a clock on which each wait ends at once.
     * @return a clock that shows the time of the system at this moment
     */
    public static VirtualClock create() {
        return new VirtualClock(new Time(false));
    }

    /**
     * Return a clock on which time passes by {@link #advance} only.
     * @return a clock that shows the time of the system at this moment
     */
    public static VirtualClock manual() {
        return new VirtualClock(new Time(true));
    }

    /**
     * Return a clock that shows the same time and knows its own waits only: one for each
     * client of a test.
     * @return another clock
     */
    public VirtualClock sharingTime() {
        return new VirtualClock(this.time);
    }

    @Override
    public long nanoTime() {
        return this.time.now();
    }

    @Override
    public long millis() {
        return this.time.startMillis + (this.time.now() - this.time.start) / 1_000_000;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted in a virtual wait");
        }
        this.waits.add(duration);
        this.time.sleep(duration, () -> false);
    }

    @Override
    public Mono<?> delay(Duration duration) {
        return Mono.defer(() -> {
            this.waits.add(duration);
            return this.time.delay(duration);
        });
    }

    /** Is no wait: the client goes on meanwhile. */
    @Override
    public Mono<?> alarm(Duration duration) {
        return this.time.alarm(duration);
    }

    /**
     * Let an upstream take time, until the call is ended; nothing that the client waits
     * for by itself.
     */
    void pass(Duration duration, Cancellation call) throws InterruptedException {
        call.onCancel(this.time::changed);
        try {
            this.time.sleep(duration, () -> call.cause() != null);
        }
        finally {
            call.onCancel(null);
        }
    }

    /** Let an upstream take time without blocking. */
    Mono<Void> passing(Duration duration) {
        return this.time.delay(duration);
    }

    /**
     * Let time pass: what waits for it goes on, in order.
     * @param duration how much
     */
    public void advance(Duration duration) {
        Assert.notNull(duration, "duration must not be null");
        Assert.isTrue(!duration.isNegative(), () -> "duration must not be negative, but is " + duration);
        this.time.advance(duration.toNanos());
    }

    /**
     * Let time pass as soon as somebody waits for it, on a manual clock: a call on
     * another thread may not have come that far yet.
     * @param duration how much
     * @throws IllegalStateException if nobody waits within five seconds of real time
     * @throws InterruptedException if the thread is interrupted
     */
    public void advanceWhenWaiting(Duration duration) throws InterruptedException {
        advanceWhenWaiting(duration, PATIENCE);
    }

    void advanceWhenWaiting(Duration duration, Duration patience) throws InterruptedException {
        this.time.awaitWaiting(patience.toMillis());
        advance(duration);
    }

    /**
     * Return what the client waited for by itself: back-off and {@code Retry-After}, but
     * not delays of an upstream.
     * @return the waits in the order in which they began
     */
    public List<Duration> waits() {
        return List.copyOf(this.waits);
    }

    /**
     * Return how long the client waited by itself.
     * @return the sum of all {@link #waits()}
     */
    public Duration waited() {
        return this.waits.stream().reduce(Duration.ZERO, Duration::plus);
    }

    void forgetWaits() {
        this.waits.clear();
    }

    /** The time that several clocks show. */
    private static final class Time {

        /** Of the system, for deadlines that were taken from its clock. */
        private final long start = System.nanoTime();

        private final long startMillis = System.currentTimeMillis();

        private final boolean manual;

        private final PriorityQueue<Event> events = new PriorityQueue<>(
                Comparator.comparingLong(Event::time).thenComparingLong(Event::number));

        private long now = this.start;

        private long number;

        Time(boolean manual) {
            this.manual = manual;
        }

        synchronized long now() {
            return this.now;
        }

        synchronized void changed() {
            notifyAll();
        }

        synchronized void sleep(Duration duration, BooleanSupplier ended) throws InterruptedException {
            if (!this.manual) {
                this.now += duration.toNanos();
                return;
            }
            long end = this.now + duration.toNanos();
            Event event = plan(end, true, () -> {
            });
            try {
                while (this.now < end && !ended.getAsBoolean()) {
                    wait();
                }
            }
            finally {
                this.events.remove(event);
            }
        }

        Mono<Void> delay(Duration duration) {
            return this.manual ? planned(duration, true) : Mono.fromRunnable(() -> advance(duration.toNanos()));
        }

        Mono<Void> alarm(Duration duration) {
            return this.manual ? planned(duration, false) : Mono.never();
        }

        private Mono<Void> planned(Duration duration, boolean waits) {
            return Mono.create((sink) -> {
                Event event;
                synchronized (this) {
                    event = plan(this.now + duration.toNanos(), waits, sink::success);
                }
                sink.onCancel(() -> forget(event));
            });
        }

        private Event plan(long time, boolean waits, Runnable action) {
            Event event = new Event(time, this.number++, waits, action);
            this.events.add(event);
            notifyAll();
            return event;
        }

        private synchronized void forget(Event event) {
            this.events.remove(event);
        }

        /**
         * From one event to the next, each running at its own time and without the lock.
         */
        void advance(long nanos) {
            long end;
            synchronized (this) {
                end = this.now + nanos;
            }
            for (Event event = next(end); event != null; event = next(end)) {
                event.action().run();
            }
            synchronized (this) {
                this.now = Math.max(this.now, end);
                notifyAll();
            }
        }

        private synchronized @Nullable Event next(long end) {
            Event first = this.events.peek();
            if (first == null || first.time() > end) {
                return null;
            }
            this.events.remove(first);
            this.now = Math.max(this.now, first.time());
            notifyAll();
            return first;
        }

        synchronized void awaitWaiting(long millis) throws InterruptedException {
            long end = System.currentTimeMillis() + millis;
            while (this.events.stream().noneMatch(Event::waits)) {
                long left = end - System.currentTimeMillis();
                if (left <= 0) {
                    throw new IllegalStateException(
                            "Nobody waits for this clock. Does the client have it (MockRouter.bind, ClientBuilder.clock)?");
                }
                wait(left);
            }
        }

        /**
         * What happens at a time.
         *
         * @param time when
         * @param number which of several at the same time comes first
         * @param waits whether somebody waits for it, and does nothing else
         * @param action what happens
         */
        private record Event(long time, long number, boolean waits, Runnable action) {
        }

    }

}
