package dev.outbound.client.transport.reactor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.Http2Peer;
import dev.outbound.client.lab.ProxyServer;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** HTTP/2 on the reactive lane (RFC 9113), against a peer that may break its rules. */
@Timeout(30)
class ReactorHttp2Tests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final TestCertificates CERTIFICATES = TestCertificates.of("ip:127.0.0.1");

    private static RawServer secure(Http2Peer.Http2Script script, int... settings) {
        return RawServer.start(ServerTls.of(CERTIFICATES.server()).offering("h2"), Http2Peer.script(script, settings));
    }

    private static RawServer plain(Http2Peer.Http2Script script, int... settings) {
        return RawServer.start(Http2Peer.script(script, settings));
    }

    private static void serve(Http2Peer peer) throws Exception {
        while (true) {
            Http2Peer.Request request = peer.readRequest();
            peer.respond(request.stream(), 200, "served " + request.fields().get(":path"));
        }
    }

    private static ReactiveClient client(RawServer server, Http2 http2, Consumer<ClientBuilder> settings) {
        ClientBuilder builder = Client.builder()
            .name("lab")
            .baseUrl(server.url())
            .http2(http2)
            .maxConnections(1)
            .sslContext(CERTIFICATES.client());
        settings.accept(builder);
        return builder.buildReactive();
    }

    private static ReactiveClient client(RawServer server) {
        return client(server, server.url().startsWith("https") ? Http2.NEGOTIATED : Http2.PRIOR_KNOWLEDGE, (b) -> {
        });
    }

    private static ReactorTransport transport(Http2 http2) {
        return ReactorTransport.of(TransportSettings.defaults("lab")
            .withHttp2(http2)
            .withMaxConnections(1)
            .withSslContext(CERTIFICATES.client()));
    }

    private static ReactiveClient client(RawServer server, ReactorTransport transport) {
        return Client.builder().baseUrl(server.url()).reactiveTransport(transport).buildReactive();
    }

    private static Response get(ReactiveClient client, String path) {
        Response response = client.get(path).block(PATIENCE);
        assertThat(response).isNotNull();
        return response;
    }

    @Test
    void isSpokenWhereTheServerChoosesIt() {
        try (RawServer server = secure(ReactorHttp2Tests::serve); ReactiveClient client = client(server)) {
            Response response = get(client, "/a?b");
            assertThat(response.text()).isEqualTo("served /a?b");
            assertThat(response.httpVersion()).isEqualTo("HTTP/2");
            assertThat(response.reasonPhrase()).isEqualTo("OK");
            assertThat(response.headers().headerNames()).noneMatch((name) -> name.startsWith("x-http2"));
            assertThat(get(client, "/2").text()).isEqualTo("served /2");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void isSpokenInClearTextWithPriorKnowledge() {
        try (RawServer server = plain(ReactorHttp2Tests::serve); ReactiveClient client = client(server)) {
            assertThat(get(client, "/").httpVersion()).isEqualTo("HTTP/2");
        }
    }

    @Test
    void http11IsSpokenWhereTheServerKnowsNothingElse() {
        try (RawServer server = RawServer.start(ServerTls.of(CERTIFICATES.server()),
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));
                ReactiveClient client = client(server, Http2.NEGOTIATED, (b) -> b.maxConnections(3))) {
            List<String> versions = Flux.range(0, 9)
                .flatMap((i) -> client.get("/" + i).map(Response::httpVersion))
                .collectList()
                .block(PATIENCE);
            assertThat(versions).hasSize(9).containsOnly("HTTP/1.1");
            assertThat(server.connections()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void http11IsSpokenInClearTextUnlessTheServerIsKnown() {
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));
                ReactiveClient client = client(server, Http2.NEGOTIATED, (b) -> {
                })) {
            assertThat(get(client, "/").httpVersion()).isEqualTo("HTTP/1.1");
            assertThat(server.requests().get(0)).doesNotContainIgnoringCase("upgrade")
                .doesNotContainIgnoringCase("http2-settings");
        }
    }

    @Test
    void bodiesGoBothWays() {
        String text = "x".repeat(40_000);
        try (RawServer server = plain((peer) -> peer.forEachRequest((request) -> {
            int length = 0;
            Http2Peer.Frame frame;
            do {
                frame = peer.awaitFrame(Http2Peer.DATA);
                length += frame.payload().length;
            }
            while (!frame.has(Http2Peer.END_STREAM));
            peer.respond(request.stream(), 200, request.fields().get(":method") + " " + length);
        })); ReactiveClient client = client(server)) {
            Response response = client.post("/", (spec) -> spec.text(text)).block(PATIENCE);
            assertThat(response).isNotNull();
            assertThat(response.text()).isEqualTo("POST 40000");
        }
    }

    @Test
    void headAndEmptyResponsesAreComplete() {
        try (RawServer server = plain((peer) -> {
            while (true) {
                Http2Peer.Request request = peer.readRequest();
                peer.headers(request.stream(), true, request.fields().get(":method").equals("HEAD") ? 200 : 204);
            }
        }); ReactiveClient client = client(server)) {
            Response head = client.request(HttpMethod.HEAD, "/", (spec) -> {
            }).block(PATIENCE);
            assertThat(head).isNotNull();
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(get(client, "/").statusCode()).isEqualTo(204);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void streamsShareAConnectionUpToWhatTheServerAllows() {
        try (RawServer server = plain(ReactorHttp2Tests::serve, Http2Peer.MAX_CONCURRENT_STREAMS, 1);
                ReactiveClient client = client(server)) {
            List<String> texts = Flux.range(0, 50)
                .flatMap((i) -> client.get("/" + i).map(Response::text), 50)
                .collectList()
                .block(PATIENCE);
            assertThat(texts).hasSize(50);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void informationalResponsesArePassedOver() {
        try (RawServer server = plain((peer) -> {
            Http2Peer.Request request = peer.readRequest();
            peer.headers(request.stream(), false, 103);
            peer.respond(request.stream(), 200, "served");
            peer.hold();
        }); ReactiveClient client = client(server)) {
            assertThat(get(client, "/").text()).isEqualTo("served");
        }
    }

    private static <T extends RequestException> T failure(Class<T> type, Mono<?> call) {
        Throwable[] failure = new Throwable[1];
        assertThatExceptionOfType(type).isThrownBy(() -> call.block(PATIENCE)).satisfies((ex) -> failure[0] = ex);
        return type.cast(failure[0]);
    }

    @Test
    void aRefusedStreamCountsAsNotSent() {
        try (RawServer server = plain((peer) -> {
            peer.reset(peer.readRequest().stream(), Http2Peer.REFUSED_STREAM);
            serve(peer);
        }); ReactiveClient client = client(server)) {
            ConnectionLostException ex = failure(ConnectionLostException.class,
                    client.post("/", (spec) -> spec.text("once")));
            assertThat(ex.phase()).isNotNull().matches((phase) -> phase.isBeforeRequest());
            assertThat(get(client, "/2").text()).as("on the same connection").isEqualTo("served /2");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aStreamBeyondGoAwayCountsAsNotSent() {
        try (RawServer server = RawServer.start(Http2Peer.script((peer) -> {
            peer.readRequest();
            peer.goAway(0, Http2Peer.NO_ERROR);
            peer.hold();
        }), Http2Peer.script(ReactorHttp2Tests::serve)); ReactiveClient client = client(server)) {
            ConnectionLostException ex = failure(ConnectionLostException.class,
                    client.post("/", (spec) -> spec.text("once")));
            assertThat(ex.phase()).isNotNull().matches((phase) -> phase.isBeforeRequest());
            assertThat(get(client, "/2").text()).as("on another connection").isEqualTo("served /2");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void anAnswerThatComesBehindGoAwayIsDelivered() {
        try (RawServer server = plain((peer) -> {
            Http2Peer.Request request = peer.readRequest();
            peer.goAway(request.stream(), Http2Peer.NO_ERROR);
            peer.respond(request.stream(), 200, "served");
            peer.hold();
        }); ReactiveClient client = client(server)) {
            assertThat(get(client, "/").text()).isEqualTo("served");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void aStreamThatIsResetFailsAloneAndNamesTheCode(boolean withinBody) {
        try (RawServer server = plain((peer) -> {
            Http2Peer.Request request = peer.readRequest();
            if (withinBody) {
                peer.headers(request.stream(), false, 200);
                peer.data(request.stream(), false, "part");
            }
            peer.reset(request.stream(), Http2Peer.INTERNAL_ERROR);
            serve(peer);
        }); ReactiveClient client = client(server)) {
            ConnectionLostException ex = failure(ConnectionLostException.class, client.get("/"));
            assertThat(ex.getMessage()).contains("INTERNAL_ERROR");
            assertThat(get(client, "/2").text()).isEqualTo("served /2");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatVanishesLosesTheConnection() {
        try (RawServer server = RawServer.start(Http2Peer.script((peer) -> peer.readRequest()),
                Http2Peer.script(ReactorHttp2Tests::serve)); ReactiveClient client = client(server)) {
            failure(ConnectionLostException.class, client.get("/"));
            assertThat(get(client, "/2").text()).isEqualTo("served /2");
        }
    }

    @Test
    void silenceIsLimitedAndLeavesTheConnection() {
        try (RawServer server = plain((peer) -> {
            peer.readRequest();
            serve(peer);
        }); ReactiveClient client = client(server)) {
            failure(ReadTimeoutException.class, client.get("/", (spec) -> spec.timeout(Duration.ofMillis(200))));
            assertThat(get(client, "/2").text()).isEqualTo("served /2");
            assertThat(server.connections()).as("only the stream was reset").isEqualTo(1);
        }
    }

    @Test
    void aWindowThatStaysClosedIsAWriteThatStalls() {
        try (RawServer server = plain((peer) -> {
            peer.readRequest();
            serve(peer);
        }, Http2Peer.INITIAL_WINDOW_SIZE, 0); ReactiveClient client = client(server)) {
            failure(WriteTimeoutException.class,
                    client.post("/", (spec) -> spec.text("x".repeat(100_000)).timeout(Duration.ofMillis(200))));
            assertThat(get(client, "/2").text()).isEqualTo("served /2");
        }
    }

    @Test
    void limitsOfHeadsMeanTheSame() {
        try (RawServer server = plain((peer) -> {
            while (true) {
                Http2Peer.Request request = peer.readRequest();
                boolean lines = request.fields().get(":path").equals("/lines");
                String[] fields = lines ? new String[20] : new String[] { "x-a", "b".repeat(2100) };
                for (int i = 0; lines && i < fields.length; i += 2) {
                    fields[i] = "x-" + i;
                    fields[i + 1] = "b";
                }
                peer.headers(request.stream(), true, 200, fields);
            }
        });
                ReactiveClient client = client(server, Http2.PRIOR_KNOWLEDGE,
                        (b) -> b.limits(Limits.defaults().withHead(2048).withHeadLines(7)))) {
            failure(LimitExceededException.class, client.get("/lines"));
            failure(LimitExceededException.class, client.get("/bytes"));
        }
    }

    @Test
    void aPeerThatBreaksTheRulesIsToldFromALostConnection() {
        try (RawServer server = plain((peer) -> {
            peer.readRequest();
            peer.write(Http2Peer.DATA, 0, 0, "for no stream".getBytes(StandardCharsets.US_ASCII));
            peer.hold();
        }); ReactiveClient client = client(server)) {
            failure(RemoteProtocolException.class, client.get("/"));
            server.awaitOpen(0);
        }
    }

    @Test
    void aCancelledCallResetsItsStreamOnly() throws InterruptedException {
        CountDownLatch reset = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (RawServer server = plain((peer) -> {
            peer.readRequest();
            asked.countDown();
            peer.awaitFrame(Http2Peer.RST_STREAM);
            reset.countDown();
            serve(peer);
        }); ReactiveClient client = client(server)) {
            Disposable call = client.get("/").subscribe();
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            call.dispose();
            assertThat(reset.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(get(client, "/2").text()).isEqualTo("served /2");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    private static void await(String what, IntSupplier figure, int expected) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (figure.getAsInt() != expected && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(figure.getAsInt()).as(what).isEqualTo(expected);
    }

    @Test
    void whoWaitsForAStreamIsLimited() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        try (RawServer server = plain((peer) -> {
            peer.readRequest();
            asked.countDown();
            peer.hold();
        }, Http2Peer.MAX_CONCURRENT_STREAMS, 1);
                ReactorTransport transport = transport(Http2.PRIOR_KNOWLEDGE);
                ReactiveClient client = client(server, transport)) {
            Disposable running = client.get("/").subscribe();
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            PoolStatistics pool = transport.pool();
            Mono<Response> waiting = client.get("/", (spec) -> spec.timeout(Duration.ofMillis(250))).cache();
            waiting.subscribe((response) -> {
            }, (ex) -> {
            });
            failure(PoolTimeoutException.class, waiting);
            assertThat(pool.pending()).isZero();
            running.dispose();
        }
    }

    @Test
    void figuresCountConnectionsAndNotStreams() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch answer = new CountDownLatch(1);
        try (RawServer server = plain((peer) -> {
            List<Http2Peer.Request> requests = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                requests.add(peer.readRequest());
                asked.countDown();
            }
            answer.await();
            for (Http2Peer.Request request : requests) {
                peer.respond(request.stream(), 200, "served");
            }
            peer.hold();
        });
                ReactorTransport transport = transport(Http2.PRIOR_KNOWLEDGE);
                ReactiveClient client = client(server, transport)) {
            Mono<List<Response>> calls = Flux.range(0, 2).flatMap((i) -> client.get("/")).collectList().cache();
            calls.subscribe();
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            PoolStatistics pool = transport.pool();
            assertThat(pool.active()).isEqualTo(1);
            assertThat(pool.idle()).isZero();
            answer.countDown();
            assertThat(calls.block(PATIENCE)).hasSize(2);
            await("idle", pool::idle, 1);
            assertThat(pool.active()).isZero();
            assertThat(pool.connects().count()).isEqualTo(1);
            assertThat(pool.acquires().count()).isEqualTo(2);
        }
        finally {
            answer.countDown();
        }
    }

    @Test
    void reloadedTrustLeavesStreamsAloneAndClosesTheConnectionBehindThem() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (RawServer server = secure((peer) -> {
            while (true) {
                Http2Peer.Request request = peer.readRequest();
                asked.countDown();
                answer.await();
                peer.respond(request.stream(), 200, "served");
            }
        });
                ReactorTransport transport = transport(Http2.NEGOTIATED);
                ReactiveClient client = client(server, transport)) {
            Mono<Response> running = client.get("/").cache();
            running.subscribe();
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            transport.reload(TlsSettings.defaults().withContext(CERTIFICATES.client()));
            assertThat(server.open()).isEqualTo(1);
            answer.countDown();
            assertThat(running.map(Response::text).block(PATIENCE)).isEqualTo("served");
            server.awaitOpen(0);
            assertThat(get(client, "/2").text()).isEqualTo("served");
            assertThat(server.connections()).isEqualTo(2);
        }
        finally {
            answer.countDown();
        }
    }

    @Test
    void isSpokenThroughATunnel() {
        try (RawServer server = secure(ReactorHttp2Tests::serve);
                ProxyServer proxy = ProxyServer.http(server.port());
                ReactiveClient client = client(server, Http2.NEGOTIATED,
                        (b) -> b.proxy("http://127.0.0.1:" + proxy.port()))) {
            assertThat(get(client, "/").httpVersion()).isEqualTo("HTTP/2");
            assertThat(proxy.targets()).hasSize(1);
        }
    }

    @Test
    void closingTheClientClosesConnectionsAndStreams() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        try (RawServer server = plain((peer) -> {
            peer.readRequest();
            asked.countDown();
            peer.hold();
        })) {
            ReactiveClient client = client(server);
            Mono<Response> call = client.get("/").cache();
            call.subscribe((response) -> {
            }, (ex) -> {
            });
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            client.close();
            failure(CancelledException.class, call);
            server.awaitOpen(0);
        }
    }

}
