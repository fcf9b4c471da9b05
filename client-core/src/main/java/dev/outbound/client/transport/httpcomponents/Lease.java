package dev.outbound.client.transport.httpcomponents;

import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.transport.Cancellation;

/**
 * A connection in the hands of one call. Ended once, by whoever is first; as a
 * {@link Runnable} it is what breaks the call's I/O off.
 */
final class Lease implements Runnable {

    private final ConnectionPool pool;

    private final PoolEntry<Origin, Wire> entry;

    private final Wire wire;

    private final Cancellation cancellation;

    private boolean ended;

    Lease(ConnectionPool pool, PoolEntry<Origin, Wire> entry, Wire wire, Cancellation cancellation) {
        this.pool = pool;
        this.entry = entry;
        this.wire = wire;
        this.cancellation = cancellation;
    }

    Wire wire() {
        return this.wire;
    }

    /** Return whether the client was closed and its connections with it. */
    boolean isPoolClosed() {
        return this.pool.isClosed();
    }

    synchronized boolean isEnded() {
        return this.ended;
    }

    /**
     * Give the connection back.
     * @param keepAlive how long the server keeps it, negative for no limit; {@code null}
     * closes it
     */
    void end(@Nullable TimeValue keepAlive) {
        end(keepAlive, CloseMode.GRACEFUL);
    }

    /** Close the connection without a word, whatever it is doing. */
    void abort() {
        end(null, CloseMode.IMMEDIATE);
    }

    private void end(@Nullable TimeValue keepAlive, CloseMode mode) {
        // Under the lock, so that a cancellation never closes what is another call's by
        // now.
        synchronized (this) {
            if (this.ended) {
                return;
            }
            this.ended = true;
        }
        this.cancellation.onCancel(null);
        this.wire.released();
        this.pool.release(this.entry, this.wire.hasUnreadData() ? null : keepAlive, mode);
    }

    /** Close the connection and leave the rest to the thread that uses it. */
    @Override
    public void run() {
        synchronized (this) {
            if (!this.ended) {
                this.wire.close(CloseMode.IMMEDIATE);
            }
        }
    }

}
