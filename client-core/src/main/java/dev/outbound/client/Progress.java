package dev.outbound.client;

import java.io.IOException;
import java.io.InputStream;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

import dev.outbound.client.http.DelegatingHead;
import dev.outbound.client.http.ProgressListener;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

/**
 * Transports that tell a listener how far each request is. A call without one has none of
 * them.
 */
final class Progress {

    private Progress() {
    }

    /** Return the transport for a call, the same where nobody listens. */
    static Transport on(Request call, Transport transport) {
        ProgressListener listener = listener(call);
        return (listener == null) ? transport : (request, cancellation) -> {
            listener.begin(request);
            ReportedBody body = body(request, listener);
            TransportResponse response = transport.send((body != null) ? request.withBody(body) : request,
                    cancellation);
            if (body != null) {
                answered(body, response::abort);
            }
            return new Reported(response, listener);
        };
    }

    /** Return the transport for a call, the same where nobody listens. */
    static ReactiveTransport onReactive(Request call, ReactiveTransport transport) {
        ProgressListener listener = listener(call);
        return (listener == null) ? transport : (request, cancellation) -> Mono.defer(() -> {
            listener.begin(request);
            ReportedBody body = body(request, listener);
            return transport.send((body != null) ? request.withBody(body) : request, cancellation).map((response) -> {
                if (body != null) {
                    answered(body, response::abort);
                }
                return new ReactiveReported(response, listener);
            });
        });
    }

    /** What a listener throws ends the call, and must not lose its response. */
    private static void answered(ReportedBody body, Runnable abort) {
        try {
            body.answered();
        }
        catch (Throwable ex) {
            abort.run();
            throw ex;
        }
    }

    private static @Nullable ProgressListener listener(Request call) {
        return (ProgressListener) call.attributes().get(ProgressListener.ATTRIBUTE);
    }

    private static @Nullable ReportedBody body(Request request, ProgressListener listener) {
        RequestBody body = request.body();
        return (body != null) ? new ReportedBody(body, listener) : null;
    }

    /** What a response has, whoever reads its body. */
    private abstract static class Head<R extends ResponseHead> implements DelegatingHead {

        final R response;

        final ProgressListener listener;

        private long received;

        Head(R response, ProgressListener listener) {
            this.response = response;
            this.listener = listener;
        }

        @Override
        public final R head() {
            return this.response;
        }

        final void received(int count, long total) {
            if (count > 0) {
                this.received += count;
                this.listener.received(this.received, total);
            }
        }

    }

    private static final class Reported extends Head<TransportResponse> implements TransportResponse {

        private final InputStream body;

        Reported(TransportResponse response, ProgressListener listener) {
            super(response, listener);
            this.body = new ReportedStream();
        }

        @Override
        public InputStream body() {
            return this.body;
        }

        @Override
        public long contentLength() {
            return this.response.contentLength();
        }

        @Override
        public void close() {
            this.response.close();
        }

        @Override
        public void abort() {
            this.response.abort();
        }

        private final class ReportedStream extends InputStream {

            @Override
            public int read() throws IOException {
                int read = Reported.this.response.body().read();
                received((read >= 0) ? 1 : 0, contentLength());
                return read;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = Reported.this.response.body().read(bytes, offset, length);
                received(count, contentLength());
                return count;
            }

            @Override
            public int available() throws IOException {
                return Reported.this.response.body().available();
            }

        }

    }

    private static final class ReactiveReported extends Head<ReactiveTransportResponse>
            implements ReactiveTransportResponse {

        ReactiveReported(ReactiveTransportResponse response, ProgressListener listener) {
            super(response, listener);
        }

        @Override
        public Flux<DataBuffer> body() {
            return this.response.body().map(this::report);
        }

        private DataBuffer report(DataBuffer buffer) {
            try {
                received(buffer.readableByteCount(), contentLength());
                return buffer;
            }
            catch (Throwable ex) {
                DataBufferUtils.release(buffer);
                throw ex;
            }
        }

        @Override
        public long contentLength() {
            return this.response.contentLength();
        }

        @Override
        public void close() {
            this.response.close();
        }

        @Override
        public void abort() {
            this.response.abort();
        }

    }

}
