package dev.outbound.client.transport.reactor;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.ReactiveTransportResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Cancelling, closing and aborting: where the connection is afterwards. */
class ReactorReleaseTests extends AbstractReactorTransportTests {

    @Test
    void cancelInThePool() {
        settings((it) -> it.withMaxConnections(1));
        try (RawServer server = RawServer.start(Connection::hold)) {
            Disposable first = send(get(server, "/")).subscribe();
            server.awaitConnections(1);
            Disposable second = send(get(server, "/")).subscribe();
            await(() -> this.transport.pending() == 1);
            assertThat(this.transport.pending()).isEqualTo(1);
            second.dispose();
            assertThat(this.transport.pending()).isZero();
            first.dispose();
        }
    }

    @Test
    void cancelWhileConnecting() {
        settings((it) -> it.withTimeouts(Timeouts.none()));
        try (RawServer server = RawServer.blackHole()) {
            Disposable call = send(get(server, "/").withTimeouts(Timeouts.none())).subscribe();
            await(() -> this.transport.acquired() == 1);
            call.dispose();
            await(() -> this.transport.acquired() == 0);
            assertThat(this.transport.acquired()).isZero();
        }
    }

    @Test
    void cancelInTheHandshake() {
        try (RawServer server = RawServer.start(Connection::hold)) {
            Disposable call = send(Request.of(HttpMethod.GET, Url.parse("https://127.0.0.1:" + server.port())))
                .subscribe();
            server.awaitOpen(1);
            call.dispose();
            server.awaitOpen(0);
        }
    }

    @Test
    void cancelWhileWriting() {
        AtomicBoolean cancelled = new AtomicBoolean();
        try (RawServer server = RawServer.start((c) -> {
            c.readHead();
            c.hold();
        })) {
            Flux<DataBuffer> buffers = Flux.<DataBuffer>never().doOnCancel(() -> cancelled.set(true));
            Disposable call = send(post(server, "/").withBody(RequestBody.publisher(buffers, null))).subscribe();
            await(() -> server.requests().size() == 1);
            call.dispose();
            server.awaitOpen(0);
            assertThat(cancelled).isTrue();
        }
    }

