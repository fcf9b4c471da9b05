package dev.outbound.client;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import reactor.core.Disposable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.Http2Peer;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.LaneException;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.Http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every lane makes of bytes that are not as they should be, and what it sends.
 */
@Timeout(30)
class EngineContractTests {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext";

    private static LaneClient client(EngineLane lane, RawServer server) {
        return client(lane, server, (builder) -> {
        });
    }

    private static LaneClient client(EngineLane lane, RawServer server, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> settings.accept(builder.baseUrl(server.url()).maxConnections(1)));
    }

    /** Answers the first connection as told, and all others well. */
    private static RawServer answering(String answer) {
        return RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(answer);
            connection.hold();
        }, (connection) -> connection.forEachRequest((request) -> connection.write(OK)));
    }

    private static void assertFails(EngineLane lane, Class<? extends RequestException> type, String... answers) {
        for (String answer : answers) {
            try (RawServer server = answering(answer); LaneClient client = client(lane, server)) {
                assertThatExceptionOfType(type).as(answer.substring(0, Math.min(80, answer.length())))
                    .isThrownBy(() -> client.get("/"));
                assertThat(client.get("/").text()).isEqualTo("next");
                server.awaitOpen(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeadThatIsNotHttpIsRefused(EngineLane lane) {
        assertFails(lane, RemoteProtocolException.class, "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 20x OK\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n");
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatCannotBeDelimitedIsRefused(EngineLane lane) {
        assertFails(lane, RemoteProtocolException.class,
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nabcd");
    }

    @ParameterizedTest
    @EnumSource(names = "JDK_.*", mode = Mode.MATCH_ALL)
    void theJdkRefusesFoldedLinesAndBadChunks(EngineLane lane) {
        assertFails(lane, RemoteProtocolException.class, "HTTP/1.1 200 OK\r\nContent-Length : 4\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: 4\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\n X: a\r\nContent-Length: 4\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 4\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabcd\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabcd\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcdX\r\n0\r\n\r\n");
        assertFails(lane, LimitExceededException.class,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;" + "x".repeat(3000) + "\r\nabcd\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @EnumSource
    void aHeadThatIsTooLargeIsRefused(EngineLane lane) {
        assertFails(lane, LimitExceededException.class,
                "HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(70_000) + "\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(300) + "Content-Length: 0\r\n\r\n");
    }

    @ParameterizedTest
    @EnumSource
    void interimResponsesArePassedOverUpToALimit(EngineLane lane) {
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        try (RawServer server = answering(hints.repeat(8) + OK); LaneClient client = client(lane, server)) {
            assertThat(client.get("/").text()).isEqualTo("next");
        }
        assertFails(lane, RemoteProtocolException.class, hints.repeat(9) + OK);
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "JDK_BLOCKING" })
    void callsMayBlockAllOfTheCommonPool(EngineLane lane) {
        RawServer closed = RawServer.start((connection) -> {
        });
        closed.close();
        try (LaneClient client = client(lane, closed, (builder) -> builder.maxConnections(100))) {
            List<CompletableFuture<Response>> calls = Stream
                .generate(() -> CompletableFuture.supplyAsync(() -> client.get("/"), ForkJoinPool.commonPool()))
                .limit(2L * ForkJoinPool.getCommonPoolParallelism())
                .toList();
            calls.forEach((call) -> assertThat(call).failsWithin(Duration.ofSeconds(3))
                .withThrowableThat()
                .withCauseInstanceOf(ConnectionFailedException.class));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSecondResponseIsNeverGivenToTheNextRequest(EngineLane lane) {
        try (RawServer server = answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst"
                + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"); LaneClient client = client(lane, server)) {
            assertThat(client.get("/").text()).isEqualTo("first");
            assertThat(client.get("/").text()).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsBehindAResponseDoesNotBeginTheNext(EngineLane lane) {
        for (List<String> answer : List.of(List.of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirstpoison"),
                List.of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst\r\npoison"),
                List.of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n0\r\n\r\npoison"),
                // The decoder of Netty has a rest of its own when the end comes.
                List.of("HTTP/1.1 200 OK\r\nContent-Le", "ngth: 5\r\n\r\nfirstpoison"),
                List.of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r", "\n0\r\n\r\npoison"))) {
            try (RawServer server = RawServer.start((connection) -> {
                connection.readRequest();
                for (String part : answer) {
                    connection.write(part);
                    connection.pause(Duration.ofMillis(20));
                }
                connection.hold();
            }, (connection) -> connection.forEachRequest((request) -> connection.write(OK)));
                    LaneClient client = client(lane, server)) {
                assertThat(client.get("/").text()).as(answer.toString()).isEqualTo("first");
                assertThat(client.get("/").text()).as(answer.toString()).isEqualTo("next");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorBodyThatCannotBeReadForAMessageHoldsNoConnection(EngineLane lane) {
        for (String answer : List.of("HTTP/1.1 500 No\r\nContent-Length: 99\r\n\r\nhalf",
                "HTTP/1.1 500 No\r\nContent-Length: 9\r\nContent-Encoding: gzip\r\n\r\nno gzip..")) {
            try (RawServer server = RawServer.start((connection) -> {
                connection.readRequest();
                connection.write(answer);
                if (answer.endsWith("half")) {
                    connection.fin();
                }
                else {
                    connection.forEachRequest((request) -> connection.write(OK));
                }
                connection.hold();
            }, (connection) -> connection.forEachRequest((request) -> connection.write(OK)));
                    LaneClient client = client(lane, server, (builder) -> builder.raiseForStatus(true))) {
                assertThatExceptionOfType(StatusException.class).as(answer)
                    .isThrownBy(() -> client.stream("/", (response) -> {
                    }))
                    .satisfies((failure) -> assertThat(failure.getSuppressed())
                        .filteredOn(RequestException.class::isInstance)
                        .hasSize(1));
                assertThat(client.get("/").text()).isEqualTo("next");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBodyOfAnAnswerToHeadIsNotTheNextResponse(EngineLane lane) {
        try (RawServer server = answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                LaneClient client = client(lane, server)) {
            Response head = client.request(HttpMethod.HEAD, "/", (spec) -> {
            });
            assertThat(head.text()).isEmpty();
            assertThat(head.headers().getFirst("Content-Length")).isEqualTo("6");
            assertThat(client.get("/").text()).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    void bodiesThatEndTooEarlyAreTruncated(EngineLane lane) {
        for (String answer : List.of("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")) {
            try (RawServer server = RawServer.start((connection) -> {
                connection.readRequest();
                connection.write(answer);
            }); LaneClient client = client(lane, server)) {
                assertThatExceptionOfType(TruncatedBodyException.class).as(answer).isThrownBy(() -> client.get("/"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyMayEndWithItsConnection(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.0 200 Fine\r\nX-Case: a\r\n\r\nall of it");
        }); LaneClient client = client(lane, server)) {
            Response response = client.get("/");
            assertThat(response.text()).isEqualTo("all of it");
            assertThat(response.reasonPhrase()).isEqualTo("Fine");
            assertThat(response.httpVersion()).isEqualTo("HTTP/1.0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEarlyAnswerToAnUploadIsTheResponse(EngineLane lane) {
        byte[] large = new byte[4_000_000];
        List<RequestBody> bodies = List.of(RequestBody.bytes(large),
                RequestBody.stream(new ByteArrayInputStream(large), -1),
                RequestBody.stream(new ByteArrayInputStream(large), large.length));
        for (RequestBody body : bodies) {
            try (RawServer server = RawServer.start((connection) -> {
                connection.readHead();
                connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                // It goes on reading, see LaneException.EARLY_ANSWER.
                connection.hold();
            }); LaneClient client = client(lane, server)) {
                Response response = client.post("/", (spec) -> spec.body(body));
                assertThat(response.statusCode()).isEqualTo(413);
                assertThat(response.text()).isEqualTo("big");
            }
        }
    }

    /** The server reads on, for it would take a reset for a lost answer. */
    @ParameterizedTest
    @EnumSource
    void anEarlyRefusalEndsTheUploadAndTheConnection(EngineLane lane) {
        if (LaneException.EARLY_ANSWER.isMadeBy(lane)) {
            return;
        }
        byte[] large = new byte[64 * 1024 * 1024];
        for (RequestBody body : List.of(RequestBody.bytes(large),
                RequestBody.stream(new ByteArrayInputStream(large), -1))) {
            AtomicLong read = new AtomicLong();
            try (RawServer server = RawServer.start((connection) -> {
                connection.readHead();
                connection.write("HTTP/1.1 103 Early Hints\r\n\r\n");
                connection.pause(Duration.ofMillis(30));
                connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                byte[] buffer = new byte[16 * 1024];
                for (int count = connection.read(buffer); count >= 0; count = connection.read(buffer)) {
                    read.addAndGet(count);
                    connection.pause(Duration.ofMillis(2));
                }
            }, (connection) -> connection.forEachRequest((request) -> connection.write(OK)));
                    LaneClient client = client(lane, server)) {
                Response response = client.post("/", (spec) -> spec.body(body));
                assertThat(response.statusCode()).isEqualTo(413);
                assertThat(response.text()).isEqualTo("big");
                server.awaitOpen(0);
                assertThat(read.get()).isLessThan(large.length / 2);
                assertThat(client.get("/").text()).isEqualTo("next");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestIsSentAsItIs(EngineLane lane) {
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.write(OK)));
                LaneClient client = client(lane, server, (builder) -> builder.withoutHeader("User-Agent"))) {
            client.get("/a|b?q=%20", (spec) -> spec.header("x-LOWER", "1").header("Cookie", "a=b"));
            client.request(HttpMethod.DELETE, "/", (spec) -> spec.text("body"));
            assertThat(server.requests().get(0)).contains("\r\nHost: 127.0.0.1:" + server.port() + "\r\n")
                .contains("\r\nx-LOWER: 1\r\n", "\r\nCookie: a=b\r\n", "\r\nConnection: keep-alive\r\n")
                .doesNotContainIgnoringCase("user-agent")
                .doesNotContainIgnoringCase("upgrade")
                .doesNotContainIgnoringCase("http2-settings")
                .doesNotContainIgnoringCase("content-length")
                .doesNotContain("outbound-attempt");
            assertThat(server.requests().get(1)).startsWith("DELETE / HTTP/1.1\r\n")
                .containsIgnoringCase("content-length: 4");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "JDK_.*", mode = Mode.MATCH_ALL)
    void theJdkTakesNoCutConnectionOfTlsForTheEndOfABody(EngineLane lane) {
        TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
        try (RawServer server = RawServer.start(certificates.server(), (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.0 200 OK\r\n\r\nhalf");
            connection.fin();
            connection.hold();
        }); LaneClient client = client(lane, server, (builder) -> builder.sslContext(certificates.client()))) {
            assertThatExceptionOfType(TruncatedBodyException.class).isThrownBy(() -> client.get("/"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tlsIsVerified(EngineLane lane) {
        TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
        try (RawServer server = RawServer.start(certificates.server(),
                (connection) -> connection.forEachRequest((request) -> connection.write(OK)));
                LaneClient trusting = client(lane, server, (builder) -> builder.sslContext(certificates.client()));
                LaneClient other = client(lane, server)) {
            assertThat(trusting.get("/").text()).isEqualTo("next");
            assertThat(trusting.post("/", (spec) -> spec.bytes(new byte[100_000])).text()).isEqualTo("next");
            assertThat(server.connections()).isEqualTo(1);
            assertThatExceptionOfType(CertificateRejectedException.class).isThrownBy(() -> other.get("/"));
        }
        try (RawServer plain = RawServer.start((connection) -> {
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
            connection.hold();
        }); LaneClient client = lane.client((builder) -> builder.baseUrl("https://127.0.0.1:" + plain.port()))) {
            assertThatExceptionOfType(TlsException.class).isThrownBy(() -> client.get("/"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "JDK_.*", mode = Mode.MATCH_ALL)
    void theJdkSpeaksHttp2WhereItIsOffered(EngineLane lane) {
        TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
        Consumer<ClientBuilder> settings = (builder) -> builder.sslContext(certificates.client())
            .http2(Http2.NEGOTIATED);
        try (RawServer server = RawServer.start(ServerTls.of(certificates.server()).offering("h2"),
                Http2Peer.script((peer) -> peer.forEachRequest((request) -> {
                    String body = request.ended() ? "" : new String(peer.awaitFrame(Http2Peer.DATA).payload());
                    peer.respond(request.stream(), 200, request.fields() + body);
                })));
                RawServer old = RawServer.start(certificates.server(),
                        (connection) -> connection.forEachRequest((request) -> connection.write(OK)));
                LaneClient client = client(lane, server, settings);
                LaneClient other = client(lane, old, settings)) {
            Response response = client.get("/a?b=c");
            assertThat(response.httpVersion()).isEqualTo("HTTP/2");
            assertThat(response.text()).contains(":path=/a?b=c", ":authority=127.0.0.1:" + server.port())
                .doesNotContain("outbound-attempt", "connection=");
            assertThat(client.post("/", (spec) -> spec.text("sent")).text()).contains(":method=POST").endsWith("sent");
            assertThat(server.connections()).isEqualTo(1);
            assertThat(other.get("/").httpVersion()).isEqualTo("HTTP/1.1");
            assertThat(other.post("/", (spec) -> spec.text("x")).text()).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "JDK_.*", mode = Mode.MATCH_ALL)
    void theJdkClosesIdleConnectionsOfHttp2(EngineLane lane) {
        TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
        try (RawServer server = RawServer.start(ServerTls.of(certificates.server()).offering("h2"),
                Http2Peer
                    .script((peer) -> peer.forEachRequest((request) -> peer.respond(request.stream(), 200, "h2"))));
                LaneClient client = client(lane, server,
                        (builder) -> builder.sslContext(certificates.client())
                            .http2(Http2.NEGOTIATED)
                            .keepAlive(Duration.ofMillis(200), null))) {
            for (int connections = 1; connections <= 2; connections++) {
                assertThat(client.get("/").text()).isEqualTo("h2");
                assertThat(server.connections()).isEqualTo(connections);
                server.awaitOpen(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "JDK_.*", mode = Mode.MATCH_ALL)
    void aResetStreamOfHttp2IsALostConnectionAndASilentOneTimesOut(EngineLane lane) {
        TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
        try (RawServer server = RawServer.start(ServerTls.of(certificates.server()).offering("h2"),
                Http2Peer.script((peer) -> {
                    peer.reset(peer.readRequest().stream(), Http2Peer.INTERNAL_ERROR);
                    peer.readRequest();
                    peer.hold();
                }));
                LaneClient client = client(lane, server,
                        (builder) -> builder.sslContext(certificates.client())
                            .http2(Http2.NEGOTIATED)
                            .timeouts(builder.timeouts.withRead(Duration.ofMillis(200))))) {
            assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> client.get("/"));
            assertThatExceptionOfType(ReadTimeoutException.class).isThrownBy(() -> client.get("/"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "JDK" })
    void anInterruptEndsACallWithinATenthOfASecond(Engine engine) throws InterruptedException {
        try (RawServer server = answering("");
                Client client = Client.builder().baseUrl(server.url()).engine(engine).build()) {
            CompletableFuture<Boolean> ended = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    client.get("/");
                    ended.complete(false);
                }
                catch (CancelledException ex) {
                    ended.complete(Thread.currentThread().isInterrupted());
                }
            });
            caller.start();
            while (server.requests().isEmpty()) {
                Thread.onSpinWait();
            }
            long start = System.nanoTime();
            caller.interrupt();
            assertThat(ended).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(true);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(300));
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "REACTOR", "JDK" })
    void aCancelledCallClosesItsConnection(Engine engine) {
        for (String beginning : List.of("", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")) {
            try (RawServer server = answering(beginning);
                    ReactiveClient client = ReactiveClient.builder()
                        .baseUrl(server.url())
                        .engine(engine)
                        .maxConnections(1)
                        .buildReactive()) {
                Disposable call = client.get("/").subscribe();
                while (server.requests().isEmpty()) {
                    Thread.onSpinWait();
                }
                call.dispose();
                server.awaitOpen(0);
                Response next = client.get("/").block(Duration.ofSeconds(5));
                assertThat(next).isNotNull();
                assertThat(next.text()).isEqualTo("next");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "JDK_.*", mode = Mode.MATCH_ALL)
    void aClosedClientOfTheJdkLeavesNoThread(EngineLane lane) throws InterruptedException {
        Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
        try (RawServer server = answering(OK)) {
            LaneClient unused = client(lane, server);
            assertThat(enginesThreads(before)).as("before the first call").isEmpty();
            unused.close();
            LaneClient client = client(lane, server);
            client.get("/");
            assertThat(enginesThreads(before)).isNotEmpty().allMatch(Thread::isDaemon);
            client.close();
            server.awaitOpen(0);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (!enginesThreads(before).isEmpty() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(enginesThreads(before)).isEmpty();
        }
    }

    private static List<Thread> enginesThreads(Set<Thread> before) {
        return Thread.getAllStackTraces()
            .keySet()
            .stream()
            .filter((thread) -> !before.contains(thread))
            .filter((thread) -> thread.getName().startsWith("outbound-jdk-")
                    || thread.getName().startsWith("HttpClient-"))
            .toList();
    }

    /** The JDK itself gives no answer away before it has sent all. */
    @ParameterizedTest
    @EnumSource(names = "JDK_.*", mode = Mode.MATCH_ALL)
    void theJdkEndsAnUploadThatIsRefused(EngineLane lane) {
        byte[] large = new byte[32 * 1024 * 1024];
        for (RequestBody body : List.of(RequestBody.bytes(large),
                RequestBody.stream(new ByteArrayInputStream(large), -1))) {
            AtomicInteger read = new AtomicInteger();
            try (RawServer server = RawServer.start((connection) -> {
                connection.readHead();
                connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                byte[] buffer = new byte[16 * 1024];
                for (int count = connection.read(buffer); count >= 0; count = connection.read(buffer)) {
                    read.addAndGet(count);
                    connection.pause(Duration.ofMillis(1));
                }
            }, (connection) -> connection.forEachRequest((request) -> connection.write(OK)));
                    LaneClient client = client(lane, server)) {
                Response response = client.post("/", (spec) -> spec.body(body));
                assertThat(response.statusCode()).isEqualTo(413);
                assertThat(response.text()).isEqualTo("big");
                server.awaitOpen(0);
                assertThat(read.get()).isLessThan(large.length / 2);
                assertThat(client.get("/").text()).isEqualTo("next");
            }
        }
    }

}
