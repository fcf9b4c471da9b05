package dev.outbound.client.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.springframework.http.HttpMethod;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.Http2Peer;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TcpProxy;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.Http2;

import static dev.outbound.client.faults.Cell.SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Section J: HTTP/2 over TLS (RFC 9113), where the engine has it.
 */
@Rows
class Http2FaultTests {

    private static final TestCertificates LOCAL = TestCertificates.of("ip:127.0.0.1,dns:localhost");

    private static final Http2Peer.Http2Script GOES = (peer) -> {
        peer.readRequest();
        peer.goAway(0, Http2Peer.NO_ERROR);
        peer.hold();
    };

    private static final Script GONE = Http2Peer.script(GOES);

    /** Whether the connection goes on after a fault. */
    private enum After {

        REUSED, EVICTED

    }

    private static RawServer server(Cell cell, Script first, Script... next) {
        return cell.server(ServerTls.of(LOCAL.server()).offering("h2"), first, next);
    }

    private static Consumer<ClientBuilder> http2(Consumer<ClientBuilder> settings) {
        return (builder) -> settings.accept(builder.http2(Http2.NEGOTIATED).sslContext(LOCAL.client()));
    }

    private static LaneClient client(Cell cell, RawServer server, Consumer<ClientBuilder> settings) {
        return cell.client(server, http2(settings));
    }

    private static LaneClient client(Cell cell, RawServer server) {
        return client(cell, server, (builder) -> {
        });
    }

    /** The JDK's client, of which some versions cannot do what others can. */
    private static boolean isJdk(Cell cell, String cannot) {
        boolean jdk = cell.lane().engine() == Engine.JDK;
        if (jdk) {
            cell.cannot(cannot);
        }
        return jdk;
    }

    /** Check that a call has ended, in whatever way the version of the JDK has it. */
    private static void ends(LaneClient client) {
        Throwable thrown = catchThrowable(() -> client.get("/", (spec) -> spec.timeout(SHORT)));
        assertThat(thrown).satisfiesAnyOf((none) -> assertThat(none).isNull(),
                (failure) -> assertThat(failure).isInstanceOf(RequestException.class));
    }

    /** For two calls at a time: the JDK's lane limits calls, not connections. */
    private static Consumer<ClientBuilder> oneConnection(Cell cell) {
        return (builder) -> builder.maxConnections((cell.lane().engine() == Engine.JDK) ? 2 : 1);
    }

    private static void serve(Http2Peer peer) throws Exception {
        peer.forEachRequest((request) -> peer.respond(request.stream(), 200, "next"));
    }

    private static Script serving(int... settings) {
        return Http2Peer.script(Http2FaultTests::serve, settings);
    }

    /** As {@link Cell#breaks}; the fault is told of the first request. */
    private static <T extends ClientException> T breaks(Cell cell, Http2Peer.Http2Script fault, Class<T> type,
            Phase phase, Cell.Retry retry, After after) {
        Script first = Http2Peer.script((peer) -> {
            fault.run(peer);
            serve(peer);
        });
        RawServer server = server(cell, first, serving());
        LaneClient client = client(cell, server);
        T failure = cell.fails(type, phase, () -> client.get("/"));
        if (after == After.REUSED) {
            cell.reused(server, client);
        }
        else {
            cell.evicted(server, client);
        }
        repeats(cell, HttpMethod.GET, retry != Cell.Retry.NEVER, first, type);
        repeats(cell, HttpMethod.POST, retry == Cell.Retry.ALWAYS, first, type);
        return failure;
    }

