package dev.outbound.client.transport.jdk;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.RequestException;

/**
 * The body of a response as the JDK gives it: a piece at a time, when it is asked for.
 * Given by one thread at a time and taken by another.
 */
final class Inbound implements HttpResponse.BodySubscriber<Inbound> {

    private final Attempt attempt;

    private final Queue<ByteBuffer> arrived = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean asked = new AtomicBoolean();

    private final AtomicBoolean over = new AtomicBoolean();

    private Flow.@Nullable Subscription upstream;

    /** Touched by the JDK's signals only, which come one after the other. */
    private long received;

    private boolean aborted;

    private volatile boolean ended;

    private volatile @Nullable RequestException failure;

    private volatile Runnable listener = () -> {
    };

    Inbound(Attempt attempt) {
        this.attempt = attempt;
    }

    Attempt attempt() {
        return this.attempt;
    }

    @Override
    public CompletionStage<Inbound> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    /** Say what runs whenever there is something new. It must not block. */
    void listen(Runnable listener) {
        this.listener = listener;
    }

    @Override
    public void onSubscribe(Flow.Subscription upstream) {
        synchronized (this) {
            this.upstream = upstream;
            if (this.aborted) {
                upstream.cancel();
                return;
            }
        }
        // The first piece is fetched unasked: it is there already, as a rule.
        this.asked.set(true);
        upstream.request(1);
    }

    /** Ask for more, unless that was done. */
    void ask() {
        if (this.ended || !this.asked.compareAndSet(false, true)) {
            return;
        }
        Flow.Subscription upstream;
        synchronized (this) {
            upstream = this.upstream;
        }
        if (upstream != null) {
            upstream.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        this.attempt.received();
        for (ByteBuffer piece : pieces) {
            if (piece.hasRemaining()) {
                this.received += piece.remaining();
                this.arrived.add(piece);
            }
        }
        this.asked.set(false);
        this.listener.run();
    }

    @Override
    public void onError(Throwable thrown) {
        end(this.attempt.failure(thrown));
    }

    @Override
    public void onComplete() {
        end(this.attempt.incomplete(this.received));
    }

    private void end(@Nullable RequestException failure) {
        if (this.over.compareAndSet(false, true)) {
            this.failure = failure;
            this.ended = true;
            this.attempt.end();
            this.listener.run();
        }
    }

    /** Take the whole body, which did not come by way of the JDK. */
    void give(ByteBuffer body) {
        this.arrived.add(body);
        end(null);
    }

    /** Break the body off with a failure, unless it has ended. */
    void fail(RequestException failure) {
        if (this.over.compareAndSet(false, true)) {
            this.failure = failure;
            this.ended = true;
            abort();
            this.listener.run();
        }
    }

    /** Close the connection, unless it has given all. */
    void abort() {
        this.over.set(true);
        Flow.Subscription upstream;
        synchronized (this) {
            this.aborted = true;
            upstream = this.upstream;
        }
        if (!isComplete()) {
            this.attempt.cut();
            if (upstream != null) {
                upstream.cancel();
            }
        }
        this.attempt.end();
    }

    private boolean isComplete() {
        return this.ended && this.failure == null;
    }

    /** Return the next piece that has arrived, or {@code null}. */
    @Nullable ByteBuffer poll() {
        return this.arrived.poll();
    }

    /** Return whether nothing that has arrived is left. */
    boolean isEmpty() {
        return this.arrived.isEmpty();
    }

    /** Return whether nothing arrives any more; what has arrived may be there still. */
    boolean isEnded() {
        return this.ended;
    }

    /** Return why the body has ended too early, or {@code null}. */
    @Nullable RequestException failure() {
        return this.failure;
    }

}
