package dev.outbound.client.transport.spring;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpResponse;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.transport.EndableBody;
import dev.outbound.client.transport.ReactiveTransportResponse;

/**
 * A response of Spring's, with failures of ours.
 */
final class ConnectorResponse implements ReactiveTransportResponse {

    private static final long LONGEST_DRAIN = 64 * 1024;

    private static final Duration DRAIN_TIME = Duration.ofMillis(50);

    private final ClientHttpResponse response;

    private final FieldLines fields;

    private final long contentLength;

    private final Flux<DataBuffer> body;

    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    private final Sinks.Empty<Void> end = Sinks.empty();

    ConnectorResponse(Request request, ClientHttpResponse response) {
        this.response = response;
        FieldLines.Builder fields = FieldLines.builder();
        response.getHeaders().forEach((name, values) -> values.forEach((value) -> fields.append(name, value)));
        this.fields = fields.build();
        this.contentLength = request.method().equals(HttpMethod.HEAD) ? 0 : response.getHeaders().getContentLength();
        this.body = new EndableBody(Flux.defer(this::use).doOnComplete(this::done), this.end.asMono())
            .onErrorMap((ex) -> ConnectorTransport.failure(Phase.BODY, request, ex));
    }

    private Flux<DataBuffer> use() {
        return this.state.compareAndSet(State.NEW, State.READ) ? this.response.getBody()
                : Flux.error(new IllegalStateException(
                        "The body of a response can be read once; it was subscribed to, or closed, before"));
    }

    @Override
    public int statusCode() {
        return this.response.getStatusCode().value();
    }

    @Override
    public String reasonPhrase() {
        return "";
    }

    @Override
    public String httpVersion() {
        return "HTTP/1.1";
    }

    @Override
    public FieldLines fields() {
        return this.fields;
    }

    @Override
    public Flux<DataBuffer> body() {
        return this.body;
    }

    @Override
    public long contentLength() {
        return this.contentLength;
    }

    @Override
    public void close() {
        if (this.contentLength > LONGEST_DRAIN) {
            abort();
        }
        else if (this.state.compareAndSet(State.NEW, State.CLOSED)) {
            Waste waste = new Waste(LONGEST_DRAIN);
            this.response.getBody().subscribe(waste);
            waste.endAfter(DRAIN_TIME);
        }
        else {
            end();
        }
    }

    @Override
    public void abort() {
        if (this.state.compareAndSet(State.NEW, State.CLOSED)) {
            discard(this.response);
        }
        else {
            end();
        }
    }

    private void end() {
        if (this.state.compareAndSet(State.READ, State.CLOSED)) {
            this.end.tryEmitError(new CancelledException(Phase.BODY, "the response was closed before its end", null));
        }
    }

    private void done() {
        this.state.compareAndSet(State.READ, State.DONE);
    }

    /** Cancel a body that nobody has subscribed to. */
    static void discard(ClientHttpResponse response) {
        response.getBody().subscribe(new Waste(0));
    }

    private enum State {

        NEW, READ, DONE, CLOSED

    }

    /** Takes so many bytes, then cancels. */
    private static final class Waste extends BaseSubscriber<DataBuffer> {

        private final Disposable.Swap timer = Disposables.swap();

        private long left;

        Waste(long limit) {
            this.left = limit;
        }

        void endAfter(Duration time) {
            if (!isDisposed()) {
                this.timer.update(Mono.delay(time).subscribe((tick) -> cancel()));
            }
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (this.left > 0) {
                requestUnbounded();
            }
            else {
                cancel();
            }
        }

        @Override
        protected void hookOnNext(DataBuffer buffer) {
            this.left -= buffer.readableByteCount();
            DataBufferUtils.release(buffer);
            if (this.left < 0) {
                cancel();
            }
        }

        @Override
        protected void hookOnError(Throwable ex) {
            // Nobody is interested in this response any more.
        }

        @Override
        protected void hookFinally(SignalType end) {
            this.timer.dispose();
        }

    }

}