    @Test
    void cancelWhileWaitingForTheHead() {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.hold();
        })) {
            Disposable call = send(get(server, "/")).subscribe();
            await(() -> server.requests().size() == 1);
            call.dispose();
            server.awaitOpen(0);
        }
    }

    @Test
    void cancelOfTheBodyClosesTheConnection() {
        try (RawServer server = answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")) {
            StepVerifier.create(head(get(server, "/")).body())
                .consumeNextWith(AbstractReactorTransportTests::release)
                .thenCancel()
                .verify(PATIENCE);
            server.awaitOpen(0);
        }
    }

    @Test
    void cancelOfABodyThatWasReceivedLeavesTheConnection() {
        try (RawServer server = echo()) {
            StepVerifier.create(head(get(server, "/1")).body(), 0).expectSubscription().thenCancel().verify(PATIENCE);
            expectText(get(server, "/2"), "/2");
        }
    }

    @Test
    void closeDrainsALittle() {
        try (RawServer server = RawServer.start((c) -> c.forEachRequest((request) -> {
            c.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            c.pause(Duration.ofMillis(5));
            c.write("4\r\nrest\r\n0\r\n\r\n");
        }))) {
            for (int i = 0; i < 3; i++) {
                ReactiveTransportResponse response = head(get(server, "/"));
                response.close();
                response.close();
                await(() -> this.transport.acquired() == 0);
            }
            assertThat(server.connections()).isEqualTo(1);
            assertThat(this.transport.idle()).isEqualTo(1);
        }
    }

    @Test
    void closeOfWhatIsThereAlready() {
        try (RawServer server = echo()) {
            for (int i = 0; i < 5; i++) {
                head(get(server, "/" + i)).close();
                await(() -> this.transport.acquired() == 0);
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void closeDoesNotDrainMuch() {
        try (RawServer server = answer("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")) {
            head(get(server, "/")).close();
            server.awaitOpen(0);
        }
    }

    @Test
    void closeDoesNotDrainForLong() {
        try (RawServer server = answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")) {
            head(get(server, "/")).close();
            server.awaitOpen(0);
        }
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                c.write("1000\r\n" + "a".repeat(4096) + "\r\n");
            }
        })) {
            head(get(server, "/")).close();
            server.awaitOpen(0);
        }
    }

    @Test
    void abortClosesAtOnce() {
        try (RawServer server = answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")) {
            ReactiveTransportResponse response = head(get(server, "/"));
            response.abort();
            response.abort();
            response.close();
            server.awaitOpen(0);
        }
    }

    @Test
    void abortEndsARunningBody() {
        try (RawServer server = answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")) {
            ReactiveTransportResponse response = head(get(server, "/"));
            StepVerifier.create(response.body().map(AbstractReactorTransportTests::release))
                .expectNext("half")
                .then(response::abort)
                .expectError(CancelledException.class)
                .verify(PATIENCE);
            server.awaitOpen(0);
        }
    }

    @Test
    void abortOfACompleteResponseLeavesTheNextCallAlone() {
        try (RawServer server = RawServer.start((c) -> c.forEachRequest((request) -> {
            if (request.startsWith("GET /slow")) {
                c.pause(Duration.ofMillis(100));
            }
            c.respond(200, "body");
        }))) {
            ReactiveTransportResponse first = head(get(server, "/"));
            StepVerifier.create(first.body().map(AbstractReactorTransportTests::release))
                .expectNext("body")
                .expectComplete()
                .verify(PATIENCE);
            StepVerifier.create(text(get(server, "/slow"))).then(() -> {
                first.abort();
                first.close();
            }).expectNext("body").expectComplete().verify(PATIENCE);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void bodyCanBeReadOnce() {
        try (RawServer server = echo()) {
            ReactiveTransportResponse response = head(get(server, "/"));
            StepVerifier.create(text(response)).expectNext("/").expectComplete().verify(PATIENCE);
            failure(response.body(), IllegalStateException.class);
            ReactiveTransportResponse closed = head(get(server, "/"));
            closed.close();
            failure(closed.body(), IllegalStateException.class);
        }
    }

    private static void failure(Flux<?> body, Class<? extends Throwable> type) {
        StepVerifier.create(body).expectError(type).verify(PATIENCE);
    }

    @RepeatedTest(3)
    void cancelAtAnyMoment() {
        settings((it) -> it.withMaxConnections(8));
        AtomicInteger released = new AtomicInteger();
        Random random = new Random(7);
        try (RawServer server = echo()) {
            Flux.range(0, 1000).flatMap((i) -> {
                Mono<String> call = send(get(server, "/" + i))
                    .flatMap((response) -> DataBufferUtils.join(response.body())
                        .map(AbstractReactorTransportTests::release)
                        .defaultIfEmpty(""))
                    .doFinally((signal) -> released.incrementAndGet())
                    .doOnDiscard(ReactiveTransportResponse.class, ReactiveTransportResponse::abort);
                Mono<Long> end = Mono.delay(Duration.ofNanos(random.nextInt(3_000_000)), Schedulers.parallel());
                return call.takeUntilOther(end);
            }, 64).blockLast(Duration.ofSeconds(60));
            await(() -> this.transport.acquired() == 0 && this.transport.pending() == 0);
            // The last one may still be on its timer's thread.
            await(() -> released.get() == 1000);
            expectText(get(server, "/last"), "/last");
        }
    }

    @Test
    void responseThatIsLostInARaceIsAborted() {
        try (RawServer server = answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")) {
            for (int i = 0; i < 20; i++) {
                BaseSubscriber<ReactiveTransportResponse> subscriber = new BaseSubscriber<>() {

                    @Override
                    protected void hookOnNext(ReactiveTransportResponse response) {
                        response.abort();
                    }

                };
                send(get(server, "/")).subscribe(subscriber);
                int seen = i;
                await(() -> server.requests().size() == seen + 1);
                subscriber.cancel();
            }
            server.awaitOpen(0);
        }
    }

    @Test
    void closedTransportSaysSo() {
        try (RawServer server = RawServer.start(Connection::hold)) {
            Mono<ReactiveTransportResponse> running = send(get(server, "/"));
            StepVerifier.create(running).then(() -> {
                server.awaitOpen(1);
                this.transport.close();
                this.transport.close();
            }).expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(CancelledException.class)).verify(PATIENCE);
            server.awaitOpen(0);
            assertThatIllegalStateException().isThrownBy(() -> send(get(server, "/")).block(PATIENCE))
                .withMessageContaining("closed");
        }
    }

    @Test
    void idleAndOldConnectionsAreClosed() {
        settings((it) -> it.withIdle(Duration.ofMillis(200)));
        try (RawServer server = echo()) {
            expectText(get(server, "/"), "/");
            assertThat(this.transport.idle()).isEqualTo(1);
            server.awaitOpen(0);
            await(() -> this.transport.idle() == 0);
            assertThat(this.transport.idle()).isZero();
        }
        settings((it) -> it.withLifetime(Duration.ofMillis(100)));
        try (RawServer server = echo()) {
            expectText(get(server, "/"), "/");
            await(() -> {
                expectText(get(server, "/"), "/");
                return server.connections() == 2;
            });
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void connectionThatTheServerClosedIsNotUsedAgain() {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.respond(200, "ok");
            c.fin();
            c.hold();
        })) {
            for (int i = 0; i < 5; i++) {
                expectText(get(server, "/"), "ok");
                server.awaitOpen(0);
            }
            assertThat(server.requests()).hasSize(5);
        }
    }

    @Test
    void publisherIsCancelledWhenTheServerIsGone() {
        AtomicBoolean cancelled = new AtomicBoolean();
        try (RawServer server = RawServer.start((c) -> {
            c.readHead();
            c.rst();
        })) {
            Flux<DataBuffer> buffers = Flux.interval(Duration.ofMillis(10))
                .<DataBuffer>map((i) -> DefaultDataBufferFactory.sharedInstance.wrap(new byte[10]))
                .doOnCancel(() -> cancelled.set(true));
            StepVerifier.create(send(post(server, "/").withBody(RequestBody.publisher(buffers, null))))
                .expectError()
                .verify(PATIENCE);
            await(cancelled::get);
            assertThat(cancelled).isTrue();
        }
    }

}