    private static <T extends ClientException> void repeats(Cell cell, HttpMethod method, boolean repeated,
            Script first, Class<T> type) {
        RawServer server = server(cell, first, serving());
        LaneClient client = client(cell, server, (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ZERO)));
        Running call = Running.start(client, method, "/", (spec) -> {
        });
        if (repeated) {
            Response response = call.response();
            assertThat(response.text()).isEqualTo("next");
            if (cell.lane().engine() != Engine.JDK) {
                assertThat(response.context().attempt()).as("attempts of %s", method).isEqualTo(2);
            }
        }
        else {
            assertThat(call.failure()).as("%s", method).isInstanceOf(type);
        }
    }

    private static void flood(Http2Peer peer, int times, int type, int stream, byte... payload) throws IOException {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            frames.writeBytes(Http2Peer.frame(type, 0, stream, payload));
            if (frames.size() > 8_000) {
                peer.connection().write(frames.toByteArray());
                frames.reset();
            }
        }
        peer.connection().write(frames.toByteArray());
    }

    @Row(id = "J1", when = "GOAWAY says that the request was not processed",
            then = "ConnectionLostException, phase pool; calls of every method are retried, on another connection")
    void goAwayBeforeRequest(Cell cell) {
        if (isJdk(cell, "before Java 24 the JDK's client does not tell which streams a GOAWAY leaves")) {
            RawServer server = server(cell, GONE, serving());
            ends(client(cell, server));
            repeats(cell, HttpMethod.GET, true, GONE, ConnectionLostException.class);
            return;
        }
        breaks(cell, GOES, ConnectionLostException.class, Phase.POOL, Cell.Retry.ALWAYS, After.EVICTED);
    }

    @Row(id = "J2", when = "GOAWAY says that the request is processed, and the answer comes",
            then = "The answer; the next call takes another connection")
    void goAwayBehindRequest(Cell cell) {
        RawServer server = server(cell, Http2Peer.script((peer) -> {
            Http2Peer.Request request = peer.readRequest();
            peer.goAway(request.stream(), Http2Peer.NO_ERROR);
            peer.respond(request.stream(), 200, "answer");
            peer.hold();
        }), serving());
        LaneClient client = client(cell, server);
        if (isJdk(cell, "before Java 24 the JDK's client ends all streams at a GOAWAY")) {
            ends(client);
            Cell.served(client);
            return;
        }
        assertThat(client.get("/").text()).isEqualTo("answer");
        server.awaitOpen(0);
        cell.evicted(server, client);
    }

    @Row(id = "J3", when = "GOAWAY ENHANCE_YOUR_CALM, and the end of the connection",
            then = "ConnectionLostException, phase head; idempotent calls are retried; the pause is the policy's")
    void calm(Cell cell) {
        breaks(cell, (peer) -> {
            peer.goAway(peer.readRequest().stream(), Http2Peer.ENHANCE_YOUR_CALM);
            throw new SocketException("as asked for");
        }, ConnectionLostException.class, Phase.HEAD, Cell.Retry.IDEMPOTENT, After.EVICTED);
    }

    @Row(id = "J4", when = "RST_STREAM REFUSED_STREAM",
            then = "ConnectionLostException, phase pool; calls of every method are retried; connection used again")
    void refusedStream(Cell cell) {
        if (isJdk(cell, "since Java 24 the JDK's client sends a refused request without a body again itself")
                && Runtime.version().feature() >= 24) {
            Script refusing = Http2Peer.script((peer) -> {
                peer.reset(peer.readRequest().stream(), Http2Peer.REFUSED_STREAM);
                serve(peer);
            });
            assertThat(client(cell, server(cell, refusing, serving())).get("/").text()).isEqualTo("next");
            LaneClient posting = client(cell, server(cell, refusing, serving()));
            cell.fails(ConnectionLostException.class, Phase.HEAD, () -> posting.post("/", (spec) -> spec.text("x")));
            return;
        }
        breaks(cell, (peer) -> peer.reset(peer.readRequest().stream(), Http2Peer.REFUSED_STREAM),
                ConnectionLostException.class, Phase.POOL, Cell.Retry.ALWAYS, After.REUSED);
    }

    @Row(id = "J5", when = "RST_STREAM INTERNAL_ERROR, CANCEL within the body; another stream is open",
            then = "ConnectionLostException, phase body; idempotent calls are retried; the other stream goes on")
    void resetInBody(Cell cell) {
        for (int code : new int[] { Http2Peer.INTERNAL_ERROR, Http2Peer.CANCEL }) {
            ConnectionLostException failure = breaks(cell, (peer) -> {
                int stream = peer.readRequest().stream();
                peer.headers(stream, false, 200);
                peer.data(stream, false, "half");
                peer.ping();
                peer.reset(stream, code);
            }, ConnectionLostException.class, Phase.BODY, Cell.Retry.IDEMPOTENT, After.REUSED);
            assertThat(failure.getMessage()).containsIgnoringCase((code == Http2Peer.CANCEL) ? "cancel" : "internal");
        }
        RawServer server = server(cell, Http2Peer.script((peer) -> {
            peer.respond(peer.readRequest().stream(), 200, "warm");
            int broken = peer.readRequest().stream();
            int other = peer.readRequest().stream();
            peer.headers(broken, false, 200);
            peer.headers(other, false, 200);
            peer.reset(broken, Http2Peer.INTERNAL_ERROR);
            peer.data(other, true, "whole");
            serve(peer);
        }));
        LaneClient client = client(cell, server, oneConnection(cell));
        assertThat(client.get("/").text()).isEqualTo("warm");
        Running first = Running.get(client, "/1");
        Running second = Running.get(client, "/2");
        List<Running> calls = new ArrayList<>(List.of(first, second));
        Cell.await(() -> first.isDone() && second.isDone(), () -> "a call hangs");
        calls.removeIf((call) -> call.isFailed());
        assertThat(calls).singleElement().satisfies((call) -> assertThat(call.response().text()).isEqualTo("whole"));
        cell.reused(server, client);
    }

    @Row(id = "J6", when = "RST_STREAM NO_ERROR behind the whole response, with the request half sent",
            then = "The response; connection used again")
    void resetBehindResponse(Cell cell) {
        RawServer server = server(cell, Http2Peer.script((peer) -> {
            for (int i = 0; i < 2; i++) {
                int stream = peer.readRequest().stream();
                peer.respond(stream, 200, "whole");
                peer.reset(stream, Http2Peer.NO_ERROR);
            }
            serve(peer);
        }));
        LaneClient client = client(cell, server);
        assertThat(client.get("/").text()).isEqualTo("whole");
        if (isJdk(cell, "the JDK's client looks at the response behind the request")) {
            // Since Java 24 at its leisure, before never.
            Throwable thrown = catchThrowable(
                    () -> assertThat(client.post("/", (spec) -> spec.text("x".repeat(200_000)).timeout(SHORT)).text())
                        .isEqualTo("whole"));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(RequestException.class);
            }
        }
        else {
            assertThat(client.post("/", (spec) -> spec.text("x".repeat(200_000))).text()).isEqualTo("whole");
        }
        cell.reused(server, client);
    }

    @Row(id = "J7", when = "RST_STREAM HTTP_1_1_REQUIRED",
            then = "ConnectionLostException, phase pool; calls of every method are retried, with HTTP/1.1")
    void http11Required(Cell cell) {
        for (HttpMethod method : new HttpMethod[] { HttpMethod.GET, HttpMethod.POST }) {
            RawServer server = cell.server(ServerTls.of(LOCAL.server()).offering("h2", "http/1.1"),
                    Http2Peer.script((peer) -> peer
                        .forEachRequest((request) -> peer.reset(request.stream(), Http2Peer.HTTP_1_1_REQUIRED))),
                    Cell.next());
            LaneClient client = client(cell, server, (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ZERO)));
            Response response = client.request(method, "/", (spec) -> {
            });
            assertThat(response.text()).isEqualTo("next");
            assertThat(response.httpVersion()).isEqualTo("HTTP/1.1");
            assertThat(client.get("/").httpVersion()).isEqualTo("HTTP/1.1");
        }
    }

    @Row(id = "J8", when = "The server's window stays closed in an upload",
            then = "WriteTimeoutException; idempotent calls are retried; the stream is reset, the connection used again")
    void closedWindow(Cell cell) {
        AtomicInteger reset = new AtomicInteger();
        RawServer server = server(cell, Http2Peer.script((peer) -> {
            peer.readRequest();
            reset.set(peer.awaitFrame(Http2Peer.RST_STREAM).stream());
            serve(peer);
        }, Http2Peer.INITIAL_WINDOW_SIZE, 0));
        LaneClient client = client(cell, server, (builder) -> builder.timeouts(Cell.LIMITS.withWrite(SHORT)));
        cell.timesOut(WriteTimeoutException.class, Phase.WRITE,
                () -> client.post("/", (spec) -> spec.text("x".repeat(100_000))));
        Cell.await(() -> reset.get() > 0, () -> "the stream was not reset");
        cell.reused(server, client);
    }

    @Row(id = "J9", when = "The caller does not read one response, of 1 MB", then = "Others on the connection go on")
    void unreadStream(Cell cell) {
        RawServer server = server(cell, Http2Peer.script((peer) -> {
            int unread = peer.readRequest().stream();
            peer.headers(unread, false, 200);
            // As much as the stream's window takes before the client gives more.
            for (int i = 0; i < 4; i++) {
                peer.data(unread, false, "x".repeat(16_000));
            }
            peer.forEachRequest((request) -> {
                peer.headers(request.stream(), false, 200);
                for (int i = 0; i < 3; i++) {
                    peer.data(request.stream(), i == 2, "x".repeat(16_000));
                }
            });
        }));
        LaneClient client = client(cell, server, oneConnection(cell));
        Runnable close = PoolFaultTests.open(client);
        for (int i = 0; i < 3; i++) {
            assertThat(client.get("/" + i).bytes()).hasSize(48_000);
        }
        assertThat(server.connections()).isEqualTo(1);
        close.run();
    }

    @Row(id = "J10", when = "The server sends no SETTINGS, and then nothing",
            then = "ConnectTimeoutException, phase connect; calls of every method are retried; connection closed")
    void noSettings(Cell cell) {
        Script silent = Http2Peer.silent((peer) -> peer.connection().hold());
        RawServer server = server(cell, silent, serving());
        if (isJdk(cell, "the JDK's client waits for no SETTINGS, and uses a silent connection again")) {
            LaneClient client = client(cell, server, (builder) -> builder.timeouts(Cell.LIMITS.withRead(SHORT)));
            cell.timesOut(ReadTimeoutException.class, Phase.HEAD, () -> client.get("/"));
            return;
        }
        LaneClient client = client(cell, server, (builder) -> builder.timeouts(Cell.LIMITS.withConnect(SHORT)));
        cell.timesOut(ConnectTimeoutException.class, Phase.CONNECT, () -> client.get("/"));
        cell.evicted(server, client);
        RawServer other = server(cell, silent, serving());
        LaneClient retrying = client(cell, other, (builder) -> builder.timeouts(Cell.LIMITS.withConnect(SHORT))
            .retry(RetryPolicy.fixed(1, Duration.ZERO)));
        assertThat(retrying.post("/", (spec) -> {
        }).text()).isEqualTo("next");
    }

    @Row(id = "J11", when = "The server allows one stream at a time, and 50 calls are made",
            then = "All are served, one after the other, on one connection")
    void oneStreamAtATime(Cell cell) {
        RawServer server = server(cell, serving(Http2Peer.MAX_CONCURRENT_STREAMS, 1));
        LaneClient client = client(cell, server);
        List<Running> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(Running.get(client, "/" + i));
        }
        for (Running call : calls) {
            assertThat(call.response().text()).isEqualTo("next");
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Row(id = "J12", when = "HEADERS with endless CONTINUATION, empty and not",
            then = "LimitExceededException or RemoteProtocolException, phase head; not retried; connection closed")
    void endlessContinuation(Cell cell) {
        for (int size : new int[] { 0, 1_000 }) {
            Script endless = Http2Peer.script((peer) -> {
                int stream = peer.readRequest().stream();
                peer.write(Http2Peer.HEADERS, 0, stream, Http2Peer.block(":status", "200"));
                byte[] more = (size > 0) ? Http2Peer.block("x-more", "v".repeat(size)) : new byte[0];
                for (int i = 0; i < 200; i++) {
                    flood(peer, 100, Http2Peer.CONTINUATION, stream, more);
                }
                peer.hold();
            });
            RawServer server = server(cell, endless, serving());
            LaneClient client = client(cell, server, (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ZERO)));
            if (isJdk(cell, "the JDK's client counts no empty CONTINUATION")) {
                ends(client);
                continue;
            }
            brokenRules(client);
            assertThat(server.connections()).isEqualTo(1);
            cell.evicted(server, client);
        }
    }

    /** Which of the two depends on what the engine looks at first. */
    private static void brokenRules(LaneClient client) {
        long start = System.nanoTime();
        Throwable thrown = catchThrowable(() -> client.get("/"));
        assertThat(thrown).isInstanceOfAny(LimitExceededException.class, RemoteProtocolException.class);
        assertThat(((ClientException) thrown).phase()).isEqualTo(Phase.HEAD);
        Cell.checkMessage((ClientException) thrown);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Row(id = "J13", when = "A small block of HPACK that unfolds to 16 MB, also before SETTINGS are acknowledged",
            then = "LimitExceededException, phase head; not retried")
    void unfoldingHead(Cell cell) {
        Script bomb = Http2Peer.silent((peer) -> {
            peer.settings();
            peer.stopAcknowledging();
            int stream = peer.readRequest().stream();
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(Http2Peer.block(":status", "200"));
            // Remembered as number 62 (RFC 7541, section 6.2.1), and called 4,000 times.
            block.writeBytes(Http2Peer.remembered("x-bomb", "v".repeat(4_000)));
            for (int i = 0; i < 4_000; i++) {
                block.write(0x80 | 62);
            }
            peer.write(Http2Peer.HEADERS, Http2Peer.END_HEADERS | Http2Peer.END_STREAM, stream, block.toByteArray());
            serve(peer);
        });
        RawServer server = server(cell, bomb, serving());
        LaneClient client = client(cell, server, (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ZERO)));
        cell.fails(LimitExceededException.class, Phase.HEAD, () -> client.get("/"));
        assertThat(server.connections()).isEqualTo(1);
        Cell.served(client);
    }

    @Row(id = "J14", when = "The server floods PING, SETTINGS, and resets of streams, and answers nothing",
            then = "The call ends with its read limit, a lost connection, or RemoteProtocolException; connection closed")
    void floods(Cell cell) {
        int[][] floods = { { Http2Peer.PING, 0, 8 }, { Http2Peer.SETTINGS, 0, 0 }, { Http2Peer.RST_STREAM, 1, 4 } };
        for (int[] flood : floods) {
            Script script = Http2Peer.script((peer) -> {
                int stream = peer.readRequest().stream();
                // As long as it takes, where it is to be noticed: by how many come in a
                // second.
                for (int i = 0; i < 300 || cell.lane().engine() == Engine.REACTOR; i++) {
                    flood(peer, 100, flood[0], flood[1] * (stream + 2), new byte[flood[2]]);
                }
                peer.connection().hold();
            });
            RawServer server = server(cell, script, serving());
            LaneClient client = client(cell, server, (builder) -> builder.timeouts(Cell.LIMITS.withRead(SHORT)));
            Throwable thrown = catchThrowable(() -> client.get("/"));
            assertThat(thrown).isInstanceOfAny(ReadTimeoutException.class, ConnectionLostException.class,
                    RemoteProtocolException.class);
            Cell.checkMessage((ClientException) thrown);
            if (!isJdk(cell, "the JDK's client answers every PING")) {
                // The read limit may be first.
                server.awaitOpen(0);
                cell.evicted(server, client);
            }
        }
    }

    @Row(id = "J15", when = "The line falls silent below open streams",
            then = "ReadTimeoutException; the next call takes another connection")
    void silentLine(Cell cell) {
        RawServer server = server(cell, serving());
        TcpProxy line = cell.manage(TcpProxy.to(server.port()));
        LaneClient client = cell.client(http2((builder) -> builder.baseUrl("https://127.0.0.1:" + line.port())
            .timeouts(Cell.LIMITS.withRead(SHORT))));
        assertThat(client.get("/").text()).isEqualTo("next");
        line.toServer().silent(true);
        cell.timesOut(ReadTimeoutException.class, Phase.HEAD, () -> client.get("/"));
        line.toServer().silent(false);
        if (isJdk(cell, "the JDK's client does not ask whether a connection lives")) {
            return;
        }
        Cell.served(client);
        assertThat(line.connections()).isEqualTo(2);
    }

    @Row(id = "J16", when = "Content-Length is more, and less, than what DATA brings",
            then = "RemoteProtocolException; not retried; connection used again")
    void wrongLength(Cell cell) {
        for (String length : new String[] { "3", "100" }) {
            breaks(cell, (peer) -> {
                int stream = peer.readRequest().stream();
                peer.headers(stream, false, 200, "content-length", length);
                peer.data(stream, true, "12345");
            }, RemoteProtocolException.class, Phase.BODY, Cell.Retry.NEVER, After.REUSED);
        }
    }

    @Row(id = "J17",
            when = "Field names in upper case; a pseudo-header that is unknown, of a request, twice, behind others; none;"
                    + " a status without three digits",
            then = "RemoteProtocolException, phase head; not retried; connection used again, or closed")
    void malformedHead(Cell cell) {
        String[][] heads = { { ":status", "200", "X-Upper", "v" }, { ":status", "200", ":unknown", "v" },
                { ":status", "200", ":path", "/" }, { ":status", "200", ":status", "204" },
                { "x-first", "v", ":status", "200" }, { "x-none", "v" }, { ":status", "2x" }, { ":status", "42" },
                { ":status", "1000" }, { ":status", "+200" }, { ":status", "0200" },
                { ":status", "200", "connection", "close" }, { ":status", "200", "transfer-encoding", "gzip" },
                { ":status", "200", "x-line", "a\r\nb: c" } };
        boolean unordered = isJdk(cell, "the JDK's client does not tell which field came first");
        for (String[] head : heads) {
            if (unordered && head[0].equals("x-first")) {
                continue;
            }
            RawServer server = server(cell, Http2Peer.script((peer) -> {
                peer.write(Http2Peer.HEADERS, Http2Peer.END_HEADERS | Http2Peer.END_STREAM, peer.readRequest().stream(),
                        Http2Peer.block(head));
                serve(peer);
            }), serving());
            LaneClient client = client(cell, server);
            try {
                cell.fails(RemoteProtocolException.class, Phase.HEAD, () -> client.get("/"));
            }
            catch (AssertionError ex) {
                throw new AssertionError(String.join(", ", head), ex);
            }
            assertThat(server.connections()).isEqualTo(1);
            Cell.served(client);
        }
    }

    @Row(id = "S102",
            when = "CR, LF or NUL in a header's name or value over HTTP/2, of a request and of a response,"
                    + " which make another line in HTTP/1.1",
            then = "IllegalArgumentException before anything is sent; RemoteProtocolException, phase head; not retried")
    void downgrade(Cell cell) {
        RawServer refusing = server(cell, serving());
        LaneClient sender = client(cell, refusing);
        for (String end : new String[] { "\r\n", "\n", "\r", "\0" }) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> sender.get("/", (spec) -> spec.header("X-A", "a" + end + "X-Evil: 1")));
            assertThatIllegalArgumentException()
                .isThrownBy(() -> sender.get("/", (spec) -> spec.header("x-a" + end + "x-evil", "1")));
        }
        assertThat(refusing.connections()).isZero();
        Cell.served(sender);
        for (String end : new String[] { "\r\n", "\n", "\r", "\0" }) {
            smuggles(cell, ":status", "200", "x-a", "a" + end + "set-cookie: evil=1");
            smuggles(cell, ":status", "200", "x-a" + end + "x-evil", "1");
        }
    }

    private static void smuggles(Cell cell, String... head) {
        RawServer server = server(cell, Http2Peer.script((peer) -> {
            peer.write(Http2Peer.HEADERS, Http2Peer.END_HEADERS | Http2Peer.END_STREAM, peer.readRequest().stream(),
                    Http2Peer.block(head));
            serve(peer);
        }), serving());
        LaneClient client = client(cell, server, (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ZERO)));
        cell.fails(RemoteProtocolException.class, Phase.HEAD, () -> client.get("/"));
        Cell.served(client);
    }

    @Row(id = "J18", when = "421, and two origins at one address with one certificate",
            then = "The 421: no connection is shared by origins; retried where the policy names it")
    void misdirected(Cell cell) {
        RawServer server = server(cell, Http2Peer.script((peer) -> {
            peer.respond(peer.readRequest().stream(), 421, "misdirected");
            serve(peer);
        }), serving());
        LaneClient client = client(cell, server);
        assertThat(client.get("/").statusCode()).isEqualTo(421);
        cell.reused(server, client);
        LaneClient both = cell.client(http2((builder) -> builder.maxConnections(4)));
        for (String host : new String[] { "127.0.0.1", "localhost", "127.0.0.1", "localhost" }) {
            assertThat(both.get("https://" + host + ":" + server.port() + "/").text()).isEqualTo("next");
        }
        assertThat(server.connections()).isEqualTo(3);
    }

}
