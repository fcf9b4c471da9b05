package dev.outbound.client.transport.reactor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.Http2Peer;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Where streams may share connections, their number is limited for the whole client, and
 * no call is lost when a connection gives way to another origin.
 */
@Timeout(60)
class ReactorRoomTests extends AbstractReactorTransportTests {

    private static final TestCertificates CERTIFICATES = TestCertificates.of("ip:127.0.0.1");

    private static final Duration BRIEF = Duration.ofMillis(150);

    private static final int LIMIT = 2;

    /**
     * How many connections the client has at a time, from their connecting to their end.
     */
    private final Census connected = new Census();

    /** How many connections the servers have at a time. */
    private final Census accepted = new Census();

    private void use(Http2 http2, int limit) {
        this.transport.close();
        this.transport = ReactorTransport.changed(
                TransportSettings.defaults("lab")
                    .withHttp2(http2)
                    .withMaxConnections(limit)
                    .withSslContext(CERTIFICATES.client()),
                (client) -> client.doOnChannelInit(
                        (observer, channel, address) -> channel.pipeline().addFirst(this.connected.handler())));
    }

    private static void serve(Http2Peer peer) throws Exception {
        while (true) {
            Http2Peer.Request request = peer.readRequest();
            peer.respond(request.stream(), 200, "served " + request.fields().get(":path"));
        }
    }

    private static RawServer clear(Http2Peer.Http2Script script) {
        return RawServer.start(Http2Peer.script(script));
    }

    /** Has a stream at any time, if the client has two calls at any time. */
    private static RawServer slow() {
        return clear((peer) -> {
            while (true) {
                Http2Peer.Request request = peer.readRequest();
                Thread.sleep(5);
                peer.respond(request.stream(), 200, "served " + request.fields().get(":path"));
            }
        });
    }

    private static RawServer holding(CountDownLatch asked) {
        return clear((peer) -> {
            peer.readRequest();
            asked.countDown();
            peer.hold();
        });
    }

    private static Request limited(RawServer server) {
        return get(server, (timeouts) -> timeouts.withPool(BRIEF));
    }

    @ParameterizedTest
    @EnumSource
    void connectionsToManyOriginsNeverExceedTheLimitAndNoCallIsLost(Spoken spoken) {
        use(spoken.http2, LIMIT);
        try (RawServer one = spoken.start(this.accepted);
                RawServer two = spoken.start(this.accepted);
                RawServer three = spoken.start(this.accepted)) {
            List<RawServer> servers = List.of(one, two, three);
            int calls = spoken.calls;
            List<String> texts = Flux.range(0, calls)
                .flatMap((i) -> text(get(servers.get(i % servers.size()), "/" + i)), 60)
                .collectList()
                .block(Duration.ofSeconds(50));
            assertThat(texts).hasSize(calls).doesNotHaveDuplicates().allMatch((text) -> text.startsWith("served /"));
            // One that gives way in HTTP/1.1 is being closed while another is opened.
            assertThat(this.connected.most()).as("connections of the client")
                .isBetween(LIMIT, spoken.keepsPermit() ? LIMIT : 2 * LIMIT);
            assertThat(this.accepted.most()).as("connections of the servers").isEqualTo(LIMIT);
            await(() -> this.transport.acquired() == 0);
            assertThat(this.transport.idle()).isBetween(1, LIMIT);
            assertThat(this.transport.pending()).isZero();
            assertThat(this.transport.pool().max()).isEqualTo(LIMIT);
            assertThat(this.transport.pool().acquires().count()).isEqualTo(calls);
            assertThat(servers.stream().mapToInt(RawServer::open).sum()).isEqualTo(this.transport.idle());
        }
    }

    @Test
    void aCallThatWaitsForRoomIsPendingAndItsWaitLimited() throws InterruptedException {
        use(Http2.PRIOR_KNOWLEDGE, 1);
        CountDownLatch asked = new CountDownLatch(1);
        try (RawServer busy = holding(asked); RawServer free = clear(ReactorRoomTests::serve)) {
            Disposable running = text(get(busy, "/")).subscribe();
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            Mono<String> waiting = text(limited(free)).cache();
            waiting.subscribe((text) -> {
            }, (ex) -> {
            });
            await(() -> this.transport.pending() == 1);
            assertThat(this.transport.acquired()).isEqualTo(1);
            assertThat(this.transport.idle()).isZero();
            assertThatExceptionOfType(PoolTimeoutException.class).isThrownBy(() -> waiting.block(PATIENCE))
                .withMessageContaining("none of the 1 connections of client 'lab' became free within 150 ms");
            assertThat(this.transport.pending()).isZero();
            assertThat(free.connections()).isZero();
            running.dispose();
            assertThat(text(get(free, "/2")).block(PATIENCE)).isEqualTo("served /2");
            busy.awaitOpen(0);
        }
    }

