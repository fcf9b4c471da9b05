package dev.outbound.client.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import reactor.core.publisher.Mono;

import dev.outbound.client.ClientClock;

/**
 * Time that passes only by waiting for it: a test of a long back-off takes no time and
 * can say how long was waited.
 */
public final class TestClock implements ClientClock {

    private static final long START_MILLIS = 1_800_000_000_000L;

    private final AtomicLong nanos = new AtomicLong(1_000_000_000L);

    private final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());

    @Override
    public long nanoTime() {
        return this.nanos.get();
    }

    @Override
    public long millis() {
        return START_MILLIS + this.nanos.get() / 1_000_000;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted in a virtual wait");
        }
        this.waits.add(duration);
        advance(duration);
    }

    @Override
    public Mono<?> delay(Duration duration) {
        return Mono.fromRunnable(() -> {
            this.waits.add(duration);
            advance(duration);
        });
    }

    /** Time jumps from the beginning of a wait to its end: nothing is due in between. */
    @Override
    public Mono<?> alarm(Duration duration) {
        return Mono.never();
    }

    /**
     * Let time pass.
     * @param duration how much
     */
    public void advance(Duration duration) {
        this.nanos.addAndGet(duration.toNanos());
    }

    /**
     * Return what was waited for.
     * @return the waits in order
     */
    public List<Duration> waits() {
        return List.copyOf(this.waits);
    }

}
