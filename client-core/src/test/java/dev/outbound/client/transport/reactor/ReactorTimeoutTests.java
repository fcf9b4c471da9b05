package dev.outbound.client.transport.reactor;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;

import dev.outbound.client.http.ClientTimeoutException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TlsTimeoutException;
import dev.outbound.client.http.Url;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;

/** Each limit of a request, also where it is not the client's. */
class ReactorTimeoutTests extends AbstractReactorTransportTests {

    private static final Duration LIMIT = Duration.ofMillis(200);

    private static final Script HOLD = Connection::hold;

    @Test
    void connect() {
        settings((it) -> it.withTimeouts(Timeouts.none()));
        try (RawServer server = RawServer.blackHole()) {
            ConnectTimeoutException ex = timesOut(get(server, (it) -> it.withConnect(LIMIT)),
                    ConnectTimeoutException.class);
            assertThat(ex.phase()).isEqualTo(Phase.CONNECT);
            assertThat(ex).hasMessage("no connection to 127.0.0.1:" + server.port() + " within 200 ms");
            await(() -> this.transport.acquired() == 0);
            assertThat(this.transport.acquired()).isZero();
        }
    }

    @Test
    void connectLongerThanTheClients() {
        settings((it) -> it.withTimeouts(Timeouts.none().withConnect(Duration.ofMillis(20))));
        try (RawServer server = RawServer.blackHole()) {
            timesOut(get(server, (it) -> it.withConnect(LIMIT)), ConnectTimeoutException.class);
        }
    }

    @Test
    void lookup() {
        AddressResolverGroup<InetSocketAddress> silent = new SilentResolver();
        this.transport.close();
        this.transport = ReactorTransport.changed(TransportSettings.defaults("test"),
                (client) -> client.resolver(silent));
        Request request = Request.of(HttpMethod.GET, Url.parse("http://a.test/"))
            .withTimeouts(Timeouts.none().withConnect(LIMIT));
        assertThat(timesOut(request, ConnectTimeoutException.class).phase()).isEqualTo(Phase.LOOKUP);
        silent.close();
    }

    @Test
    void tls() {
        settings((it) -> it.withTimeouts(Timeouts.none().withTls(LIMIT)));
        try (RawServer server = RawServer.start(HOLD)) {
            Request request = Request.of(HttpMethod.GET, Url.parse("https://127.0.0.1:" + server.port()));
            timesOut(request, TlsTimeoutException.class);
            server.awaitOpen(0);
        }
    }

    @Test
    void readOfTheHead() {
        try (RawServer server = RawServer.start(HOLD)) {
            ReadTimeoutException ex = timesOut(get(server, (it) -> it.withRead(LIMIT)), ReadTimeoutException.class);
            assertThat(ex.phase()).isEqualTo(Phase.HEAD);
            server.awaitOpen(0);
        }
    }

