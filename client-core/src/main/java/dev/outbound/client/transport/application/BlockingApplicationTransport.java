package dev.outbound.client.transport.application;

import java.io.InputStream;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.DelegatingHead;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.EngineSetting;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;

/** Waits for what the application answers. */
final class BlockingApplicationTransport implements Transport {

    private final ReactiveTransport application;

    BlockingApplicationTransport(ReactiveTransport application) {
        this.application = application;
    }

    @Override
    public void check(TransportSettings settings) {
        EngineSetting.check(settings, EnumSet.of(EngineSetting.REACTIVE_ENGINE));
    }

    @Override
    public TransportResponse send(Request request, Cancellation cancellation) {
        CompletableFuture<ReactiveTransportResponse> answer = this.application.send(request, cancellation).toFuture();
        cancellation.onCancel(() -> answer.cancel(true));
        try {
            return new Blocking(answer.get(), cancellation);
        }
        catch (ExecutionException ex) {
            throw unchecked(ex.getCause());
        }
        catch (CancellationException ex) {
            throw ended(cancellation, Phase.HEAD, ex);
        }
        catch (InterruptedException ex) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancelledException(Phase.HEAD, "the calling thread was interrupted", ex);
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException ex) {
            return ex;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("The application failed", cause);
    }

    private static RequestException ended(Cancellation cancellation, Phase phase, Exception ex) {
        RequestException failure = cancellation.failure(phase, ex);
        return (failure != null) ? failure : new ConnectionLostException(phase, "the application gave up", ex);
    }

    /** A response whose body is waited for. */
    private static final class Blocking implements DelegatingHead, TransportResponse {

        private final ReactiveTransportResponse response;

        private final Body body;

        Blocking(ReactiveTransportResponse response, Cancellation cancellation) {
            this.response = response;
            this.body = new Body(response, cancellation);
            cancellation.onCancel(this::abort);
        }

        @Override
        public ResponseHead head() {
            return this.response;
        }

        @Override
        public long contentLength() {
            return this.response.contentLength();
        }

        @Override
        public InputStream body() {
            return this.body;
        }

        @Override
        public void close() {
            this.body.end();
            this.response.close();
        }

        @Override
        public void abort() {
            this.response.abort();
        }

    }

    /**
     * The buffers of a body one after the other; one is asked for when the last is read.
     */
    private static final class Body extends InputStream {

        private final ReactiveTransportResponse response;

        private final Cancellation cancellation;

        private @Nullable Iterator<DataBuffer> buffers;

        private @Nullable DataBuffer current;

        Body(ReactiveTransportResponse response, Cancellation cancellation) {
            this.response = response;
            this.cancellation = cancellation;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            DataBuffer buffer = next();
            if (buffer == null) {
                return -1;
            }
            int count = Math.min(length, buffer.readableByteCount());
            buffer.read(bytes, offset, count);
            return count;
        }

        private @Nullable DataBuffer next() {
            this.cancellation.enter();
            try {
                Iterator<DataBuffer> buffers = this.buffers;
                if (buffers == null) {
                    buffers = this.response.body().toIterable(1).iterator();
                    this.buffers = buffers;
                }
                while (this.current == null || this.current.readableByteCount() == 0) {
                    end();
                    if (!buffers.hasNext()) {
                        return null;
                    }
                    this.current = buffers.next();
                }
                return this.current;
            }
            catch (RuntimeException ex) {
                RequestException failure = this.cancellation.failure(Phase.BODY, ex);
                throw (failure != null) ? failure : ex;
            }
            finally {
                this.cancellation.leave();
            }
        }

        private void end() {
            if (this.current != null) {
                DataBufferUtils.release(this.current);
                this.current = null;
            }
        }

    }

}
