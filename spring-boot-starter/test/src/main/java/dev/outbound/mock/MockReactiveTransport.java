package dev.outbound.mock;

import java.util.function.Function;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import dev.outbound.client.ClientClock;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.TransportSettings;

/**
 * Does what a router says without blocking.
 */
final class MockReactiveTransport implements ReactiveTransport {

    private final Function<ContextView, MockRouter> router;

    private final TransportSettings settings;

    /**
     * Create a transport.
     * @param router finds the router for a request
     * @param settings those of the client, for what is passed through
     */
    MockReactiveTransport(Function<ContextView, MockRouter> router, TransportSettings settings) {
        this.router = router;
        this.settings = settings;
    }

    /** All is accepted: what it would be applied to is what the mock stands for. */
    @Override
    public void check(TransportSettings settings) {
    }

    @Override
    public Mono<ReactiveTransportResponse> send(Request request, Cancellation cancellation) {
        return Mono.deferContextual((context) -> {
            MockRouter router = this.router.apply(context);
            return read(request).flatMap((body) -> answer(router, SentRequest.of(request, body), cancellation));
        });
    }

    private static Mono<byte[]> read(Request request) {
        RequestBody body = request.body();
        if (body == null) {
            return Mono.just(new byte[0]);
        }
        byte[] bytes = body.bytes();
        if (bytes != null) {
            return Mono.just(bytes);
        }
        return read(body.toFlux(DefaultDataBufferFactory.sharedInstance));
    }

    static Mono<byte[]> read(Flux<DataBuffer> body) {
        return DataBufferUtils.join(body).map((buffer) -> {
            byte[] joined = new byte[buffer.readableByteCount()];
            buffer.read(joined);
            DataBufferUtils.release(buffer);
            return joined;
        }).defaultIfEmpty(new byte[0]);
    }

    private Mono<ReactiveTransportResponse> answer(MockRouter router, SentRequest request, Cancellation cancellation) {
        MockRouter.Resolution resolution = router.resolve(request);
        SentRequest sent = resolution.request();
        Reply reply = resolution.reply();
        Upstream upstream = reply.upstream();
        if (upstream != null) {
            return new PassedOn(router, this.settings).reactive(upstream, sent, cancellation);
        }
        Stage stage = new Stage(sent, this.settings, router.clock(), cancellation);
        return Flux.fromIterable(Act.beforeHead(reply, sent))
            .concatMap(stage::perform, 1)
            .then(Mono.fromSupplier(() -> new MockResponse(reply,
                    Flux.fromIterable(Act.body(reply, sent)).concatMap(stage::perform, 1))));
    }

    /** Performs acts for one request. */
    private record Stage(SentRequest request, TransportSettings settings, ClientClock clock,
            Cancellation cancellation) {

        Flux<DataBuffer> perform(Act act) {
            if (act instanceof Act.Pause pause) {
                return Mono.defer(() -> pause(pause)).thenMany(Flux.empty());
            }
            if (act instanceof Act.Fail fail) {
                return Flux.error(fail.failure());
            }
            return (act instanceof Act.Bytes bytes)
                    ? Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(bytes.bytes())) : Flux.empty();
        }

        private Mono<?> pause(Act.Pause pause) {
            Act.Wait wait = pause.wait(this.request, this.settings, this.cancellation.deadline(),
                    this.clock.nanoTime());
            Mono<?> passing = (this.clock instanceof VirtualClock virtual) ? virtual.passing(wait.duration())
                    : this.clock.delay(wait.duration());
            return (wait.failure() != null) ? passing.then(Mono.error(wait.failure())) : passing;
        }

    }

    private record MockResponse(Reply reply, Flux<DataBuffer> body) implements ReactiveTransportResponse {

        @Override
        public int statusCode() {
            return this.reply.status();
        }

        @Override
        public String reasonPhrase() {
            return this.reply.reasonPhrase();
        }

        @Override
        public String httpVersion() {
            return this.reply.httpVersion();
        }

        @Override
        public FieldLines fields() {
            return this.reply.sentFields();
        }

        @Override
        public long contentLength() {
            return this.reply.announcedLength();
        }

        @Override
        public void close() {
        }

        @Override
        public void abort() {
        }

    }

}
