package dev.outbound.client.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.apache.commons.logging.LogFactory;

/**
 * The one daemon thread that looks at all running calls with a coarse tick. It begins
 * with the first call and ends a second after the last one.
 */
final class Watchdog {

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long LINGER = TimeUnit.SECONDS.toNanos(1);

    /** Several, so that threads that begin and end calls seldom meet. */
    private static final List<WatchedCalls> WATCHED = Stream.generate(WatchedCalls::new).limit(16).toList();

    private static final AtomicBoolean RUNNING = new AtomicBoolean();

    private Watchdog() {
    }

    static void add(Cancellation cancellation) {
        WATCHED.get((int) Thread.currentThread().getId() & (WATCHED.size() - 1)).add(cancellation);
        if (!RUNNING.get() && RUNNING.compareAndSet(false, true)) {
            start();
        }
    }

    private static void start() {
        boolean started = false;
        try {
            Thread thread = new Thread(Watchdog::run, "outbound-watchdog");
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            thread.start();
            started = true;
        }
        finally {
            if (!started) {
                RUNNING.set(false);
            }
        }
    }

    static void remove(Cancellation cancellation) {
        WatchedCalls among = cancellation.among;
        if (among != null) {
            among.remove(cancellation);
        }
    }

    static void forEach(RunningCalls calls, Consumer<Cancellation> action) {
        watched().stream().filter((cancellation) -> cancellation.belongs(calls)).forEach(action);
    }

    /** A copy: to break a call off may end it here and now. */
    private static List<Cancellation> watched() {
        List<Cancellation> watched = new ArrayList<>();
        WATCHED.forEach((calls) -> calls.addTo(watched));
        return watched;
    }

    /**
     * What breaks one call's I/O off may fail; the other calls are looked at all the
     * same.
     */
    private static void check(Cancellation cancellation, long now) {
        try {
            if (cancellation.isWatched()) {
                cancellation.check(now);
            }
        }
        catch (Throwable ex) {
            LogFactory.getLog(Watchdog.class).warn("A call could not be broken off", ex);
        }
    }

    private static void run() {
        long lastCall = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(TICK);
            long now = System.nanoTime();
            List<Cancellation> watched = watched();
            if (!watched.isEmpty()) {
                lastCall = now;
                watched.forEach((cancellation) -> check(cancellation, now));
            }
            else if (now - lastCall > LINGER) {
                RUNNING.set(false);
                // A call that was added before the flag fell relies on this thread.
                if (WATCHED.stream().allMatch(WatchedCalls::isEmpty) || !RUNNING.compareAndSet(false, true)) {
                    return;
                }
            }
        }
    }

}
