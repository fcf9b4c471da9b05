package dev.outbound.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.EngineFigures;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.Http2Peer;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.Http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The limit of connections is one for the whole client, the same on every lane.
 */
@Timeout(30)
class ConnectionLimitTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static BackgroundCall<Response> get(LaneClient client, String url) {
        return (client instanceof LaneClient.Reactive reactive) ? BackgroundCall.subscribed(reactive.client().get(url))
                : BackgroundCall.onPlatformThread(() -> client.get(url));
    }

    @ParameterizedTest
    @EnumSource
    void callsToManyOriginsShareTheLimit(EngineLane lane) throws Exception {
        AtomicInteger serving = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Script script = (connection) -> connection.forEachRequest((request) -> {
            most.accumulateAndGet(serving.incrementAndGet(), Math::max);
            connection.pause(Duration.ofMillis(5));
            serving.decrementAndGet();
            connection.respond(200, "served");
        });
        Queue<EngineFigures> engines = new ConcurrentLinkedQueue<>();
        try (RawServer one = RawServer.start(script);
                RawServer two = RawServer.start(script);
                RawServer three = RawServer.start(script);
                LaneClient client = lane.client((builder) -> builder.maxConnections(2), engines::add)) {
            List<BackgroundCall<Response>> calls = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                for (RawServer server : List.of(one, two, three)) {
                    calls.add(get(client, server.url("/")));
                }
            }
            for (BackgroundCall<Response> call : calls) {
                assertThat(call.value(PATIENCE).text()).isEqualTo("served");
            }
            assertThat(most.get()).as("requests served at a time").isEqualTo(2);
            assertThat(engines).allSatisfy((engine) -> assertThat(engine.pool().pending()).isZero());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsForAConnectionToAnotherOriginWaitsInThePool(EngineLane lane) throws Exception {
        try (RawServer busy = RawServer.start((connection) -> {
            connection.readRequest();
            connection.hold();
        });
                RawServer free = RawServer
                    .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));
                LaneClient client = lane.client((builder) -> builder.maxConnections(1))) {
            BackgroundCall<Response> holder = get(client, busy.url("/"));
            busy.awaitConnections(1);
            Throwable thrown = catchThrowable(
                    () -> client.get(free.url("/"), (spec) -> spec.timeout(Duration.ofMillis(100))));
            assertThat(thrown).isInstanceOf(PoolTimeoutException.class);
            assertThat(free.connections()).isZero();
            holder.cancel();
            assertThat(client.get(free.url("/")).text()).isEqualTo("served");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "HTTP_COMPONENTS", mode = Mode.EXCLUDE)
    void whoWaitsForAConnectionOfHttp2ToAnotherOriginWaitsInThePool(EngineLane lane) throws Exception {
        TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
        ServerTls tls = ServerTls.of(certificates.server()).offering("h2");
        try (RawServer busy = RawServer.start(tls, Http2Peer.script((peer) -> {
            peer.readRequest();
            peer.hold();
        })); RawServer free = RawServer.start(tls, Http2Peer.script((peer) -> {
            while (true) {
                peer.respond(peer.readRequest().stream(), 200, "served");
            }
        }));
                LaneClient client = lane.client((builder) -> builder.maxConnections(1)
                    .http2(Http2.NEGOTIATED)
                    .sslContext(certificates.client()))) {
            BackgroundCall<Response> holder = get(client, busy.url("/"));
            busy.awaitConnections(1);
            Throwable thrown = catchThrowable(
                    () -> client.get(free.url("/"), (spec) -> spec.timeout(Duration.ofMillis(100))));
            assertThat(thrown).isInstanceOf(PoolTimeoutException.class)
                .hasMessageContaining("none of the 1 connections of client ")
                .hasMessageContaining(" became free within 100 ms");
            assertThat(free.connections()).isZero();
            holder.cancel();
            assertThat(client.get(free.url("/")).text()).isEqualTo("served");
        }
    }

}
