package dev.outbound.client;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.CountingReactiveTransport;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.ReactiveTransportResponse;

import static dev.outbound.client.lab.FakeUpstream.failure;
import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random calls, and cancellations at random moments: no response may be forgotten.
 */
@Timeout(60)
class LeakTests {

    private static final long SEED = 20261122;

    private static Answer random(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> status(503);
            case 1 -> status(302, "Location: /b");
            case 2 -> status(302, "Location: http://other.test/");
            case 3 -> status(302, "Location: http://[bad");
            case 4 -> failure(new ConnectionLostException(Phase.HEAD, "lost", null));
            case 5 -> status(401);
            case 6 -> ok("x".repeat(200));
            default -> ok("small");
        };
    }

    private static final class Challenged implements AuthFlow {

        private int rounds;

        @Override
        public AuthStep start(Request request) {
            return AuthStep.send(request);
        }

        @Override
        public AuthStep responded(Response response) {
            return (response.statusCode() == 401 && this.rounds++ < 2) ? AuthStep.send(response.request())
                    : AuthStep.accept();
        }

        @Override
        public boolean readsBody() {
            return this.rounds == 1;
        }

    }

    @Test
    void randomCallsForgetNoResponse() {
        Auth challenged = (now) -> new Challenged();
        for (Lane lane : Lane.values()) {
            Random random = new Random(SEED);
            FakeUpstream upstream = new FakeUpstream((request) -> random(random));
            LaneClient client = lane.client(upstream, new TestClock(),
                    (builder) -> builder.baseUrl("http://shop.test")
                        .auth(challenged)
                        .retryBudget(null)
                        .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
                        .redirects(RedirectPolicy.of(RedirectMode.SAME_ORIGIN, 3))
                        .maxResponseBody(100));
            int ended = 0;
            for (int i = 0; i < 3000; i++) {
                try {
                    if (random.nextBoolean()) {
                        client.get("/a");
                    }
                    else if (random.nextBoolean()) {
                        client.leave("/a", random.nextInt(300));
                    }
                    else {
                        client.stream("/a", (response) -> {
                        });
                    }
                    ended++;
                }
                catch (RuntimeException ex) {
                    assertThat(ex).isInstanceOf(dev.outbound.client.http.ClientException.class);
                }
                assertThat(upstream.open()).as("after call %d of lane %s", i, lane).isZero();
            }
            assertThat(ended).isBetween(500, 2900);
        }
    }

    @Test
    void cancellationsAtRandomMomentsForgetNoResponse() throws InterruptedException {
        Random random = new Random(SEED);
        CountingReactiveTransport transport = new CountingReactiveTransport(
                (request, cancellation) -> Mono.fromSupplier(() -> slow(random))
                    .delayElement(Duration.ofNanos(random.nextInt(2_000_000))));
        ReactiveClient client = ReactiveClient.builder()
            .reactiveTransport(transport)
            .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
            .retryBudget(null)
            .buildReactive();
        for (int i = 0; i < 1500; i++) {
            Flux<?> call = random.nextBoolean() ? client.get("http://shop.test/").flux()
                    : client.stream(HttpMethod.GET, "http://shop.test/", (response) -> response.bytes());
            Disposable subscription = call.subscribeOn(Schedulers.parallel()).subscribe((value) -> {
            }, (error) -> {
            });
            if (random.nextInt(4) > 0) {
                long end = System.nanoTime() + random.nextInt(3_000_000);
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
            subscription.dispose();
        }
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (transport.open() != 0 && System.nanoTime() < patience) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(transport.open()).isZero();
        assertThat(transport.handedOut()).isGreaterThan(100);
    }

    private static ReactiveTransportResponse slow(Random random) {
        int status = (random.nextInt(3) == 0) ? 503 : 200;
        ReactiveTransportResponse head = ReactiveTransportResponse.of(status, FieldLines.empty(), new byte[0]);
        Flux<DataBuffer> body = Flux.interval(Duration.ofNanos(300_000))
            .take(3)
            .onBackpressureBuffer()
            .map((tick) -> DefaultDataBufferFactory.sharedInstance.wrap(new byte[] { 1 }));
        return new Slow(head, body);
    }

    private record Slow(ReactiveTransportResponse head, Flux<DataBuffer> body) implements ReactiveTransportResponse {

        @Override
        public int statusCode() {
            return this.head.statusCode();
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
        public void close() {
        }

        @Override
        public void abort() {
        }

    }

    @Test
    void interruptsAtRandomMomentsForgetNoResponse() throws Exception {
        Random random = new Random(SEED);
        FakeUpstream upstream = new FakeUpstream((request) -> random(random));
        Client client = Client.builder()
            .baseUrl("http://shop.test")
            .transport(upstream.transport())
            .retryBudget(null)
            .retry(RetryPolicy.fixed(2, Duration.ofMillis(2)))
            .build();
        for (int i = 0; i < 300; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    client.get("/a");
                }
                catch (RuntimeException ex) {
                    // Any end will do.
                }
                done.complete(null);
            });
            caller.start();
            long end = System.nanoTime() + random.nextInt(3_000_000);
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            caller.interrupt();
            done.get(5, TimeUnit.SECONDS);
        }
        assertThat(upstream.open()).isZero();
    }

}
