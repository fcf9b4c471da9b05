package dev.outbound.client.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

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
            Thread thread = new Thread(Watchdog::run, "outbound-watchdog");
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            thread.start();
        }
    }

    static void remove(Cancellation cancellation) {
        WATCHED.remove(cancellation);
    }

    private static void run() {
        long lastCall = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(TICK);
            long now = System.nanoTime();
            if (!WATCHED.isEmpty()) {
                lastCall = now;
                WATCHED.forEach((cancellation) -> cancellation.check(now));
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
