package dev.outbound.client.httpx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.Response;
import dev.outbound.client.http.TransportException;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.Http2Peer;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.Http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** HTTP/2 is spoken by the JDK's engine. */
class A14Http2Tests extends AbstractFeatureTests {

    private static final TestCertificates CERTIFICATES = TestCertificates.of("ip:127.0.0.1");

    /** A server that speaks HTTP/2, on each connection by the next script. */
    private static RawServer server(Http2Peer.Http2Script first, Http2Peer.Http2Script... next) {
        Script[] scripts = new Script[next.length];
        for (int i = 0; i < next.length; i++) {
            scripts[i] = Http2Peer.script(next[i]);
        }
        return RawServer.start(ServerTls.of(CERTIFICATES.server()).offering("h2"), Http2Peer.script(first), scripts);
    }

    private static LaneClient client(EngineLane lane, RawServer server) {
        return lane.client(
                (builder) -> builder.baseUrl(server.url()).sslContext(CERTIFICATES.client()).http2(Http2.NEGOTIATED));
    }

    private static void serve(Http2Peer peer) throws Exception {
        peer.forEachRequest((request) -> peer.respond(request.stream(), 200, "served"));
    }

    @ParameterizedTest
    @EnumSource(names = { "JDK_BLOCKING", "JDK_REACTIVE" })
    private @interface BothLanes {

    }

