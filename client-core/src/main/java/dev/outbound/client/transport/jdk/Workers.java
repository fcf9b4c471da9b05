package dev.outbound.client.transport.jdk;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The threads that the JDK's client works on: looking up hosts, TLS, and what arrives.
 * They are daemons, made as needed and gone a second after they were. A thread tells for
 * which attempt a connection is being made.
 */
final class Workers implements Executor {

    /** So many lookups that hang, and no more, take a thread each. */
    private static final int MAX_STARTING = 256;

    private static final ThreadLocal<@Nullable Attempt> STARTING = new ThreadLocal<>();

    private final AtomicInteger starting = new AtomicInteger();

    private final ThreadPoolExecutor threads;

    Workers(String clientName) {
        AtomicInteger count = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(),
                (task) -> {
                    Thread thread = new Thread(task, "outbound-jdk-" + clientName + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    thread.setContextClassLoader(null);
                    return thread;
                });
    }

    /** Run what begins an attempt, so that the threads it is handed to know it. */
    static void starting(Attempt attempt, Runnable task) {
        STARTING.set(attempt);
        try {
            task.run();
        }
        finally {
            STARTING.remove();
        }
    }

    /** Return the attempt that the current thread begins. */
    static @Nullable Attempt starting() {
        return STARTING.get();
    }

    @Override
    public void execute(Runnable task) {
        Attempt attempt = STARTING.get();
        if (attempt == null) {
            this.threads.execute(task);
            return;
        }
        if (this.starting.incrementAndGet() > MAX_STARTING) {
            this.starting.decrementAndGet();
            throw new IllegalStateException("Too many lookups hang: " + MAX_STARTING);
        }
        this.threads.execute(() -> {
            try {
                starting(attempt, task);
            }
            finally {
                this.starting.decrementAndGet();
            }
        });
    }

    void close() {
        this.threads.shutdown();
    }

}
