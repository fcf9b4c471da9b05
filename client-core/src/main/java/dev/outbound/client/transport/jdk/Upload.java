package dev.outbound.client.transport.jdk;

import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.transport.IncomingHead;

/**
 * The body of a request, given to the JDK in pieces as it asks for them. A body that
 * fails is never completed, so that the server does not take what was sent for all.
 * <p>
 * The JDK gives no response away before it has all of the request.
 */
abstract class Upload implements HttpRequest.BodyPublisher, Flow.Subscription {

    /** A limit for each piece, so that a long body may take its time. */
    static final int PIECE = 16 * 1024;

    private final long length;

    private final AtomicBoolean subscribed = new AtomicBoolean();

    private final AtomicLong demand = new AtomicLong();

    private final AtomicInteger draining = new AtomicInteger();

    private volatile @Nullable Attempt attempt;

    private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;

    private volatile long given;

    private volatile boolean complete;

    private volatile boolean stopped;

    /**
     * Create an upload.
     * @param length the announced length, or {@link IncomingHead#CHUNKED}
     */
    Upload(long length) {
        this.length = length;
    }

    void begin(Attempt attempt) {
        this.attempt = attempt;
    }

    Attempt attempt() {
        Attempt attempt = this.attempt;
        if (attempt == null) {
            throw new IllegalStateException("The upload belongs to no attempt");
        }
        return attempt;
    }

    /** Return the announced length, or {@link IncomingHead#CHUNKED}. */
    long length() {
        return this.length;
    }

    /** How much the JDK has taken. */
    long given() {
        return this.given;
    }

    @Override
    public long contentLength() {
        return this.length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        if (!this.subscribed.compareAndSet(false, true)) {
            subscriber.onSubscribe(new Flow.Subscription() {

                @Override
                public void request(long n) {
                }

                @Override
                public void cancel() {
                }

            });
            subscriber.onError(new IllegalStateException("The JDK sends a request again"));
            return;
        }
        this.subscriber = subscriber;
        subscriber.onSubscribe(this);
        subscribed();
        drain();
    }

    /** The JDK is about to ask for the body. */
    void subscribed() {
    }

    boolean isSubscribed() {
        return this.subscribed.get();
    }

    @Override
    public void request(long n) {
        this.demand.updateAndGet((before) -> (before + n < 0) ? Long.MAX_VALUE : before + n);
        // All of what was given is sent: the server is not what is waited for. Behind the
        // end, where the JDK may ask as well, it is.
        if (!this.complete) {
            attempt().resting();
        }
        drain();
    }

    @Override
    public void cancel() {
        stop();
    }

    /** Give no more. */
    void stop() {
        this.stopped = true;
    }

    boolean isStopped() {
        return this.stopped;
    }

    boolean isComplete() {
        return this.complete;
    }

    /** Give the JDK what it asks for. */
    final void drain() {
        if (this.subscriber == null || this.draining.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            while (this.demand.get() > 0 && !this.stopped && !this.complete) {
                ByteBuffer piece = next();
                if (piece == null) {
                    break;
                }
                give(piece);
            }
            if (!this.stopped && !this.complete && isExhausted()) {
                complete();
            }
            missed = this.draining.addAndGet(-missed);
        }
        while (missed != 0);
    }

    private void give(ByteBuffer piece) {
        Flow.Subscriber<? super ByteBuffer> subscriber = this.subscriber;
        if (subscriber != null) {
            if (this.demand.get() != Long.MAX_VALUE) {
                this.demand.decrementAndGet();
            }
            attempt().waiting();
            int size = piece.remaining();
            subscriber.onNext(piece);
            this.given = this.given + size;
        }
    }

    private void complete() {
        Flow.Subscriber<? super ByteBuffer> subscriber = this.subscriber;
        if (subscriber != null) {
            this.complete = true;
            attempt().uploaded();
            subscriber.onComplete();
        }
    }

    /** Return the next piece, or {@code null} if there is none yet, or no more. */
    abstract @Nullable ByteBuffer next();

    /** Return whether all was given. */
    abstract boolean isExhausted();

}
