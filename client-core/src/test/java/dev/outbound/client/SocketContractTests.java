package dev.outbound.client;

import dev.outbound.client.http.StreamedResponse;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ClientTimeoutException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TlsTimeoutException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.LaneException;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The promises of a call on real sockets, blocking and reactive from one body. Clients
 * have a single connection: a call that did not give its back would fail the next one.
 */
@Timeout(30)
class SocketContractTests {

    private static final Duration SHORT = Duration.ofMillis(200);

    private static final Duration LONG = Duration.ofSeconds(10);

    private static LaneClient client(EngineLane lane, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            builder.name("lab").maxConnections(1).timeout(LONG).total(LONG);
            settings.accept(builder);
        });
    }

    private static LaneClient client(EngineLane lane, RawServer server, Consumer<ClientBuilder> settings) {
        return client(lane, (builder) -> settings.accept(builder.baseUrl(server.url())));
    }

    /** Fail as told, within the limit's reach, and be fit for another call afterwards. */
    private static <T extends ClientTimeoutException> T assertTimesOut(Class<T> type, ThrowingCallable call) {
        long start = System.nanoTime();
        Throwable[] thrown = new Throwable[1];
        assertThatExceptionOfType(type).isThrownBy(call).satisfies((ex) -> thrown[0] = ex);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(150), LONG.dividedBy(2));
        return type.cast(thrown[0]);
    }

    private static void assertServesTheNext(LaneClient client) {
        assertThat(client.get("/", (spec) -> spec.timeout(LONG).total(LONG)).text()).isEqualTo("next");
    }

    private static void assertServesTheNext(Client client) {
        assertThat(client.get("/", (spec) -> spec.timeout(LONG).total(LONG)).text()).isEqualTo("next");
    }

    /** Takes no body of an upload, and answers everything else. */
    private static void stallUploads(Connection connection) throws Exception {
        String head = connection.readHead();
        if (head != null && head.startsWith("GET")) {
            connection.respond(200, "next");
        }
        connection.pause(Duration.ofSeconds(3));
    }

    private static Script respond(int status, String body, String... lines) {
        return (connection) -> connection.forEachRequest((request) -> connection.respond(status, body, lines));
    }

    private static Script answerAndHold(String answer) {
        return (connection) -> {
            connection.readRequest();
            connection.write(answer);
            connection.hold();
        };
    }

    @ParameterizedTest
    @EnumSource
    void sendsAHeadAsItIs(EngineLane lane) {
        StringBuilder bytes = new StringBuilder();
        for (char c = ' ' + 1; c <= 0xff; c++) {
            bytes.append((c != 0x7f) ? c : '\t');
        }
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            heads.add(request);
            connection.respond(200, "seen");
        })); LaneClient client = client(lane, server, (builder) -> {
        })) {
            FieldLines lines = FieldLines.builder()
                .add("Accept", "text/plain")
                .add("Accept-Encoding", "gzip")
                .add("user-agent", "lab")
                .add("X-Bytes", bytes.toString())
                .add("X-Twice", "1")
                .add("x-twice", "")
                .add("X-Long", "x".repeat(10_000))
                .build();
            String host = server.url().substring("http://".length());
            String rest = " HTTP/1.1\r\nHost: " + host + "\r\nConnection: keep-alive\r\nAccept: text/plain\r\n"
                    + "Accept-Encoding: gzip\r\nuser-agent: lab\r\nX-Bytes: " + bytes
                    + "\r\nX-Twice: 1\r\nx-twice: \r\nX-Long: " + "x".repeat(10_000) + "\r\n";
            for (String method : List.of("DELETE", "POST", "PURGE")) {
                client.request(HttpMethod.valueOf(method), "/a%20b?c=d&c", (spec) -> spec.headers(lines));
            }
            assertThat(heads).containsExactly("DELETE /a%20b?c=d&c" + rest + "\r\n",
                    "POST /a%20b?c=d&c" + rest + "Content-Length: 0\r\n\r\n", "PURGE /a%20b?c=d&c" + rest + "\r\n");
        }
    }

    /** U+010A is the end of a line, once it is cut to a byte. */
    @ParameterizedTest
    @EnumSource
    void sendsNoLineThatAnotherOneHidesIn(EngineLane lane) {
        FieldLines decoded = FieldLines.builder().add("X-A", "\u00c4\u008aX-B: c").build().decoded();
        assertThat(decoded.first("X-A")).isEqualTo("\u010aX-B: c");
        try (RawServer server = RawServer.start(respond(200, "next"));
                LaneClient client = client(lane, server,
                        (b) -> b.hook(Hook.onRequest((request) -> request.url().target().equals("/decoded")
                                ? request.withFields(decoded) : request)))) {
            assertThatExceptionOfType(LocalProtocolException.class).isThrownBy(() -> client.get("/decoded"))
                .withMessageContaining("the value of header X-A has a character beyond ISO-8859-1 at position 0");
            for (String hidden : List.of("\n", "\r\n", "\u010a")) {
                MediaType type = new MediaType("text", "plain", Map.of("a", "\"" + hidden + "X-B: c\""));
                assertThatExceptionOfType(LocalProtocolException.class)
                    .isThrownBy(() -> client.post("/", (spec) -> spec.body(RequestBody.bytes(new byte[1], type))))
                    .withMessageContaining("the media type of the body cannot be sent");
            }
            assertThat(server.requests()).isEmpty();
            assertServesTheNext(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void retriesThreeTimesOn503WithRetryAfter(EngineLane lane) {
        int[] count = { 0 };
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            if (++count[0] <= 3) {
                connection.respond(503, "busy", "Retry-After: 0");
            }
            else {
                connection.respond(200, "served");
            }
        })); LaneClient client = client(lane, server, (b) -> b.retry(RetryPolicy.fixed(3, Duration.ofMillis(100))))) {
            Response response = client.get("/a");
            assertThat(response.text()).isEqualTo("served");
            assertThat(response.context().attempt()).isEqualTo(4);
            assertThat(server.requests()).hasSize(4);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesNotRetryAPost(EngineLane lane) {
        try (RawServer server = RawServer.start(respond(503, "busy", "Retry-After: 0"));
                LaneClient client = client(lane, server, (b) -> b.retry(RetryPolicy.fixed(3, Duration.ofMillis(5))))) {
            assertThat(client.post("/a", (spec) -> spec.text("x")).statusCode()).isEqualTo(503);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void redirectsToAnotherOriginWithoutAuthorization(EngineLane lane) {
        try (RawServer other = RawServer.start(respond(200, "there"));
                RawServer server = RawServer.start(respond(302, "", "Location: " + other.url("/b")));
                LaneClient client = client(lane, server,
                        (b) -> b.auth(Auth.bearer("t0k"))
                            .header("X-Api-Key", "k")
                            .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5)))) {
            assertThat(client.get("/a").text()).isEqualTo("there");
            assertThat(server.requests().get(0)).contains("Authorization: Bearer t0k", "X-Api-Key: k");
            assertThat(other.requests().get(0)).doesNotContainIgnoringCase("authorization")
                .doesNotContainIgnoringCase("x-api-key");
        }
    }

    @ParameterizedTest
    @EnumSource
    void uploadsAndReadsChunkedBodies(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> connection
            .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")));
                LaneClient client = client(lane, server, (b) -> {
                })) {
            Response response = client.post("/a",
                    (spec) -> spec.body(RequestBody.stream(new java.io.ByteArrayInputStream(new byte[100_000]), -1)));
            assertThat(response.text()).isEqualTo("abcde");
            assertThat(server.requests().get(0)).containsIgnoringCase("transfer-encoding: chunked");
            client.post("/a", (spec) -> spec.multipart((parts) -> parts.file("f", "a.bin", new byte[100_000])));
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectTimesOut(EngineLane lane) {
        try (RawServer server = RawServer.blackHole();
                LaneClient client = client(lane, server, (b) -> b.timeouts(b.timeouts.withConnect(SHORT)))) {
            ConnectTimeoutException ex = assertTimesOut(ConnectTimeoutException.class, () -> client.get("/"));
            assertThat(ex.phase()).isEqualTo(Phase.CONNECT);
            assertTimesOut(ConnectTimeoutException.class, () -> client.get("/"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectTimesOutPerRequest(EngineLane lane) {
        try (RawServer server = RawServer.blackHole(); LaneClient client = client(lane, server, (b) -> {
        })) {
            assertTimesOut(ConnectTimeoutException.class, () -> client.get("/", (spec) -> spec.timeout(SHORT)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tlsTimesOut(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> connection.hold());
                LaneClient client = client(lane,
                        (b) -> b.baseUrl("https://127.0.0.1:" + server.port()).timeouts(b.timeouts.withTls(SHORT)))) {
            assertTimesOut(TlsTimeoutException.class, () -> client.get("/"));
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readTimesOutBeforeTheHead(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.hold();
        }, respond(200, "next")); LaneClient client = client(lane, server, (b) -> {
        })) {
            ReadTimeoutException ex = assertTimesOut(ReadTimeoutException.class,
                    () -> client.get("/", (spec) -> spec.timeout(SHORT)));
            assertThat(ex.phase()).isEqualTo(Phase.HEAD);
            assertServesTheNext(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readTimesOutWithinTheBody(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            connection.hold();
        }, respond(200, "next"));
                LaneClient client = client(lane, server, (b) -> b.timeouts(b.timeouts.withRead(SHORT)))) {
            ReadTimeoutException ex = assertTimesOut(ReadTimeoutException.class, () -> client.get("/"));
            assertThat(ex.phase()).isEqualTo(Phase.BODY);
            assertServesTheNext(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readTimesOutWithinAStream(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            connection.hold();
        }, respond(200, "next"));
                LaneClient client = client(lane, server, (b) -> b.timeouts(b.timeouts.withRead(SHORT)))) {
            assertTimesOut(ReadTimeoutException.class, () -> client.stream("/", (response) -> {
            }));
            assertServesTheNext(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writeTimesOut(EngineLane lane) {
        try (RawServer server = RawServer.start(SocketContractTests::stallUploads);
                LaneClient client = client(lane, server, (b) -> b.timeouts(b.timeouts.withWrite(SHORT)))) {
            assertTimesOut(WriteTimeoutException.class,
                    () -> client.post("/", (spec) -> spec.bytes(new byte[32 * 1024 * 1024])));
            assertServesTheNext(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void retriesAWriteThatTimedOut(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> connection.pause(Duration.ofSeconds(3)),
                respond(200, "next"));
                LaneClient client = client(lane, server,
                        (b) -> b.timeouts(b.timeouts.withWrite(SHORT)).retry(RetryPolicy.fixed(1, Duration.ZERO)))) {
            Response response = client.request(HttpMethod.PUT, "/", (spec) -> spec.bytes(new byte[32 * 1024 * 1024]));
            assertThat(response.text()).isEqualTo("next");
            assertThat(response.context().attempt()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void poolTimesOut(EngineLane lane) throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Void> release = new CompletableFuture<>();
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            release.get(5, TimeUnit.SECONDS);
            connection.respond(200, "late");
        })); LaneClient client = client(lane, server, (b) -> b.timeouts(b.timeouts.withPool(SHORT)))) {
            CompletableFuture<Response> holder = CompletableFuture.supplyAsync(() -> client.get("/"));
            server.awaitConnections(1);
            assertTimesOut(PoolTimeoutException.class, () -> client.get("/"));
            assertTimesOut(TotalTimeoutException.class,
                    () -> client.get("/", (spec) -> spec.timeout(LONG).total(SHORT)));
            release.complete(null);
            assertThat(holder.get(5, TimeUnit.SECONDS).text()).isEqualTo("late");
            assertThat(client.get("/").text()).isEqualTo("late");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void totalCutsATrickledHead(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.trickle("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(1000), Duration.ofMillis(20));
        }, respond(200, "next")); LaneClient client = client(lane, server, (b) -> {
        })) {
            assertTimesOut(TotalTimeoutException.class, () -> client.get("/", (spec) -> spec.total(SHORT)));
            assertServesTheNext(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void totalCutsATrickledBody(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            connection.trickle("x".repeat(1000), Duration.ofMillis(20));
        }, respond(200, "next")); LaneClient client = client(lane, server, (b) -> {
        })) {
            TotalTimeoutException ex = assertTimesOut(TotalTimeoutException.class,
                    () -> client.get("/", (spec) -> spec.total(SHORT)));
            assertThat(ex.phase()).isEqualTo(Phase.BODY);
            assertServesTheNext(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void totalCutsAStalledUpload(EngineLane lane) {
        try (RawServer server = RawServer.start(SocketContractTests::stallUploads);
                LaneClient client = client(lane, server, (b) -> {
                })) {
            assertTimesOut(TotalTimeoutException.class,
                    () -> client.post("/", (spec) -> spec.bytes(new byte[32 * 1024 * 1024]).total(SHORT)));
            assertServesTheNext(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void totalOfAStreamEndsWithItsHeadUnlessItIsLimited(EngineLane lane) {
        Script trickling = (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n");
            connection.trickle("x".repeat(20), Duration.ofMillis(20));
        };
        try (RawServer server = RawServer.start(trickling);
                LaneClient free = client(lane, server, (b) -> b.timeouts(b.timeouts.withTotal(SHORT)));
                LaneClient limited = client(lane, server, (b) -> b.timeouts(b.timeouts.withStreamTotal(SHORT)))) {
            assertThat(free.stream("/", (response) -> {
            })).isEqualTo(20);
            assertThat(assertTimesOut(TotalTimeoutException.class, () -> limited.stream("/", (response) -> {
            }))).hasMessageContaining(
                    "the body took longer than its limit 'stream-total' of " + SHORT.toMillis() + " ms");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsARefusedConnectionAndAnUnknownHost(EngineLane lane) {
        RawServer closed = RawServer.start((connection) -> {
        });
        closed.close();
        try (LaneClient client = client(lane, (b) -> {
        })) {
            assertThatExceptionOfType(ConnectionFailedException.class)
                .isThrownBy(() -> client.get(closed.url("/a?t=s3")))
                .withMessageContaining(
                        "of client 'lab': could not connect to 127.0.0.1:" + closed.port() + ": connection refused"
                                + (LaneException.REASON_OF_FAILED_CONNECT.isMadeBy(lane) ? " or no route" : "")
                                + " (phase connect, attempt 1")
                .withMessageNotContaining("s3");
            assertThatExceptionOfType(NameResolutionException.class)
                .isThrownBy(() -> client.get("http://nowhere.invalid/"))
                .withMessageContaining("nowhere.invalid");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsATruncatedBody(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        }, respond(200, "next")); LaneClient client = client(lane, server, (b) -> {
        })) {
            assertThatExceptionOfType(TruncatedBodyException.class).isThrownBy(() -> client.get("/"));
            assertServesTheNext(client);
        }
    }

    /** A server that keeps the connection open may never send the rest of it. */
    @ParameterizedTest
    @EnumSource
    void tellsWhatIsNotHttpAsSoonAsItIsKnown(EngineLane lane) {
        try (RawServer server = RawServer.start(answerAndHold("SSH-2.0"),
                answerAndHold("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz"),
                answerAndHold("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX T:"), respond(200, "next"));
                LaneClient client = client(lane, server, (b) -> {
                })) {
            assertThatExceptionOfType(RemoteProtocolException.class).isThrownBy(() -> client.get("/"))
                .withMessageContaining("the response is not HTTP: it begins with 'SSH-2.0'");
            assertThatExceptionOfType(RemoteProtocolException.class).isThrownBy(() -> client.get("/"))
                .withMessageContaining("the body has a chunk without a size");
            assertThatExceptionOfType(RemoteProtocolException.class).isThrownBy(() -> client.get("/"))
                .withMessageContaining("the body has a trailer that is not a field line");
            assertServesTheNext(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsBehindAResponseCostsNoOtherConnectionThanItsOwn(EngineLane lane) {
        try (RawServer server = RawServer.start(
                answerAndHold("HTTP/1.1 503 S\r\nRetry-After: 0\r\nContent-Length: 4\r\n\r\nbusy, and more"),
                respond(200, "next"));
                LaneClient client = client(lane, server, (b) -> b.retry(RetryPolicy.fixed(1, Duration.ZERO)))) {
            assertServesTheNext(client);
            assertServesTheNext(client);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavingALargeStreamIsQuickAndGivesTheConnectionBack(EngineLane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            byte[] chunk = new byte[64 * 1024];
            while (true) {
                connection.write(chunk);
            }
        }, respond(200, "next")); LaneClient client = client(lane, server, (b) -> {
        })) {
            long start = System.nanoTime();
            client.leave("/", 1024);
            assertServesTheNext(client);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void anInterruptedCallGivesItsConnectionBack() throws InterruptedException {
        for (String beginning : new String[] { "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf" }) {
            try (RawServer server = RawServer.start((connection) -> {
                connection.readRequest();
                connection.write(beginning);
                connection.hold();
            }, respond(200, "next"));
                    Client client = Client.builder().baseUrl(server.url()).maxConnections(1).build()) {
                CompletableFuture<Boolean> ended = new CompletableFuture<>();
                Thread caller = new Thread(() -> {
                    try {
                        client.get("/");
                        ended.complete(false);
                    }
                    catch (CancelledException ex) {
                        ended.complete(Thread.currentThread().isInterrupted());
                    }
                    catch (Throwable ex) {
                        ended.completeExceptionally(ex);
                    }
                });
                caller.start();
                server.awaitConnections(1);
                while (server.requests().isEmpty()) {
                    Thread.onSpinWait();
                }
                long start = System.nanoTime();
                caller.interrupt();
                caller.join(5000);
                assertThat(ended).isCompletedWithValue(true);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
                server.awaitOpen(0);
                assertServesTheNext(client);
            }
        }
    }

    @Test
    void anInterruptedReaderOfAStreamGivesItsConnectionBack() throws InterruptedException {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            connection.hold();
        }, respond(200, "next"));
                Client client = Client.builder().baseUrl(server.url()).maxConnections(1).timeout(LONG).build()) {
            CompletableFuture<Class<?>> ended = new CompletableFuture<>();
            CompletableFuture<Void> reading = new CompletableFuture<>();
            Thread caller = new Thread(() -> client.stream(HttpMethod.GET, "/", (spec) -> {
            }, (response) -> {
                try (InputStream body = response.body()) {
                    body.readNBytes(4);
                    reading.complete(null);
                    body.read();
                    return ended.complete(Void.class);
                }
                catch (java.io.IOException | ClientException ex) {
                    return ended.complete(ex.getClass());
                }
            }));
            caller.start();
            reading.join();
            caller.interrupt();
            caller.join(5000);
            assertThat(ended).isCompletedWithValue(CancelledException.class);
            server.awaitOpen(0);
            assertServesTheNext(client);
        }
    }

    @Test
    void aCancelledCallGivesItsConnectionBack() {
        for (String beginning : new String[] { "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf" }) {
            try (RawServer server = RawServer.start((connection) -> {
                connection.readRequest();
                connection.write(beginning);
                connection.hold();
            }, respond(200, "next"));
                    ReactiveClient client = ReactiveClient.builder()
                        .baseUrl(server.url())
                        .maxConnections(1)
                        .timeout(LONG)
                        .buildReactive()) {
                Disposable call = client.get("/").subscribe();
                server.awaitConnections(1);
                while (server.requests().isEmpty()) {
                    Thread.onSpinWait();
                }
                call.dispose();
                server.awaitOpen(0);
                Response next = client.get("/").block(LONG);
                assertThat(next).isNotNull();
                assertThat(next.text()).isEqualTo("next");
            }
        }
    }

    @Test
    void closingAStreamEndsAReadOfAnotherThread() throws Exception {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            connection.hold();
        }, respond(200, "next"));
                Client client = Client.builder().baseUrl(server.url()).maxConnections(1).timeout(LONG).build()) {
            StreamedResponse response = client.stream(HttpMethod.GET, "/");
            response.body().readNBytes(4);
            CompletableFuture<Class<?>> ended = CompletableFuture.supplyAsync(() -> {
                try {
                    response.body().read();
                    return Void.class;
                }
                catch (java.io.IOException | RuntimeException ex) {
                    return ex.getClass();
                }
            });
            // It is about to read, which nothing shows from outside.
            assertThat(ended).failsWithin(Duration.ofMillis(100));
            long start = System.nanoTime();
            response.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertThat(ended).succeedsWithin(Duration.ofSeconds(2)).isEqualTo(CancelledException.class);
            server.awaitOpen(0);
            assertServesTheNext(client);
        }
    }

    @Test
    void clientsOfAdaptersSendTheirDefaultHeaders() {
        try (RawServer server = RawServer.start(respond(200, "ok"))) {
            for (org.springframework.http.client.ClientHttpRequestFactory factory : java.util.List.of(
                    new org.springframework.http.client.JdkClientHttpRequestFactory(),
                    new org.springframework.http.client.SimpleClientHttpRequestFactory(),
                    new org.springframework.http.client.HttpComponentsClientHttpRequestFactory())) {
                Client client = Client.builder()
                    .baseUrl(server.url())
                    .transport(dev.outbound.client.transport.spring.RequestFactoryTransport.of(factory))
                    .build();
                assertThat(client.get("/").text()).isEqualTo("ok");
            }
            ReactiveClient reactive = ReactiveClient.builder()
                .baseUrl(server.url())
                .reactiveTransport(dev.outbound.client.transport.spring.ConnectorTransport
                    .of(new org.springframework.http.client.reactive.JdkClientHttpConnector()))
                .buildReactive();
            Response response = reactive.get("/").block(LONG);
            assertThat(response).isNotNull();
            assertThat(response.text()).isEqualTo("ok");
        }
    }

    @Test
    void aBlockingCallOnAPooledConnectionStaysOnItsThread() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory
            .getThreadMXBean();
        Thread[] writer = new Thread[1];
        RequestBody body = new RequestBody() {

            @Override
            public org.springframework.http.MediaType contentType() {
                return org.springframework.http.MediaType.TEXT_PLAIN;
            }

            @Override
            public void writeTo(java.io.OutputStream out) throws java.io.IOException {
                writer[0] = Thread.currentThread();
                out.write('x');
            }

        };
        try (RawServer server = RawServer.start(respond(200, "ok"));
                Client client = Client.builder().baseUrl(server.url()).build()) {
            client.get("/");
            long started = threads.getTotalStartedThreadCount();
            for (int i = 0; i < 200; i++) {
                assertThat(client.post("/", (spec) -> spec.body(body)).text()).isEqualTo("ok");
                assertThat(writer[0]).isSameAs(Thread.currentThread());
            }
            assertThat(server.connections()).isEqualTo(1);
            // Not one for each call; what other tests leave behind may start one or two.
            assertThat(threads.getTotalStartedThreadCount() - started).isLessThan(20);
        }
    }

}