    @Test
    void readOfTheHeadOnAUsedConnectionWithAShorterLimit() {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.respond(200, "");
            c.hold();
        })) {
            expectText(get(server, (it) -> it.withRead(Duration.ofSeconds(5))), "");
            timesOut(get(server, (it) -> it.withRead(LIMIT)), ReadTimeoutException.class);
        }
    }

    @Test
    void readIsAGapAndNotTheWhole() {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.trickle("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", Duration.ofMillis(10));
        })) {
            expectText(get(server, (it) -> it.withRead(Duration.ofMillis(150))), "hello");
        }
    }

    @Test
    void readOfTheBody() {
        try (RawServer server = answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")) {
            ReactiveTransportResponse response = head(get(server, (it) -> it.withRead(LIMIT)));
            long start = System.nanoTime();
            StepVerifier.create(response.body().map(AbstractReactorTransportTests::release))
                .expectNext("half")
                .expectErrorSatisfies((ex) -> {
                    assertThat(ex).isInstanceOf(ReadTimeoutException.class);
                    assertThat(((ReadTimeoutException) ex).phase()).isEqualTo(Phase.BODY);
                })
                .verify(PATIENCE);
            assertTime(start);
            server.awaitOpen(0);
        }
    }

    @Test
    void slowSubscriberIsNoReadTimeout() {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            c.pause(Duration.ofMillis(500));
            c.write("1\r\nb\r\n");
            c.pause(Duration.ofMillis(10));
            c.write("1\r\nc\r\n0\r\n\r\n");
            c.hold();
        })) {
            ReactiveTransportResponse response = head(get(server, (it) -> it.withRead(Duration.ofMillis(250))));
            StepVerifier.create(response.body().map(AbstractReactorTransportTests::release), 0)
                .expectSubscription()
                .thenAwait(Duration.ofMillis(400))
                .thenRequest(1)
                .expectNext("a")
                .thenAwait(Duration.ofMillis(400))
                .thenRequest(2)
                .expectNext("b", "c")
                .expectComplete()
                .verify(PATIENCE);
        }
    }

    @Test
    void bodyThatNobodyHasSubscribedToIsNoReadTimeout() throws Exception {
        try (RawServer server = RawServer.start((c) -> {
            c.readRequest();
            c.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            c.pause(Duration.ofMillis(250));
            c.write("hi");
            c.hold();
        })) {
            ReactiveTransportResponse response = head(get(server, (it) -> it.withRead(Duration.ofMillis(100))));
            Thread.sleep(200);
            StepVerifier.create(text(response)).expectNext("hi").expectComplete().verify(PATIENCE);
        }
    }

    @Test
    void writeOfBytes() {
        try (RawServer server = RawServer.start((c) -> c.pause(Duration.ofSeconds(2)))) {
            Request request = post(server, "/").withTimeouts(Timeouts.none().withWrite(LIMIT).withRead(LIMIT))
                .withBody(RequestBody.bytes(new byte[32 * 1024 * 1024]));
            timesOut(request, WriteTimeoutException.class);
        }
    }

    @Test
    void writeOfAStream() {
        try (RawServer server = RawServer.start((c) -> c.pause(Duration.ofSeconds(2)))) {
            Flux<DataBuffer> buffers = Flux
                .generate((sink) -> sink.next(DefaultDataBufferFactory.sharedInstance.wrap(new byte[64 * 1024])));
            Request request = post(server, "/").withTimeouts(Timeouts.none().withWrite(LIMIT))
                .withBody(RequestBody.publisher(buffers, null));
            timesOut(request, WriteTimeoutException.class);
        }
    }

    @Test
    void slowProducerIsNoWriteTimeout() {
        try (RawServer server = RawServer.start((c) -> c.forEachRequest((request) -> c.respond(200, "ok")))) {
            Flux<DataBuffer> buffers = Flux.interval(Duration.ofMillis(150))
                .take(2)
                .map((i) -> DefaultDataBufferFactory.sharedInstance.wrap(new byte[] { 'a' }));
            Request request = post(server, "/")
                .withTimeouts(Timeouts.none().withWrite(Duration.ofMillis(60)).withRead(Duration.ofMillis(60)))
                .withBody(RequestBody.publisher(buffers, null));
            expectText(request, "ok");
        }
    }

    @Test
    void slowButSteadyWriteIsNoWriteTimeout() {
        byte[] much = new byte[16 * 1024 * 1024];
        try (RawServer server = RawServer.start((c) -> {
            c.readHead();
            for (int read = 0; read < much.length; read += 512 * 1024) {
                c.readBody(512 * 1024);
                c.pause(Duration.ofMillis(20));
            }
            c.respond(200, "ok");
            c.hold();
        })) {
            Request request = post(server, "/").withTimeouts(Timeouts.none().withWrite(Duration.ofMillis(300)))
                .withBody(RequestBody.bytes(much));
            expectText(request, "ok");
        }
    }

    @Test
    void pool() {
        settings((it) -> it.withMaxConnections(1).withTimeouts(Timeouts.none().withPool(Duration.ofMillis(20))));
        try (RawServer server = RawServer.start(HOLD)) {
            Disposable first = send(get(server, "/")).subscribe();
            server.awaitConnections(1);
            PoolTimeoutException ex = timesOut(get(server, (it) -> it.withPool(LIMIT)), PoolTimeoutException.class);
            assertThat(ex).hasMessage("none of the 1 connections of client 'test' became free within 200 ms; "
                    + "close streamed responses, or raise the limit of connections");
            await(() -> this.transport.pending() == 0);
            assertThat(this.transport.pending()).isZero();
            assertThat(server.connections()).isEqualTo(1);
            first.dispose();
        }
    }

    @Test
    void noneOfThemAddsAPool() {
        try (RawServer server = echo()) {
            List<Timeouts> all = new ArrayList<>(List.of(Timeouts.none()));
            for (int millis = 900; millis > 300; millis -= 100) {
                Duration limit = Duration.ofMillis(millis);
                all.add(Timeouts.none().withAll(limit));
                all.add(Timeouts.none().withConnect(limit));
            }
            all.forEach((limits) -> expectText(get(server, (it) -> limits), "/"));
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    /** Never finds an address, until it is closed. */
    private static final class SilentResolver extends AddressResolverGroup<InetSocketAddress> {

        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new AbstractAddressResolver<>(executor, InetSocketAddress.class) {

                private final List<Promise<?>> lookups = new CopyOnWriteArrayList<>();

                @Override
                protected boolean doIsResolved(InetSocketAddress address) {
                    return !address.isUnresolved();
                }

                @Override
                protected void doResolve(InetSocketAddress address, Promise<InetSocketAddress> promise) {
                    this.lookups.add(promise);
                }

                @Override
                protected void doResolveAll(InetSocketAddress address, Promise<List<InetSocketAddress>> promise) {
                    this.lookups.add(promise);
                }

                @Override
                public void close() {
                    this.lookups.forEach((lookup) -> lookup.tryFailure(new UnknownHostException("closed")));
                }

            };
        }

    }

    private <T extends ClientTimeoutException> T timesOut(Request request, Class<T> type) {
        long start = System.nanoTime();
        T ex = failure(request, type);
        assertTime(start);
        return ex;
    }

    private static void assertTime(long start) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        // The write limit is found out with a tick of an eighth.
        assertThat(millis).isBetween(180L, 1500L);
    }

}
