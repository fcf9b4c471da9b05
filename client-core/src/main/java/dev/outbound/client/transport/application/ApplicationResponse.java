package dev.outbound.client.transport.application;

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;

import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;
import dev.outbound.client.transport.EndableBody;
import dev.outbound.client.transport.ReactiveTransportResponse;

/**
 * The response as the application writes it. Its head goes to the client when it is
 * committed; its body is what the application publishes, subscribed to by the client.
 */
final class ApplicationResponse extends AbstractServerHttpResponse implements Disposable {

    private final MonoSink<ReactiveTransportResponse> client;

    private final Disposable.Swap running = Disposables.swap();

    private final AtomicBoolean answered = new AtomicBoolean();

    ApplicationResponse(MonoSink<ReactiveTransportResponse> client) {
        super(DefaultDataBufferFactory.sharedInstance);
        this.client = client;
    }

    void run(Mono<Void> application) {
        this.running.update(application.subscribe((ignored) -> {
        }, this::failed, this::handled));
    }

    /** Break the application off. */
    @Override
    public void dispose() {
        this.running.dispose();
    }

    @Override
    protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> written = Sinks.empty();
            answer(Flux.<DataBuffer>from(body), written);
            return written.asMono();
        });
    }

    @Override
    protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return writeWithInternal(Flux.from(body).concatMap((part) -> part));
    }

    private void answer(Flux<DataBuffer> body, Sinks.Empty<Void> written) {
        if (this.answered.compareAndSet(false, true)) {
            this.client
                .success(new Answer(status(), FieldLines.of(getHeaders()), body, written, Sinks.empty(), this.running));
        }
    }

    private int status() {
        HttpStatusCode status = getStatusCode();
        return (status != null) ? status.value() : 200;
    }

    /** The application is done; it may have written nothing. */
    void handled() {
        setComplete().subscribe();
        answer(Flux.empty(), Sinks.empty());
    }

    void failed(Throwable error) {
        if (this.answered.compareAndSet(false, true)) {
            this.client.error(error);
        }
    }

    @Override
    protected void applyStatusCode() {
    }

    @Override
    protected void applyHeaders() {
    }

    @Override
    protected void applyCookies() {
        getCookies().values()
            .forEach((cookies) -> cookies
                .forEach((cookie) -> getHeaders().add(HttpHeaders.SET_COOKIE, cookie.toString())));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getNativeResponse() {
        return (T) this;
    }

    /** The response as the client sees it. */
    private record Answer(int statusCode, FieldLines fields, Flux<DataBuffer> source, Sinks.Empty<Void> written,
            Sinks.Empty<DataBuffer> left, Disposable application) implements ReactiveTransportResponse {

        @Override
        public String reasonPhrase() {
            return "";
        }

        @Override
        public String httpVersion() {
            return "HTTP/1.1";
        }

        @Override
        public Flux<DataBuffer> body() {
            Flux<DataBuffer> source = this.source.doOnComplete(this.written::tryEmitEmpty)
                .doOnError(this.written::tryEmitError);
            return new EndableBody(source, this.left.asMono()).doOnCancel(this::abort);
        }

        @Override
        public long contentLength() {
            String length = first(HttpHeaders.CONTENT_LENGTH);
            try {
                return (length != null) ? Long.parseLong(length) : -1;
            }
            catch (NumberFormatException ex) {
                return -1;
            }
        }

        @Override
        public void close() {
            abort();
        }

        @Override
        public void abort() {
            this.application.dispose();
            this.left.tryEmitError(lost());
        }

        private static ConnectionLostException lost() {
            return new ConnectionLostException(Phase.BODY, "the client has left the response", null);
        }

        @Override
        public @Nullable String first(String name) {
            return this.fields.first(name);
        }

    }

}
