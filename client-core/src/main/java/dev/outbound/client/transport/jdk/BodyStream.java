package dev.outbound.client.transport.jdk;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.Cancellation;

/**
 * The body of a response, read by one thread, which parks while nothing has arrived.
 */
final class BodyStream extends InputStream {

    private static final long DRAIN_TIME = TimeUnit.MILLISECONDS.toNanos(50);

    private final Attempt attempt;

    private final Inbound inbound;

    private final long length;

    private final Cancellation cancellation;

    private @Nullable ByteBuffer current;

    private long received;

    private volatile @Nullable Thread reader;

    private volatile boolean closed;

    private @Nullable RequestException failure;

    BodyStream(Attempt attempt, long length, Cancellation cancellation) {
        this.attempt = attempt;
        this.inbound = attempt.inbound();
        this.length = length;
        this.cancellation = cancellation;
        this.inbound.listen(this::wake);
        cancellation.onCancel(this::wake);
    }

    private void wake() {
        Thread reader = this.reader;
        if (reader != null) {
            LockSupport.unpark(reader);
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (this.failure != null) {
            throw this.failure;
        }
        this.cancellation.enter();
        this.reader = Thread.currentThread();
        try {
            ByteBuffer piece = piece();
            if (piece == null) {
                return -1;
            }
            int count = Math.min(length, piece.remaining());
            piece.get(target, offset, count);
            return count;
        }
        catch (RequestException ex) {
            this.failure = ex;
            this.inbound.abort();
            throw ex;
        }
        finally {
            this.reader = null;
            this.cancellation.leave();
        }
    }

    private @Nullable ByteBuffer piece() {
        boolean waiting = false;
        while (true) {
            RequestException ended = this.cancellation.failure(Phase.BODY, null);
            if (ended != null) {
                throw ended;
            }
            ByteBuffer piece = poll();
            if (piece != null) {
                this.attempt.resting();
                return piece;
            }
            if (isOver()) {
                return null;
            }
            if (!waiting) {
                waiting = true;
                this.attempt.waiting();
                this.inbound.ask();
            }
            park();
        }
    }

    private @Nullable ByteBuffer poll() {
        ByteBuffer current = this.current;
        if (current == null || !current.hasRemaining()) {
            current = this.inbound.poll();
            this.current = current;
            if (current != null) {
                this.received += current.remaining();
            }
        }
        return current;
    }

    private boolean isOver() {
        if (!this.inbound.isEnded()) {
            if (this.closed) {
                throw new CancelledException(Phase.BODY, "the response was closed or aborted", null);
            }
            return false;
        }
        // What came last came before the end.
        if (poll() != null) {
            return false;
        }
        RequestException failure = this.inbound.failure();
        if (failure != null) {
            throw failure;
        }
        return true;
    }

    private void park() {
        long left = this.attempt.timeLeft(System.nanoTime());
        if (left <= 0) {
            throw this.attempt.timeout();
        }
        // Something may have arrived before this thread was known to be the reader.
        if (!this.inbound.isEnded()) {
            BlockingCall.park(this, this.attempt.nextLook(left));
        }
    }

    @Override
    public int available() {
        ByteBuffer current = this.current;
        return (this.failure == null && current != null) ? current.remaining() : 0;
    }

    /** Read what little is left, or else close the connection. */
    void drain() {
        // Who closes while another thread reads wants that to end, and not to wait for
        // it.
        boolean cheap = this.reader == null && this.failure == null
                && this.length - this.received <= this.attempt.drainLimit();
        if (!cheap || !drained()) {
            abort();
        }
        this.closed = true;
    }

    private boolean drained() {
        long end = System.nanoTime() + DRAIN_TIME;
        this.reader = Thread.currentThread();
        try {
            long drained = 0;
            while (drained <= this.attempt.drainLimit()) {
                ByteBuffer piece = poll();
                if (piece != null) {
                    drained += piece.remaining();
                    piece.position(piece.limit());
                    continue;
                }
                if (this.inbound.isEnded()) {
                    return this.inbound.failure() == null;
                }
                long left = end - System.nanoTime();
                if (left <= 0 || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                this.inbound.ask();
                LockSupport.parkNanos(this, left);
            }
            return false;
        }
        finally {
            this.reader = null;
        }
    }

    void abort() {
        this.closed = true;
        this.inbound.abort();
        wake();
    }

}