    @Test
    void aWaitThatIsCancelledLeavesNothing() throws InterruptedException {
        use(Http2.PRIOR_KNOWLEDGE, 1);
        CountDownLatch asked = new CountDownLatch(1);
        try (RawServer busy = holding(asked); RawServer free = clear(ReactorRoomTests::serve)) {
            Disposable running = text(get(busy, "/")).subscribe();
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 10; i++) {
                Disposable waiting = text(get(free, "/")).subscribe();
                await(() -> this.transport.pending() == 1);
                waiting.dispose();
                await(() -> this.transport.pending() == 0);
            }
            running.dispose();
            await(() -> this.transport.acquired() == 0);
            assertThat(this.transport.room().permits().held()).isEqualTo(1);
            assertThat(text(get(free, "/2")).block(PATIENCE)).isEqualTo("served /2");
            assertThat(this.transport.room().permits().held()).isEqualTo(1);
            assertThat(this.connected.most()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsThatFailGiveTheirRoomBack(Spoken spoken) {
        use(spoken.http2, 1);
        RawServer refusing = spoken.start(this.accepted);
        refusing.close();
        try (RawServer good = spoken.start(this.accepted); RawServer vanishing = spoken.start(Connection::rst)) {
            for (int i = 0; i < 3; i++) {
                for (RawServer server : List.of(refusing, vanishing)) {
                    assertThatExceptionOfType(RequestException.class)
                        .isThrownBy(() -> text(limited(server)).block(PATIENCE))
                        .isNotInstanceOf(PoolTimeoutException.class);
                }
            }
            await(() -> this.transport.room().permits().held() == 0);
            assertThat(text(get(good, "/")).block(PATIENCE)).isEqualTo("served /");
            assertThat(this.transport.room().permits().held()).isEqualTo(spoken.keepsPermit() ? 1 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "H2.*", mode = EnumSource.Mode.MATCH_ALL)
    void connectionsThatAreGivenUpWhileTheyAreOpenedGiveTheirRoomBack(Spoken spoken) {
        use(spoken.http2, 1);
        Script silent = Http2Peer.silent((peer) -> peer.connection().hold());
        try (RawServer server = spoken.start(silent, silent, silent, Http2Peer.script(ReactorRoomTests::serve))) {
            for (int i = 1; i <= 3; i++) {
                Disposable given = text(limited(server)).subscribe();
                server.awaitConnections(i);
                given.dispose();
                await(() -> this.transport.room().permits().held() == 0);
            }
            assertThat(text(limited(server)).block(PATIENCE)).isEqualTo("served /");
            assertThat(this.connected.most()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatIsNeverIdleGivesWayInTurn() {
        use(Http2.PRIOR_KNOWLEDGE, 1);
        AtomicBoolean enough = new AtomicBoolean();
        try (RawServer busy = slow(); RawServer other = clear(ReactorRoomTests::serve)) {
            Mono<Long> load = load(busy, enough);
            load.subscribe();
            await(() -> busy.open() == 1);
            for (int i = 0; i < 3; i++) {
                assertThat(text(get(other, "/" + i)).block(PATIENCE)).isEqualTo("served /" + i);
            }
            enough.set(true);
            assertThat(load.block(PATIENCE)).as("calls of the others").isPositive();
            assertThat(this.connected.most()).isEqualTo(1);
        }
    }

    /** Two calls at any time, until it is enough. */
    private Mono<Long> load(RawServer server, AtomicBoolean enough) {
        Mono<Long> calls = Mono.defer(() -> text(get(server, "/"))).repeat(() -> !enough.get()).count();
        return Mono.zip(calls, calls, Long::sum).cache();
    }

    @Test
    void aLongCallDoesNotHoldUpWhoWaitsForAnotherConnection() throws InterruptedException {
        use(Http2.PRIOR_KNOWLEDGE, 2);
        CountDownLatch asked = new CountDownLatch(1);
        AtomicBoolean enough = new AtomicBoolean();
        try (RawServer held = clear((peer) -> {
            while (true) {
                Http2Peer.Request request = peer.readRequest();
                if (request.fields().get(":path").equals("/long")) {
                    asked.countDown();
                }
                else {
                    peer.respond(request.stream(), 200, "served " + request.fields().get(":path"));
                }
            }
        }); RawServer busy = slow(); RawServer other = clear(ReactorRoomTests::serve)) {
            Disposable running = text(get(held, "/long")).subscribe();
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            Mono<Long> load = load(busy, enough);
            load.subscribe();
            await(() -> busy.open() == 1);
            for (int i = 0; i < 3; i++) {
                assertThat(text(get(held, "/short")).block(PATIENCE)).isEqualTo("served /short");
                assertThat(text(get(other, "/" + i)).block(PATIENCE)).isEqualTo("served /" + i);
            }
            enough.set(true);
            assertThat(load.block(PATIENCE)).isPositive();
            running.dispose();
            assertThat(this.connected.most()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsThatAreEvictedLoseNoCall(Spoken spoken) throws InterruptedException {
        use(spoken.http2, LIMIT);
        AtomicBoolean enough = new AtomicBoolean();
        Thread evicting = new Thread(() -> {
            while (!enough.get()) {
                this.transport.evictIdle();
                // So that the event loops come to something else, too.
                LockSupport.parkNanos(1_000_000);
            }
        });
        try (RawServer server = spoken.start(this.accepted)) {
            evicting.start();
            assertThat(Flux.range(0, 300)
                .flatMap((i) -> text(get(server, "/" + i)), 4)
                .count()
                .block(Duration.ofSeconds(30))).isEqualTo(300);
        }
        finally {
            enough.set(true);
            evicting.join();
        }
    }

    @Test
    void closingEndsCallsThatWaitForRoom() throws InterruptedException {
        use(Http2.PRIOR_KNOWLEDGE, 1);
        CountDownLatch asked = new CountDownLatch(1);
        try (RawServer busy = holding(asked); RawServer free = clear(ReactorRoomTests::serve)) {
            text(get(busy, "/")).subscribe((text) -> {
            }, (ex) -> {
            });
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            Mono<String> waiting = text(get(free, "/")).cache();
            waiting.subscribe((text) -> {
            }, (ex) -> {
            });
            await(() -> this.transport.pending() == 1);
            this.transport.close();
            assertThatExceptionOfType(CancelledException.class).isThrownBy(() -> waiting.block(PATIENCE));
            busy.awaitOpen(0);
            assertThat(free.connections()).isZero();
        }
    }

    /** What is spoken with a server. */
    enum Spoken {

        H2C(Http2.PRIOR_KNOWLEDGE, 2_000), H2(Http2.NEGOTIATED, 2_000), HTTP11_NEGOTIATED(Http2.NEGOTIATED, 200),
        HTTP11_IN_CLEAR_TEXT(Http2.NEGOTIATED, 2_000);

        private final Http2 http2;

        private final int calls;

        Spoken(Http2 http2, int calls) {
            this.http2 = http2;
            this.calls = calls;
        }

        boolean keepsPermit() {
            return this != HTTP11_IN_CLEAR_TEXT;
        }

        private RawServer start(Script script, Script... next) {
            return switch (this) {
                case H2C, HTTP11_IN_CLEAR_TEXT -> RawServer.start(script, next);
                case H2 -> RawServer.start(ServerTls.of(CERTIFICATES.server()).offering("h2"), script, next);
                case HTTP11_NEGOTIATED -> RawServer.start(ServerTls.of(CERTIFICATES.server()), script, next);
            };
        }

        RawServer start(Census accepted) {
            Script serving = switch (this) {
                case H2C, H2 -> Http2Peer.script(ReactorRoomTests::serve);
                case HTTP11_NEGOTIATED, HTTP11_IN_CLEAR_TEXT -> (connection) -> connection
                    .forEachRequest((request) -> connection.respond(200, "served " + request.split(" ")[1]));
            };
            return start((connection) -> {
                accepted.enters((open) -> open <= LIMIT);
                try {
                    serving.run(connection);
                }
                finally {
                    accepted.leaves();
                }
            });
        }

    }

    /** Counts what is open at a time. */
    private static final class Census {

        private final AtomicInteger open = new AtomicInteger();

        private final AtomicInteger most = new AtomicInteger();

        int most() {
            return this.most.get();
        }

        void enters() {
            enters((open) -> true);
        }

        /**
         * Count one more.
         * @param expected what is awaited first: ends that came before are read by other
         * threads
         */
        void enters(Predicate<Integer> expected) {
            this.open.incrementAndGet();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!expected.test(this.open.get()) && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            this.most.accumulateAndGet(this.open.get(), Math::max);
        }

        void leaves() {
            this.open.decrementAndGet();
        }

        ChannelDuplexHandler handler() {
            return new ChannelDuplexHandler() {

                @Override
                public void connect(ChannelHandlerContext ctx, java.net.SocketAddress remote,
                        java.net.SocketAddress local, ChannelPromise promise) {
                    enters();
                    ctx.channel().closeFuture().addListener((closed) -> leaves());
                    ctx.connect(remote, local, promise);
                }

            };
        }

    }

}
