package dev.outbound.client.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.apache.commons.logging.LogFactory;

/**
 * The one daemon thread that looks at all running calls with a coarse tick. It begins
 * with the first call and ends a second after the last one.
 */
final class Watchdog {

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long LINGER = TimeUnit.SECONDS.toNanos(1);

    private static final Set<Cancellation> WATCHED = ConcurrentHashMap.newKeySet();

    private static final AtomicBoolean RUNNING = new AtomicBoolean();

    private Watchdog() {
    }

    static void add(Cancellation cancellation) {
        WATCHED.add(cancellation);
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
        WATCHED.remove(cancellation);
    }

    static void forEach(RunningCalls calls, Consumer<Cancellation> action) {
        WATCHED.stream().filter((cancellation) -> cancellation.belongs(calls)).forEach(action);
    }

    /**
     * What breaks one call's I/O off may fail; the other calls are looked at all the
     * same.
     */
    private static void check(Cancellation cancellation, long now) {
        try {
            cancellation.check(now);
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
            if (!WATCHED.isEmpty()) {
                lastCall = now;
                WATCHED.forEach((cancellation) -> check(cancellation, now));
            }
            else if (now - lastCall > LINGER) {
                RUNNING.set(false);
                // A call that was added before the flag fell relies on this thread.
                if (WATCHED.isEmpty() || !RUNNING.compareAndSet(false, true)) {
                    return;
                }
            }
        }
    }

}
