package dev.outbound.client.transport.httpcomponents;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.pool.StrictConnPool;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Failures;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.TimeStatistics;
import dev.outbound.client.transport.TransportSettings;

/**
 * The connections of one transport. HttpCore's pool keeps them, a semaphore in front of
 * it does the waiting: that pool loses what it gives to a thread that is interrupted, and
 * counts who has given up among those who wait.
 */
final class ConnectionPool implements PoolStatistics {

    private static final long SWEEP_DELAY_MILLIS = 1000;

    private final TransportSettings settings;

    private final Semaphore permits;

    private final StrictConnPool<Origin, Wire> connections;

    private final TimeValue idle;

    private final Predicate<Wire> current;

    private final TimeStatistics connects = new TimeStatistics();

    private final TimeStatistics acquires = new TimeStatistics();

    private final AtomicBoolean sweeping = new AtomicBoolean();

    private volatile boolean closed;

    /**
     * Create a pool.
     * @param current tells which connections may still be used
     */
    ConnectionPool(TransportSettings settings, Predicate<Wire> current) {
        this.settings = settings;
        this.current = current;
        this.permits = new Semaphore(settings.maxConnections(), true);
        this.idle = timeValue(settings.idle());
        this.connections = new StrictConnPool<>(settings.maxConnections(), settings.maxConnections(),
                timeValue(settings.lifetime()), PoolReusePolicy.LIFO, null);
    }

    private static TimeValue timeValue(@Nullable Duration duration) {
        return (duration != null) ? TimeValue.of(duration) : TimeValue.NEG_ONE_MILLISECOND;
    }

    /**
     * Take a connection, an open one if there is one.
     * @param origin where it leads
     * @param limit how long to wait, or {@code null} for no limit
     * @param cancellation the call, registered with its deadline
     * @return the connection, to be ended once
     */
    Lease lease(Origin origin, @Nullable Duration limit, Cancellation cancellation) {
        long start = System.nanoTime();
        acquire(limit, cancellation);
        this.acquires.add(System.nanoTime() - start);
        try {
            PoolEntry<Origin, Wire> entry = take(origin, cancellation);
            Wire wire = entry.getConnection();
            if (wire != null && (!this.current.test(wire)
                    || !wire.isFitForUse(System.currentTimeMillis() - entry.getUpdated()))) {
                entry.discardConnection(CloseMode.IMMEDIATE);
                wire = null;
            }
            if (wire == null) {
                wire = new Wire(this.settings.limits());
                entry.assignConnection(wire);
            }
            return new Lease(this, entry, wire, cancellation);
        }
        catch (RuntimeException | Error ex) {
            this.permits.release();
            throw ex;
        }
    }

    private void acquire(@Nullable Duration limit, Cancellation cancellation) {
        if (this.closed) {
            throw new IllegalStateException("The transport of client '" + this.settings.clientName() + "' was closed");
        }
        if (this.permits.hasQueuedThreads() || !this.permits.tryAcquire()) {
            await(limit, cancellation);
            if (this.closed) {
                this.permits.release();
                throw new CancelledException(Phase.POOL, "the client was closed", null);
            }
        }
    }

    private void await(@Nullable Duration limit, Cancellation cancellation) {
        long patience = (limit != null) ? limit.toNanos() : Long.MAX_VALUE;
        long deadline = cancellation.deadline();
        long left = (deadline != Cancellation.NO_DEADLINE) ? deadline - System.nanoTime() : Long.MAX_VALUE;
        try {
            if (this.permits.tryAcquire(Math.min(patience, left), TimeUnit.NANOSECONDS)) {
                return;
            }
            if (left <= patience) {
                cancellation.cancel(Cancellation.Cause.DEADLINE);
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        RequestException ended = cancellation.failure(Phase.POOL, null);
        throw (ended != null) ? ended : Failures.poolTimeout(this.settings, limit, null);
    }

    /** Never waits for a connection: who holds a permit finds room. */
    private PoolEntry<Origin, Wire> take(Origin origin, Cancellation cancellation) {
        boolean interrupted = false;
        Future<PoolEntry<Origin, Wire>> future = this.connections.lease(origin, null, Timeout.DISABLED, null);
        try {
            while (true) {
                try {
                    return future.get();
                }
                catch (InterruptedException ex) {
                    // Another thread is about to complete it: giving up would lose the
                    // connection.
                    interrupted = true;
                }
            }
        }
        catch (CancellationException ex) {
            RequestException ended = cancellation.failure(Phase.POOL, ex);
            throw (ended != null) ? ended : new CancelledException(Phase.POOL, "the call was broken off", ex);
        }
        catch (ExecutionException ex) {
            throw new IllegalStateException("The pool failed", ex);
        }
        finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Take a connection back.
     * @param entry the connection
     * @param serverKeepsAlive how long the server keeps it, negative for no limit;
     * {@code null} closes it
     * @param mode how to close it
     */
    void release(PoolEntry<Origin, Wire> entry, @Nullable TimeValue serverKeepsAlive, CloseMode mode) {
        Wire wire = entry.getConnection();
        TimeValue keepAlive = (wire != null && this.current.test(wire)) ? serverKeepsAlive : null;
        try {
            if (keepAlive == null || this.closed) {
                entry.discardConnection(mode);
            }
            else {
                boolean shorter = keepAlive.getDuration() >= 0
                        && (this.idle.getDuration() < 0 || keepAlive.compareTo(this.idle) < 0);
                entry.updateExpiry(shorter ? keepAlive : this.idle);
            }
            this.connections.release(entry, keepAlive != null);
        }
        catch (IllegalStateException ex) {
            // Closing the pool in between has taken the connection away.
            if (!this.closed) {
                throw ex;
            }
        }
        finally {
            this.permits.release();
        }
        if (keepAlive != null && !this.sweeping.get() && this.idle.getDuration() >= 0) {
            sweepLater();
        }
    }

    /** On the JDK's shared timer, and only while there is something to close. */
    private void sweepLater() {
        if (this.sweeping.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(this.idle.toMilliseconds() + SWEEP_DELAY_MILLIS, TimeUnit.MILLISECONDS)
                .execute(this::sweep);
        }
    }

    private void sweep() {
        this.sweeping.set(false);
        if (!this.closed) {
            this.connections.closeExpired();
            if (idle() > 0) {
                sweepLater();
            }
        }
    }

    /** Close what waits for a request, and may not be used any more. */
    void closeOutdated() {
        this.connections.enumAvailable((entry) -> {
            Wire wire = entry.getConnection();
            if (wire != null && !this.current.test(wire)) {
                entry.discardConnection(CloseMode.GRACEFUL);
            }
        });
    }

    void closeIdle() {
        this.connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
    }

    @Override
    public String engine() {
        return "http-components";
    }

    @Override
    public int active() {
        return this.connections.getTotalStats().getLeased();
    }

    @Override
    public int max() {
        return this.settings.maxConnections();
    }

    @Override
    public TimeStatistics connects() {
        return this.connects;
    }

    @Override
    public TimeStatistics acquires() {
        return this.acquires;
    }

    @Override
    public int idle() {
        return this.connections.getTotalStats().getAvailable();
    }

    @Override
    public int pending() {
        return this.permits.getQueueLength();
    }

    boolean isClosed() {
        return this.closed;
    }

    void close() {
        this.closed = true;
        this.connections.close(CloseMode.IMMEDIATE);
        // Who waits wakes one by one, sees that there is nothing to wait for, and wakes
        // the next.
        this.permits.release();
    }

}
