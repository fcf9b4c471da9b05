package dev.outbound.client.transport.jdk;

import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The threads that the JDK's client works on: looking up hosts, TLS, and what arrives.
 * They are daemons, made as needed and gone a second after they were. A thread tells for
 * which attempt a connection is being made.
 * <p>
 * What such a thread wants done goes on at once on itself: the JDK's own blocking calls
 * are run like that, and each change of threads costs more than the work.
 */
final class Workers implements Executor {

    /** So many lookups that hang, and no more, take a thread each. */
    private static final int MAX_STARTING = 256;

    /** As {@link #MAX_STARTING}, of those that {@link #send} a request. */
    private final int maxSending;

    private final AtomicInteger sending = new AtomicInteger();

    private static final ThreadLocal<@Nullable Attempt> STARTING = new ThreadLocal<>();

    private final AtomicInteger starting = new AtomicInteger();

    private final ThreadPoolExecutor threads;

    /**
     * Create threads.
     * @param calls how many calls there may be at a time
     */
    Workers(String clientName, int calls) {
        this.maxSending = MAX_STARTING + calls;
        AtomicInteger count = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(),
                (task) -> new Worker(this, task, "outbound-jdk-" + clientName + "-" + count.incrementAndGet()));
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
        if (Thread.currentThread() instanceof Worker worker && worker.owner() == this) {
            task.run();
            return;
        }
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

    /**
     * Let a thread send the request of an attempt, and wait for the head of the response.
     * @param task is interrupted when it is cancelled
     */
    void send(Attempt attempt, FutureTask<?> task) {
        if (this.sending.incrementAndGet() > this.maxSending) {
            this.sending.decrementAndGet();
            throw new IllegalStateException("Too many lookups hang: " + MAX_STARTING);
        }
        try {
            this.threads.execute(() -> {
                try {
                    starting(attempt, task);
                }
                finally {
                    this.sending.decrementAndGet();
                }
            });
        }
        catch (RejectedExecutionException ex) {
            this.sending.decrementAndGet();
            throw ex;
        }
    }

    /** Run something on another thread, whatever this one is. */
    void hand(Runnable task) {
        this.threads.execute(task);
    }

    void close() {
        this.threads.shutdown();
    }

    /** A thread of a client. */
    private static final class Worker extends Thread {

        private final Workers owner;

        Worker(Workers owner, Runnable task, String name) {
            super(task, name);
            this.owner = owner;
            setDaemon(true);
            setContextClassLoader(null);
        }

        Workers owner() {
            return this.owner;
        }

    }

}