    @ParameterizedTest
    @EnumSource(names = { "JDK_BLOCKING", "JDK_REACTIVE" })
    @DisplayName("A14 switch: off unless it is set; spoken where the server chooses it")
    void negotiated(EngineLane lane) {
        try (RawServer server = server(A14Http2Tests::serve); LaneClient client = client(lane, server)) {
            assertThat(client.get("/").httpVersion()).isEqualTo("HTTP/2");
        }
        try (RawServer server = RawServer.start(ServerTls.of(CERTIFICATES.server()).offering("http/1.1"),
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));
                LaneClient client = client(lane, server);
                LaneClient off = lane
                    .client((builder) -> builder.baseUrl(server.url()).sslContext(CERTIFICATES.client()))) {
            assertThat(client.get("/").httpVersion()).isEqualTo("HTTP/1.1");
            assertThat(off.get("/").httpVersion()).isEqualTo("HTTP/1.1");
            assertThat(off.settings().transport().http2()).isEqualTo(Http2.OFF);
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "JDK_BLOCKING", "JDK_REACTIVE" })
    @DisplayName("A14 mapping: :authority for Host, names in lower case; the reason phrase is the code's")
    void mapping(EngineLane lane) {
        List<String> fields = new ArrayList<>();
        try (RawServer server = server((peer) -> peer.forEachRequest((request) -> {
            request.fields().forEach((name, value) -> fields.add(name + "=" + value));
            peer.respond(request.stream(), 404, "", "x-answer", "1");
        })); LaneClient client = client(lane, server)) {
            Response response = client.get("/a?b=c", (spec) -> spec.header("X-MiXeD", "1"));
            assertThat(fields).contains(":method=GET", ":scheme=https", ":path=/a?b=c",
                    ":authority=127.0.0.1:" + server.port(), "x-mixed=1");
            assertThat(fields).noneMatch((field) -> field.startsWith("host=") || field.startsWith("connection="));
            assertThat(response.headers().getFirst("X-Answer")).isEqualTo("1");
            assertThat(response.reasonPhrase()).isEqualTo("Not Found");
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "JDK_BLOCKING", "JDK_REACTIVE" })
    @DisplayName("A14 multiplexing: calls at the same time share a connection")
    void multiplexing(EngineLane lane) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (RawServer server = server((peer) -> {
            peer.respond(peer.readRequest().stream(), 200, "first");
            Http2Peer.Request one = peer.readRequest();
            Http2Peer.Request two = peer.readRequest();
            peer.respond(two.stream(), 200, two.fields().get(":path"));
            peer.respond(one.stream(), 200, one.fields().get(":path"));
            peer.hold();
        }); LaneClient client = client(lane, server)) {
            assertThat(client.get("/").text()).isEqualTo("first");
            Future<String> one = threads.submit(() -> client.get("/one").text());
            Future<String> two = threads.submit(() -> client.get("/two").text());
            assertThat(one.get()).isEqualTo("/one");
            assertThat(two.get()).isEqualTo("/two");
            assertThat(server.connections()).isEqualTo(1);
        }
        finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "JDK_BLOCKING", "JDK_REACTIVE" })
    @DisplayName("A14 flow control: an upload waits for the server's window, a download keeps it open")
    void flowControl(EngineLane lane) {
        try (RawServer server = server((peer) -> {
            Http2Peer.Request request = peer.readRequest();
            long received = 0;
            boolean ended = false;
            while (!ended) {
                Http2Peer.Frame data = peer.awaitFrame(Http2Peer.DATA);
                received += data.payload().length;
                ended = data.has(Http2Peer.END_STREAM);
                if (!ended && data.payload().length > 0) {
                    peer.windowUpdate(0, data.payload().length);
                    peer.windowUpdate(request.stream(), data.payload().length);
                }
            }
            peer.headers(request.stream(), false, 200, "x-received", Long.toString(received));
            for (int i = 0; i < 20; i++) {
                peer.data(request.stream(), i == 19, "0123456789".repeat(1000));
            }
            peer.hold();
        }); LaneClient client = client(lane, server)) {
            Response response = client.post("/", (spec) -> spec.bytes(new byte[200_000]));
            assertThat(response.headers().getFirst("X-Received")).isEqualTo("200000");
            assertThat(response.bytes()).hasSize(200_000);
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "JDK_BLOCKING", "JDK_REACTIVE" })
    @DisplayName("A14 RST_STREAM, GOAWAY: fail the call, and the next one is served")
    void resetAndGoAway(EngineLane lane) {
        try (RawServer server = server((peer) -> {
            peer.reset(peer.readRequest().stream(), Http2Peer.INTERNAL_ERROR);
            serve(peer);
        }); LaneClient client = client(lane, server)) {
            assertThatExceptionOfType(TransportException.class).isThrownBy(() -> client.get("/"));
            assertThat(client.get("/").text()).isEqualTo("served");
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "JDK_BLOCKING", "JDK_REACTIVE" })
    @DisplayName("A14 version: is told by the response")
    void version(EngineLane lane) {
        try (RawServer server = server(A14Http2Tests::serve); LaneClient client = client(lane, server)) {
            client.stream("/", (response) -> assertThat(response.httpVersion()).isEqualTo("HTTP/2"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "JDK_BLOCKING", "JDK_REACTIVE" })
    @DisplayName("A14 closing: a connection that goes away gets no more requests")
    void closing(EngineLane lane) throws Exception {
        CountDownLatch known = new CountDownLatch(1);
        try (RawServer server = server((peer) -> {
            Http2Peer.Request request = peer.readRequest();
            peer.respond(request.stream(), 200, "first");
            peer.goAway(request.stream(), Http2Peer.NO_ERROR);
            try {
                awaitAnswerTo(peer, new byte[8]);
            }
            finally {
                known.countDown();
            }
            peer.hold();
        }, A14Http2Tests::serve); LaneClient client = client(lane, server)) {
            assertThat(client.get("/").text()).isEqualTo("first");
            assertThat(known.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.get("/").text()).isEqualTo("served");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    /**
     * Ping: whoever answers, or closes the connection, has seen what was sent before.
     */
    private static void awaitAnswerTo(Http2Peer peer, byte[] ping) throws IOException {
        peer.write(Http2Peer.PING, 0, 0, ping);
        Http2Peer.Frame frame = peer.readFrame();
        while (frame != null && !(frame.type() == Http2Peer.PING && frame.has(Http2Peer.ACK))) {
            frame = peer.readFrame();
        }
    }

}
