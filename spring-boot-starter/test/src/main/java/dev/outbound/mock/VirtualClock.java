package dev.outbound.mock;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

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
 * <p>
 * In a slice, {@code @Autowired VirtualClock} is the clock of the test that uses it.
 *
 * @since 0.1
 */
public sealed class VirtualClock implements ClientClock permits VirtualClock.OfTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final @Nullable Time time;

    private final @Nullable VirtualClock source;

    private final List<Duration> waits = new CopyOnWriteArrayList<>();

    private VirtualClock(@Nullable Time time, @Nullable VirtualClock source) {
        this.time = time;
        this.source = source;
    }

    /** Return a clock that is that of the test which uses it. */
    static VirtualClock ofTest() {
        return new OfTest();
    }

    /**
     * Return a clock on which each wait ends at once.
     * @return a clock that shows the time of the system at this moment
     */
    public static VirtualClock create() {
        return new VirtualClock(new Time(false), null);
    }

    /**
     * Return a clock on which time passes by {@link #advance} only.
     * @return a clock that shows the time of the system at this moment
     */
    public static VirtualClock manual() {
        return new VirtualClock(new Time(true), null);
    }

    /**
     * Return a clock that shows the same time and knows its own waits only: one for each
     * client of a test. This one knows them, too.
     * @return another clock
     */
    public VirtualClock sharingTime() {
        return new VirtualClock(time(), this);
    }

    Time time() {
        return Objects.requireNonNull(this.time);
    }

    void remember(Duration wait) {
        this.waits.add(wait);
        if (this.source != null) {
            this.source.remember(wait);
        }
    }

    @Override
    public long nanoTime() {
        return time().now();
    }

    @Override
    public long millis() {
        return time().millis();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted in a virtual wait");
        }
        remember(duration);
        time().sleep(duration, () -> false);
    }

    @Override
    public Mono<?> delay(Duration duration) {
        return Mono.defer(() -> {
            remember(duration);
            return time().delay(duration);
        });
    }

    /** Is no wait: the client goes on meanwhile. */
    @Override
    public Mono<?> alarm(Duration duration) {
        return time().alarm(duration);
    }

    /**
     * Let an upstream take time, until the call is ended; nothing that the client waits
     * for by itself.
     */
    void pass(Duration duration, Cancellation call) throws InterruptedException {
        Time time = time();
        call.onCancel(time::changed);
        try {
            time.sleep(duration, () -> call.cause() != null);
        }
        finally {
            call.onCancel(null);
        }
    }

    /** Let an upstream take time without blocking. */
    Mono<Void> passing(Duration duration) {
        return time().delay(duration);
    }

    /**
     * Let time pass: what waits for it goes on, in order.
     * @param duration how much
     */
    public void advance(Duration duration) {
        Assert.notNull(duration, "duration must not be null");
        Assert.isTrue(!duration.isNegative(), () -> "duration must not be negative, but is " + duration);
        time().advance(duration.toNanos());
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
        time().awaitWaiting(patience.toMillis());
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
        return waits().stream().reduce(Duration.ZERO, Duration::plus);
    }

    void forgetWaits() {
        this.waits.clear();
    }

    /**
     * The clock of whatever test uses it. Between tests it shows the time of the system.
     */
    static final class OfTest extends VirtualClock {

        private OfTest() {
            super(null, null);
        }

        @Override
        Time time() {
            return test().time();
        }

        private static VirtualClock test() {
            MockScope scope = MockScope.current();
            if (scope == null) {
                throw new IllegalStateException("There is no virtual time on thread '" + MockScope.thread()
                        + "', which belongs to no test with mocks. " + "Wrap what runs there with MockScope.wrap");
            }
            return scope.clock();
        }

        private static ClientClock current() {
            MockScope scope = MockScope.current();
            return (scope != null) ? scope.clock() : ClientClock.system();
        }

        @Override
        public ClientClock forCall(ContextView context) {
            MockScope scope = MockScope.find(context);
            return (scope != null) ? scope.clock() : ClientClock.system();
        }

        @Override
        public long nanoTime() {
            return current().nanoTime();
        }

        @Override
        public long millis() {
            return current().millis();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            current().sleep(duration);
        }

        @Override
        public Mono<?> delay(Duration duration) {
            return current().delay(duration);
        }

        @Override
        public Mono<?> alarm(Duration duration) {
            return current().alarm(duration);
        }

        @Override
        public List<Duration> waits() {
            return test().waits();
        }

        @Override
        void remember(Duration wait) {
            test().remember(wait);
        }

    }

    /** The time that several clocks show. */
    static final class Time {

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

        long millis() {
            return this.startMillis + (now() - this.start) / 1_000_000;
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
