package dev.outbound.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpMethod;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.transport.ReactiveTransportResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a transport says of a step that was broken off changes nothing any more.
 */
@Timeout(20)
class LateSignalTests {

    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

    private final AtomicInteger aborted = new AtomicInteger();

    private final CompletableFuture<Void> givenBack = new CompletableFuture<>();

    @Test
    void aHeadThatComesAfterTheCallWasRecoveredIsGivenBack() throws Exception {
        LateTransport transport = new LateTransport(Flux.empty());
        try (ReactiveClient client = Client.builder()
            .reactiveTransport((request, cancellation) -> transport)
            .interceptor((request, next) -> next.send(request)
                .recover((failure) -> Answer.of(Response.of(request, 200, FieldLines.empty(),
                        failure.getClass().getSimpleName().getBytes(StandardCharsets.UTF_8)))))
            .buildReactive()) {
            CompletableFuture<String> text = new CompletableFuture<>();
            CompletableFuture<String> call = client
                .stream(HttpMethod.GET, "http://shop.test/", (spec) -> spec.total(Duration.ofMillis(50)),
                        (response) -> Mono.fromFuture(text).thenMany(response.text()))
                .collectList()
                .map((parts) -> String.join("", parts))
                .toFuture();
            this.cancelled.get(10, TimeUnit.SECONDS);
            transport.respond();
            this.givenBack.get(10, TimeUnit.SECONDS);
            text.complete("");
            assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo(TotalTimeoutException.class.getSimpleName());
            assertThat(this.aborted).hasValue(1);
        }
    }

    @Test
    void aBufferThatComesWhenTheReaderHasLeftIsReleased() throws Exception {
        HeldBody body = new HeldBody();
        try (ReactiveClient client = client(body)) {
            Disposable call = read(client).subscribe();
            body.transport.respond();
            CoreSubscriber<? super DataBuffer> reader = body.reader.get(10, TimeUnit.SECONDS);
            call.dispose();
            assertReleases(reader);
        }
    }

    @Test
    void aBufferThatComesWhenTheTimeOfTheBodyIsOverIsReleased() throws Exception {
        HeldBody body = new HeldBody();
        try (ReactiveClient client = client(body)) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            read(client).subscribe(null, failure::complete);
            body.transport.respond();
            CoreSubscriber<? super DataBuffer> reader = body.reader.get(10, TimeUnit.SECONDS);
            assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(TotalTimeoutException.class);
            assertReleases(reader);
        }
    }

    private static ReactiveClient client(HeldBody body) {
        return Client.builder()
            .reactiveTransport((request, cancellation) -> body.transport)
            .timeouts(Timeouts.none().withStreamTotal(Duration.ofMillis(50)))
            .buildReactive();
    }

    private static Flux<byte[]> read(ReactiveClient client) {
        return client.stream(HttpMethod.GET, "http://shop.test/", (response) -> response.bytes());
    }

    private static void assertReleases(CoreSubscriber<? super DataBuffer> reader) {
        ByteBuf late = ByteBufAllocator.DEFAULT.buffer().writeByte('x');
        reader.onNext(new NettyDataBufferFactory(ByteBufAllocator.DEFAULT).wrap(late));
        assertThat(late.refCnt()).isZero();
    }

    /** A body whose buffers the test gives. */
    private final class HeldBody extends Flux<DataBuffer> {

        private final CompletableFuture<CoreSubscriber<? super DataBuffer>> reader = new CompletableFuture<>();

        private final LateTransport transport = new LateTransport(this);

        @Override
        public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
            actual.onSubscribe(Operators.emptySubscription());
            this.reader.complete(actual);
        }

    }

    /** Gives its response though its subscription was cancelled. */
    private final class LateTransport extends Mono<ReactiveTransportResponse>
            implements Subscription, ReactiveTransportResponse {

        private final Flux<DataBuffer> body;

        private volatile @Nullable CoreSubscriber<? super ReactiveTransportResponse> subscriber;

        LateTransport(Flux<DataBuffer> body) {
            this.body = body;
        }

        @Override
        public void subscribe(CoreSubscriber<? super ReactiveTransportResponse> actual) {
            this.subscriber = actual;
            actual.onSubscribe(this);
        }

        void respond() {
            CoreSubscriber<? super ReactiveTransportResponse> subscriber = this.subscriber;
            assertThat(subscriber).isNotNull();
            subscriber.onNext(this);
            subscriber.onComplete();
        }

        @Override
        public void request(long n) {
        }

        @Override
        public void cancel() {
            LateSignalTests.this.cancelled.complete(null);
        }

        @Override
        public int statusCode() {
            return 200;
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
            return FieldLines.empty();
        }

        @Override
        public Flux<DataBuffer> body() {
            return this.body;
        }

        @Override
        public void close() {
        }

        @Override
        public void abort() {
            LateSignalTests.this.aborted.incrementAndGet();
            LateSignalTests.this.givenBack.complete(null);
        }

    }

}
