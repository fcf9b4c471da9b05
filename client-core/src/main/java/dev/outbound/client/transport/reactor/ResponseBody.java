package dev.outbound.client.transport.reactor;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.netty.Connection;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;

/**
 * The body of one response, between Reactor Netty and the one subscriber. It completes
 * only when the last byte was seen: Reactor Netty completes what is broken off, too.
 */
final class ResponseBody extends Flux<DataBuffer> implements CoreSubscriber<Object>, Subscription {

    private static final NettyDataBufferFactory FACTORY = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);

    private static final AtomicIntegerFieldUpdater<ResponseBody> STATE = AtomicIntegerFieldUpdater
        .newUpdater(ResponseBody.class, "state");

    private static final AtomicLongFieldUpdater<ResponseBody> REQUESTED = AtomicLongFieldUpdater
        .newUpdater(ResponseBody.class, "requested");

    private static final long DRAIN_MILLIS = 50;

    private static final int NEW = 0;

    private static final int SUBSCRIBED = 1;

    private static final int DRAINED = 2;

    private static final int ENDED = 3;

    private final long contentLength;

    private final long mostDrained;

    /** Kept, for a connection that is back in the pool does not tell it any more. */
    private final EventLoop eventLoop;

    private @Nullable Call call;

    private @Nullable Connection connection;

    private @Nullable CoreSubscriber<? super DataBuffer> actual;

    private @Nullable Subscription upstream;

    private volatile int state;

    private volatile long requested;

    private volatile long waitingSince;

    /** Set on the event loop, as all that follows. */
    private volatile boolean complete;

    private volatile @Nullable Throwable failure;

    private long received;

    private boolean buffered;

    /** The connection is on its way to the pool. */
    private boolean returning;

    private boolean completeAfterReturn;

    ResponseBody(Call call, Connection connection, HttpResponse head) {
        this.call = call;
        this.connection = connection;
        this.eventLoop = connection.channel().eventLoop();
        this.mostDrained = call.limits().drain();
        this.contentLength = contentLength(head);
    }

    private static long contentLength(HttpResponse head) {
        if (head instanceof DecodedHead decoded) {
            return Math.max(-1, decoded.bodyLength());
        }
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        // Netty has refused what is not a number.
        return (length != null) ? Long.parseLong(length) : -1;
    }

    long contentLength() {
        return this.contentLength;
    }

    @Override
    public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
        Connection connection = this.connection;
        if (connection == null || !STATE.compareAndSet(this, NEW, SUBSCRIBED)) {
            Operators.error(actual, new IllegalStateException(
                    "The body of a response can be read once; it was subscribed to, or closed, before"));
            return;
        }
        this.actual = actual;
        connection.inbound().receiveObject().subscribe(this);
    }

    @Override
    public Context currentContext() {
        CoreSubscriber<? super DataBuffer> actual = this.actual;
        return (actual != null) ? actual.currentContext() : Context.empty();
    }

    @Override
    public void onSubscribe(Subscription upstream) {
        this.upstream = upstream;
        CoreSubscriber<? super DataBuffer> actual = this.actual;
        if (actual != null) {
            actual.onSubscribe(this);
        }
        else {
            upstream.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void request(long n) {
        Subscription upstream = this.upstream;
        if (Operators.validate(n) && upstream != null) {
            if (this.requested == 0) {
                this.waitingSince = System.nanoTime();
            }
            Operators.addCap(REQUESTED, this, n);
            upstream.request(n);
        }
    }

    @Override
    public void onNext(Object message) {
        ByteBuf content = (message instanceof ByteBufHolder holder) ? holder.content() : (ByteBuf) message;
        this.received += content.readableBytes();
        CoreSubscriber<? super DataBuffer> actual = this.actual;
        if (actual == null) {
            if (this.received > this.mostDrained) {
                dispose();
            }
            return;
        }
        if (this.state == ENDED) {
            return;
        }
        Operators.produced(REQUESTED, this, 1);
        // Reactor Netty releases the message when this returns.
        actual.onNext(FACTORY.wrap(content.retain()));
    }

    @Override
    public void onError(Throwable ex) {
        Call call = this.call;
        if (this.failure == null && call != null) {
            this.failure = NettyFailures.of(call, ex);
        }
        onComplete();
    }

    @Override
    public void onComplete() {
        if (this.returning) {
            this.completeAfterReturn = true;
            return;
        }
        Throwable failure = this.failure;
        Call call = this.call;
        if (failure == null && !this.complete && call != null) {
            failure = NettyFailures.truncated(call, this.received, this.contentLength);
        }
        CoreSubscriber<? super DataBuffer> actual = this.actual;
        if (STATE.getAndSet(this, ENDED) == SUBSCRIBED && actual != null) {
            release();
            if (failure != null) {
                actual.onError(failure);
            }
            else {
                actual.onComplete();
            }
        }
    }

    @Override
    public void cancel() {
        Subscription upstream = this.upstream;
        if (STATE.compareAndSet(this, SUBSCRIBED, ENDED) && upstream != null) {
            upstream.cancel();
            release();
        }
    }

    /** The head of a response may be kept for long: what it came on must not be. */
    private void release() {
        this.call = null;
        this.connection = null;
    }

    /**
     * Take a failure: for the subscriber at once, or for when it comes. On the event
     * loop.
     */
    void fail(Throwable ex) {
        if (this.failure == null && !this.complete) {
            this.failure = ex;
            dispose();
        }
    }

    /**
     * Take a failure in the place of the one that Reactor Netty will tell, behind what it
     * has got, when the channel is closed. On the event loop.
     */
    void failBehind(Throwable ex) {
        if (!this.complete) {
            this.failure = ex;
        }
    }

    /** There is no body. On the event loop, before anybody reads it. */
    void whole() {
        this.complete = true;
    }

    /**
     * The last byte was received. On the event loop, as {@link #returned()} soon after.
     */
    void complete() {
        this.complete = true;
        this.returning = true;
    }

    /**
     * The connection is back in the pool, so that who is waiting for the end of the body
     * can use it.
     */
    void returned() {
        this.returning = false;
        if (this.completeAfterReturn) {
            onComplete();
        }
    }

    /**
     * Reactor Netty has got content, and keeps it for the subscriber. On the event loop.
     */
    void buffered() {
        this.buffered = true;
    }

    /**
     * Whether a failure is Reactor Netty's to tell, behind the content that it has got.
     * On the event loop.
     */
    boolean isRead() {
        // One that is over, or given up, would have it logged.
        return this.state != ENDED && this.failure == null && (this.buffered || this.upstream != null);
    }

    boolean isWaiting() {
        return this.state == SUBSCRIBED && this.requested > 0;
    }

    long waitingSince() {
        return this.waitingSince;
    }

    void close() {
        if (STATE.compareAndSet(this, NEW, DRAINED)) {
            onEventLoop(this::drain);
        }
        else if (this.state == SUBSCRIBED) {
            abort();
        }
    }

    private void drain() {
        Connection connection = this.connection;
        if (connection == null) {
            return;
        }
        if (this.complete || this.failure != null || this.contentLength > this.mostDrained) {
            dispose();
            return;
        }
        connection.inbound().receiveObject().subscribe(this);
        if (this.state == DRAINED) {
            this.eventLoop.schedule(() -> {
                if (!this.complete) {
                    dispose();
                }
            }, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    void abort() {
        if (this.state != ENDED) {
            onEventLoop(() -> {
                if (this.failure == null) {
                    this.failure = new CancelledException(Phase.BODY, "the response was closed before its end", null);
                }
                dispose();
            });
        }
    }

    /**
     * Give up what was received and close the connection, unless it is back in the pool.
     * On the event loop, the only place where that can be told.
     */
    private void dispose() {
        Connection connection = this.connection;
        if (connection != null) {
            connection.dispose();
        }
        if (this.state == DRAINED) {
            this.state = ENDED;
            release();
        }
    }

    private void onEventLoop(Runnable task) {
        if (this.eventLoop.inEventLoop()) {
            task.run();
        }
        else {
            this.eventLoop.execute(task);
        }
    }

}
