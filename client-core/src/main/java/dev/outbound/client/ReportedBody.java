package dev.outbound.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;

import dev.outbound.client.http.ProgressListener;
import dev.outbound.client.http.RequestBody;

/**
 * The body of one request that is sent, which tells a listener how much of it was. What
 * is in memory as a whole is given in pieces, so that there is something to tell.
 */
final class ReportedBody extends RequestBody {

    private static final int PIECE = 16 * 1024;

    private final RequestBody body;

    private final ProgressListener listener;

    private final long total;

    /** The buffers that the transport has taken and not yet written. */
    private final Queue<Integer> taken = new ArrayDeque<>();

    private long sent;

    private boolean complete;

    ReportedBody(RequestBody body, ProgressListener listener) {
        this.body = body;
        this.listener = listener;
        this.total = body.contentLength();
    }

    @Override
    public @Nullable MediaType contentType() {
        return this.body.contentType();
    }

    @Override
    public long contentLength() {
        return this.total;
    }

    @Override
    public boolean isRepeatable() {
        return this.body.isRepeatable();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        this.body.writeTo(new ReportingStream(out));
    }

    @Override
    public Flux<DataBuffer> toFlux(DataBufferFactory factory) {
        byte[] bytes = this.body.bytes();
        Flux<DataBuffer> buffers = (bytes != null) ? pieces(bytes, factory) : this.body.toFlux(factory);
        return new ReportingFlux(buffers);
    }

    private static Flux<DataBuffer> pieces(byte[] bytes, DataBufferFactory factory) {
        int count = (int) ((bytes.length + (long) PIECE - 1) / PIECE);
        return Flux.range(0, count)
            .map((i) -> factory
                .wrap(ByteBuffer.wrap(bytes, i * PIECE, Math.min(PIECE, bytes.length - i * PIECE)).slice()));
    }

    /** The head of the response is there: a body that had ended has arrived. */
    synchronized void answered() {
        if (this.complete) {
            written(Long.MAX_VALUE);
        }
    }

    private synchronized void take(int size) {
        this.taken.add(size);
    }

    private synchronized void complete() {
        this.complete = true;
    }

    private synchronized void written(long buffers) {
        for (long i = 0; i < buffers && !this.taken.isEmpty(); i++) {
            sent(this.taken.remove());
        }
    }

    private void sent(int count) {
        if (count > 0) {
            this.sent += count;
            this.listener.sent(this.sent, this.total);
        }
    }

    /** Tells of each piece when it is written. */
    private final class ReportingStream extends OutputStream {

        private final OutputStream out;

        ReportingStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            this.out.write(b);
            sent(1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int from = offset; from < offset + length; from += PIECE) {
                int size = Math.min(PIECE, offset + length - from);
                this.out.write(bytes, from, size);
                sent(size);
            }
        }

        @Override
        public void flush() throws IOException {
            this.out.flush();
        }

    }

    /**
     * Takes a buffer for written when the transport asks for more: that is how transports
     * hold a body back. Where one asks for all at once, taking is all that can be told.
     */
    private final class ReportingFlux extends FluxOperator<DataBuffer, DataBuffer> {

        ReportingFlux(Flux<DataBuffer> source) {
            super(source);
        }

        @Override
        public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
            this.source.subscribe(new Reporting(actual));
        }

    }

    private final class Reporting implements CoreSubscriber<DataBuffer>, Subscription {

        private final CoreSubscriber<? super DataBuffer> actual;

        private @Nullable Subscription upstream;

        private volatile boolean unbounded;

        private volatile boolean ended;

        Reporting(CoreSubscriber<? super DataBuffer> actual) {
            // What the listener throws may come between what the body gives.
            this.actual = Operators.serialize(actual);
        }

        /**
         * What the listener throws is the failure of the body, and not the transport's.
         */
        private boolean told(long buffers) {
            try {
                written(buffers);
                return true;
            }
            catch (Throwable ex) {
                cancel();
                onError(ex);
                return false;
            }
        }

        @Override
        public Context currentContext() {
            return this.actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription upstream) {
            this.upstream = upstream;
            this.actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            this.unbounded |= n == Long.MAX_VALUE;
            if (told(n) && this.upstream != null) {
                this.upstream.request(n);
            }
        }

        @Override
        public void onNext(DataBuffer buffer) {
            if (this.ended) {
                DataBufferUtils.release(buffer);
                return;
            }
            take(buffer.readableByteCount());
            this.actual.onNext(buffer);
            if (this.unbounded) {
                told(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (!this.ended) {
                this.ended = true;
                this.actual.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            if (!this.ended) {
                this.ended = true;
                complete();
                this.actual.onComplete();
            }
        }

        @Override
        public void cancel() {
            if (this.upstream != null) {
                this.upstream.cancel();
            }
        }

    }

}
