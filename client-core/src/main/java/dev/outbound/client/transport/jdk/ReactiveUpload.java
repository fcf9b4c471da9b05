package dev.outbound.client.transport.jdk;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.RequestBody;

/** A body that is published, a buffer at a time. */
final class ReactiveUpload extends Upload implements CoreSubscriber<DataBuffer> {

    private final RequestBody body;

    private final Context context;

    private volatile @Nullable Subscription upstream;

    private volatile @Nullable ByteBuffer current;

    private volatile boolean asked;

    private volatile boolean published;

    private long total;

    ReactiveUpload(RequestBody body, long length, Context context) {
        super(length);
        this.body = body;
        this.context = context;
    }

    @Override
    public Context currentContext() {
        return this.context;
    }

    @Override
    void subscribed() {
        try {
            this.body.toFlux(DefaultDataBufferFactory.sharedInstance).subscribe(this);
        }
        catch (RuntimeException ex) {
            attempt().fail(ex);
        }
    }

    @Override
    public void onSubscribe(Subscription upstream) {
        this.upstream = upstream;
        if (isStopped()) {
            upstream.cancel();
        }
        else {
            drain();
        }
    }

    @Override
    @Nullable ByteBuffer next() {
        ByteBuffer current = this.current;
        if (current == null || !current.hasRemaining()) {
            Subscription upstream = this.upstream;
            if (!this.asked && !this.published && upstream != null) {
                this.asked = true;
                upstream.request(1);
            }
            return null;
        }
        int size = Math.min(PIECE, current.remaining());
        ByteBuffer piece = current.slice(current.position(), size);
        current.position(current.position() + size);
        return piece;
    }

    @Override
    boolean isExhausted() {
        ByteBuffer current = this.current;
        return this.published && (current == null || !current.hasRemaining());
    }

    @Override
    public void onNext(DataBuffer buffer) {
        ByteBuffer copy = ByteBuffer.allocate(buffer.readableByteCount());
        buffer.toByteBuffer(copy);
        DataBufferUtils.release(buffer);
        this.total += copy.remaining();
        if (length() >= 0 && this.total > length()) {
            fail(new LocalProtocolException(
                    "the body of the request is longer than the " + length() + " bytes that it announced", null));
            return;
        }
        this.current = copy;
        this.asked = false;
        drain();
    }

    @Override
    public void onError(Throwable failure) {
        fail(failure);
    }

    @Override
    public void onComplete() {
        if (length() > this.total) {
            fail(new LocalProtocolException(
                    "the body of the request has " + this.total + " bytes, and announced " + length(), null));
            return;
        }
        this.published = true;
        drain();
    }

    private void fail(Throwable failure) {
        if (!isStopped()) {
            stop();
            attempt().fail(failure);
        }
    }

    @Override
    void stop() {
        super.stop();
        cancelUpstream();
    }

    private void cancelUpstream() {
        Subscription upstream = this.upstream;
        if (upstream != null && !this.published) {
            upstream.cancel();
        }
    }

}
