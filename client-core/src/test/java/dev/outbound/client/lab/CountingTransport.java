package dev.outbound.client.lab;

import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.DelegatingHead;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

/**
 * Counts the responses that a transport hands out and how they end, to show that no path
 * forgets one. The first of closing and aborting counts.
 */
public final class CountingTransport implements Transport {

    private final Transport delegate;

    private final AtomicInteger sent = new AtomicInteger();

    private final AtomicInteger handedOut = new AtomicInteger();

    private final AtomicInteger closed = new AtomicInteger();

    private final AtomicInteger aborted = new AtomicInteger();

    public CountingTransport(Transport delegate) {
        this.delegate = delegate;
    }

    @Override
    public TransportResponse send(Request request, Cancellation cancellation) {
        this.sent.incrementAndGet();
        TransportResponse response = this.delegate.send(request, cancellation);
        this.handedOut.incrementAndGet();
        return new Counted(response);
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
     * @return the number of calls of {@code send}
     */
    public int sent() {
        return this.sent.get();
    }

    public int handedOut() {
        return this.handedOut.get();
    }

    public int closed() {
        return this.closed.get();
    }

    public int aborted() {
        return this.aborted.get();
    }

    /**
     * Return how many responses are neither closed nor aborted.
     * @return zero when nothing has leaked
     */
    public int open() {
        return handedOut() - closed() - aborted();
    }

    private final class Counted implements DelegatingHead, TransportResponse {

        private final TransportResponse response;

        private final AtomicBoolean ended = new AtomicBoolean();

        Counted(TransportResponse response) {
            this.response = response;
        }

        @Override
        public ResponseHead head() {
            return this.response;
        }

        @Override
        public InputStream body() {
            return this.response.body();
        }

        @Override
        public long contentLength() {
            return this.response.contentLength();
        }

        @Override
        public void close() {
            if (this.ended.compareAndSet(false, true)) {
                CountingTransport.this.closed.incrementAndGet();
            }
            this.response.close();
        }

        @Override
        public void abort() {
            if (this.ended.compareAndSet(false, true)) {
                CountingTransport.this.aborted.incrementAndGet();
            }
            this.response.abort();
        }

    }

}
