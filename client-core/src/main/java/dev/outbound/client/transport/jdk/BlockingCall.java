package dev.outbound.client.transport.jdk;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.IncomingHead;
import dev.outbound.client.transport.OutgoingHead;
import dev.outbound.client.transport.TransportResponse;

/**
 * One request and the head of its response, waited for by the calling thread. It parks
 * until something happens, or the limit of where the attempt is has passed; an interrupt
 * wakes it, and who watches the call's deadline.
 */
final class BlockingCall implements Attempt.Lane {

    private final Connections connections;

    private final Cancellation cancellation;

    private final Thread thread = Thread.currentThread();

    private final @Nullable Upload upload;

    private final Attempt attempt;

    private volatile boolean granted;

    private volatile @Nullable IncomingHead head;

    private volatile @Nullable Throwable failure;

    BlockingCall(Connections connections, Request request, Cancellation cancellation) {
        this.connections = connections;
        this.cancellation = cancellation;
        OutgoingHead head = OutgoingHead.of(request);
        this.upload = upload(request, head.bodyLength());
        this.attempt = new Attempt(connections, request, head, this.upload, this);
        cancellation.progress(this.attempt);
        if (this.upload != null) {
            this.upload.begin(this.attempt);
        }
    }

    private @Nullable Upload upload(Request request, long length) {
        RequestBody body = request.body();
        if (body == null) {
            return null;
        }
        byte[] bytes = body.bytes();
        return (bytes != null && (length < 0 || bytes.length == length)) ? new BytesUpload(bytes, length)
                : new StreamUpload(body, length, this);
    }

    /** Send the request and wait for the head of the response. */
    TransportResponse run() {
        this.cancellation.onCancel(this::wake);
        Runnable grant = this::grant;
        this.connections.acquire(grant);
        try {
            await(() -> this.granted);
        }
        catch (RuntimeException | Error ex) {
            if (!this.connections.leave(grant)) {
                this.attempt.abandon();
            }
            throw ex;
        }
        try {
            return exchange();
        }
        catch (RuntimeException | Error ex) {
            this.attempt.abandon();
            throw ex;
        }
    }

    private void grant() {
        this.granted = true;
        wake();
    }

    private TransportResponse exchange() {
        if (this.connections.isClosed()) {
            throw new CancelledException(this.attempt.phase(), "the client was closed", null);
        }
        RequestException ended = this.cancellation.failure(this.attempt.phase(), null);
        if (ended != null) {
            throw ended;
        }
        this.attempt.start();
        if (this.upload instanceof StreamUpload stream) {
            stream.write();
        }
        await(this::isAnswered);
        IncomingHead head = this.head;
        if (head == null) {
            throw asUnchecked(this.failure);
        }
        return new JdkResponse(head, this.attempt, this.cancellation);
    }

    private static RuntimeException asUnchecked(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (failure instanceof RuntimeException ex) ? ex : new IllegalStateException("There is no answer", failure);
    }

    /**
     * Park until something is so.
     * @throws RequestException if it takes too long, or the call was ended
     */
    void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            RequestException ended = this.cancellation.failure(this.attempt.phase(), null);
            if (ended != null) {
                throw ended;
            }
            long left = this.attempt.timeLeft(System.nanoTime());
            if (left <= 0) {
                throw this.attempt.timeout();
            }
            park(this, this.attempt.nextLook(left));
        }
    }

    /** The JDK works on the common pool, too: another thread there takes one's place. */
    static void park(Object blocker, long nanos) {
        if (!(Thread.currentThread() instanceof ForkJoinWorkerThread)) {
            LockSupport.parkNanos(blocker, nanos);
            return;
        }
        try {
            ForkJoinPool.managedBlock(new Parking(blocker, nanos));
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    void wake() {
        LockSupport.unpark(this.thread);
    }

    boolean isAnswered() {
        return this.head != null || this.failure != null;
    }

    @Override
    public boolean isBlocking() {
        return true;
    }

    @Override
    public void responded(IncomingHead head, Inbound body) {
        this.head = head;
        wake();
    }

    @Override
    public void failed(Throwable failure) {
        this.failure = failure;
        wake();
    }

    /** Parks once. */
    private static final class Parking implements ForkJoinPool.ManagedBlocker {

        private final Object blocker;

        private final long nanos;

        private boolean over;

        Parking(Object blocker, long nanos) {
            this.blocker = blocker;
            this.nanos = nanos;
        }

        @Override
        public boolean block() {
            LockSupport.parkNanos(this.blocker, this.nanos);
            this.over = true;
            return true;
        }

        @Override
        public boolean isReleasable() {
            return this.over;
        }

    }

}
