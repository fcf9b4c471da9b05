package dev.outbound.client.lab;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;

import dev.outbound.client.http.DelegatingHead;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.TlsSettings;

/**
 * Counts the responses that a reactive transport hands out and how they end, to show that
 * no path forgets one. The first of completing, failing or cancelling the body, closing
 * and aborting counts.
 */
public final class CountingReactiveTransport implements ReactiveTransport {

    private final ReactiveTransport delegate;

    private final AtomicInteger sent = new AtomicInteger();

    private final AtomicInteger handedOut = new AtomicInteger();

    private final AtomicInteger bodiesEnded = new AtomicInteger();

    private final AtomicInteger closed = new AtomicInteger();

    private final AtomicInteger aborted = new AtomicInteger();

    public CountingReactiveTransport(ReactiveTransport delegate) {
        this.delegate = delegate;
    }

    @Override
    public Mono<ReactiveTransportResponse> send(Request request, Cancellation cancellation) {
        return Mono.defer(() -> {
            this.sent.incrementAndGet();
            return this.delegate.send(request, cancellation).map((response) -> {
                this.handedOut.incrementAndGet();
                return new Counted(response);
            });
        });
    }

    @Override
    public @Nullable PoolStatistics pool() {
        return this.delegate.pool();
    }

    @Override
    public void reload(TlsSettings tls) {
        this.delegate.reload(tls);
    }

    @Override
    public void close() {
        this.delegate.close();
    }

    /**
     * Return how often a request was sent, failed attempts included.
     * @return the number of subscriptions
     */
    public int sent() {
        return this.sent.get();
    }

    public int handedOut() {
        return this.handedOut.get();
    }

    /**
     * Return how many responses ended with their body: read to its end, failed or
     * cancelled.
     * @return the number of responses
     */
    public int bodiesEnded() {
        return this.bodiesEnded.get();
    }

    public int closed() {
        return this.closed.get();
    }

    public int aborted() {
        return this.aborted.get();
    }

    /**
     * Return how many responses have not ended in any way.
     * @return zero when nothing has leaked
     */
    public int open() {
        return handedOut() - bodiesEnded() - closed() - aborted();
    }

    private final class Counted implements DelegatingHead, ReactiveTransportResponse {

        private final ReactiveTransportResponse response;

        private final AtomicBoolean ended = new AtomicBoolean();

        Counted(ReactiveTransportResponse response) {
            this.response = response;
        }

        private void end(AtomicInteger counter) {
            if (this.ended.compareAndSet(false, true)) {
                counter.incrementAndGet();
            }
        }

        @Override
        public ResponseHead head() {
            return this.response;
        }

        @Override
        public Flux<DataBuffer> body() {
            return this.response.body().doFinally((signal) -> end(CountingReactiveTransport.this.bodiesEnded));
        }

        @Override
        public long contentLength() {
            return this.response.contentLength();
        }

        @Override
        public void close() {
            end(CountingReactiveTransport.this.closed);
            this.response.close();
        }

        @Override
        public void abort() {
            end(CountingReactiveTransport.this.aborted);
            this.response.abort();
        }

    }

}
