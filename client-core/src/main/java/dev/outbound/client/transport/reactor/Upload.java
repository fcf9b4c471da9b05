package dev.outbound.client.transport.reactor;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBuffer;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.RequestBody;

/**
 * The body of a request on its way to Netty. Its failures end the call and are not told
 * to Reactor Netty; the request stays without its end, so that the server does not take
 * what was sent for all.
 */
final class Upload extends Flux<Object> implements CoreSubscriber<DataBuffer>, Subscription {

    /**
     * Of what is in memory: Netty copies what it is given out of the heap, and does not
     * tell how much of it is sent.
     */
    static final int PIECE = 64 * 1024;

    private static final NettyDataBufferFactory FACTORY = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);

    private final Call call;

    private final RequestBody body;

    private final long length;

    private @Nullable CoreSubscriber<? super Object> actual;

    private volatile @Nullable Subscription upstream;

    private volatile boolean ended;

    private long sent;

    /**
     * Create the upload of a call.
     * @param length the announced length, or -1
     */
    Upload(Call call, RequestBody body, long length) {
        this.call = call;
        this.body = body;
        this.length = length;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Object> actual) {
        this.actual = actual;
        try {
            byte[] bytes = this.body.bytes();
            ((bytes != null) ? pieces(bytes) : this.body.toFlux(FACTORY)).subscribe(this);
        }
        catch (RuntimeException ex) {
            // Never completed, for that would end the request as if it were whole.
            actual.onSubscribe(Operators.emptySubscription());
            fail(ex);
        }
    }

    private static Flux<DataBuffer> pieces(byte[] bytes) {
        int count = (int) ((bytes.length + (long) PIECE - 1) / PIECE);
        return Flux.range(0, count)
            .map((i) -> FACTORY
                .wrap(Unpooled.wrappedBuffer(bytes, i * PIECE, Math.min(PIECE, bytes.length - i * PIECE))));
    }

    @Override
    public Context currentContext() {
        return this.call.callerContext();
    }

    @Override
    public void onSubscribe(Subscription upstream) {
        this.upstream = upstream;
        if (this.ended) {
            upstream.cancel();
        }
        else if (this.actual != null) {
            this.actual.onSubscribe(this);
        }
    }

    @Override
    public void request(long n) {
        Subscription upstream = this.upstream;
        if (upstream != null) {
            upstream.request(n);
        }
    }

    @Override
    public void onNext(DataBuffer buffer) {
        ByteBuf bytes = bytes(buffer);
        this.sent += bytes.readableBytes();
        CoreSubscriber<? super Object> actual = this.actual;
        boolean tooLong = this.length >= 0 && this.sent > this.length;
        if (this.ended || actual == null || tooLong) {
            bytes.release();
            if (tooLong) {
                fail(new LocalProtocolException(
                        "The body of the request is longer than the " + this.length + " bytes that it announced",
                        null));
            }
            return;
        }
        actual.onNext(bytes);
    }

    /**
     * What lies in the heap is wrapped, for it is the caller's no more. Of what belongs
     * to another pool there is a copy, and its pool gets it back.
     */
    static ByteBuf bytes(DataBuffer buffer) {
        if (buffer instanceof NettyDataBuffer netty) {
            return netty.getNativeBuffer();
        }
        if (buffer instanceof DefaultDataBuffer heap) {
            return Unpooled.wrappedBuffer(heap.getNativeBuffer());
        }
        try {
            return NettyDataBufferFactory.toByteBuf(buffer);
        }
        finally {
            DataBufferUtils.release(buffer);
        }
    }

    @Override
    public void onError(Throwable ex) {
        fail(ex);
    }

    @Override
    public void onComplete() {
        CoreSubscriber<? super Object> actual = this.actual;
        if (this.length > this.sent) {
            fail(new LocalProtocolException("The body of the request ended after " + this.sent + " of the "
                    + this.length + " bytes that it announced", null));
        }
        else if (!this.ended && actual != null) {
            this.ended = true;
            actual.onComplete();
        }
    }

    private void fail(Throwable ex) {
        if (!this.ended) {
            cancel();
            this.call.fail(ex);
        }
    }

    @Override
    public void cancel() {
        this.ended = true;
        Subscription upstream = this.upstream;
        if (upstream != null) {
            upstream.cancel();
        }
    }

}
