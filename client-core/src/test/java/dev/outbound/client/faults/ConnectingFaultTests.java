package dev.outbound.client.faults;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.faults.Cell.Retry;
import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.ClientTimeoutException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.NetworkException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.NameResolver;

import static dev.outbound.client.faults.Cell.next;
import static dev.outbound.client.faults.Cell.respond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Section A: looking names up, and connecting.
 */
@Rows
class ConnectingFaultTests {

    private static final RetryPolicy TWICE = RetryPolicy.fixed(1, Duration.ZERO);

    private static ClientBuilder named(ClientBuilder builder, int port, NameResolver resolver) {
        return builder.baseUrl("http://shop.test:" + port).resolver(resolver);
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    @Row(id = "A1", when = "The port is closed",
            then = "ConnectionFailedException, connection refused; calls of every method are retried")
    void portIsClosed(Cell cell) {
        RawServer closed = RawServer.start(next());
        closed.close();
        LaneClient client = cell.client((builder) -> builder.baseUrl(closed.url()).retry(TWICE));
        ConnectionFailedException failure = cell.fails(ConnectionFailedException.class, Phase.CONNECT,
                () -> client.post("/", (spec) -> spec.text("x")));
        assertThat(failure.getMessage()).contains("could not connect to 127.0.0.1:" + closed.port(),
                "connection refused", "attempt 2");
    }

    @Row(id = "A2", when = "SYN is not answered",
            then = "ConnectTimeoutException, phase connect; calls of every method are retried")
    void blackHole(Cell cell) {
        RawServer hole = cell.blackHole();
        LaneClient client = cell.client(
                (builder) -> builder.baseUrl(hole.url()).retry(TWICE).timeouts(Cell.LIMITS.withConnect(Cell.SHORT)));
        ConnectTimeoutException failure = cell.timesOut(ConnectTimeoutException.class, Phase.CONNECT,
                () -> client.post("/", (spec) -> spec.text("x")));
        assertThat(failure.getMessage()).contains("attempt 2");
    }

    @Row(id = "A3", when = "The first of two addresses does not answer SYN, the second is fine",
            then = "Success within the connect limit")
    void firstAddressIsDead(Cell cell) {
        RawServer hole = cell.blackHole();
        RawServer server = startOnOtherAddress(cell, hole.port());
        LaneClient client = cell.client(
                (builder) -> named(builder, hole.port(), (host) -> List.of(address("127.0.0.1"), address("127.0.0.2")))
                    .timeouts(Cell.LIMITS.withConnect(Duration.ofMillis(600))));
        if (cell.lane() == EngineLane.REACTOR) {
            cell.cannot("Reactor Netty gives the first address all of the connect limit");
            cell.fails(ConnectTimeoutException.class, Phase.CONNECT, () -> client.get("/"));
            return;
        }
        assertThat(client.get("/").text()).isEqualTo("next");
        assertThat(server.requests()).hasSize(1);
    }

    private static RawServer startOnOtherAddress(Cell cell, int port) {
        return cell.manage(RawServer.startAt("127.0.0.2", port, next()));
    }

    @Row(id = "A4", when = "One address refuses, another is fine", then = "Success")
    void firstAddressRefuses(Cell cell) {
        RawServer server = cell.server(next());
        for (String refusing : new String[] { "::1", "127.0.0.3" }) {
            LaneClient client = cell.client((builder) -> named(builder, server.port(),
                    (host) -> List.of(address(refusing), address("127.0.0.1"))));
            assertThat(client.get("/").text()).isEqualTo("next");
        }
    }

    @Row(id = "A5", when = "One address refuses, another shows a certificate that is not trusted",
            then = "CertificateRejectedException, which says what is wrong; not retried; nothing is sent")
    void refusedThenUntrusted(Cell cell) {
        RawServer server = cell.server(ServerTls.of(TestCertificates.of("dns:shop.test").server()), next());
        for (String refusing : new String[] { "::1", "127.0.0.3" }) {
            LaneClient client = cell.client((builder) -> builder.baseUrl("https://shop.test:" + server.port())
                .resolver((host) -> List.of(address(refusing), address("127.0.0.1")))
                .sslContext(TestCertificates.of("ip:127.0.0.1").client())
                .retry(TWICE));
            int before = server.connections();
            CertificateRejectedException failure = cell.fails(CertificateRejectedException.class, Phase.TLS,
                    () -> client.get("/"));
            assertThat(failure.getMessage()).contains("trust material").doesNotContain("refused");
            assertThat(server.connections()).isEqualTo(before + 1);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Row(id = "A6", when = "The name is unknown",
            then = "NameResolutionException; calls of every method are retried, for nothing was sent")
    void unknownName(Cell cell) {
        LaneClient client = cell.client((builder) -> builder.retry(TWICE));
        NameResolutionException failure = cell.fails(NameResolutionException.class, Phase.LOOKUP,
                () -> client.post("http://nowhere.invalid/", (spec) -> spec.text("x")));
        assertThat(failure.getMessage()).contains("nowhere.invalid", "attempt 2");
        AtomicInteger asked = new AtomicInteger();
        LaneClient named = cell.client((builder) -> named(builder, 80, (host) -> {
            asked.incrementAndGet();
            throw new UnknownHostException(host);
        }).retry(TWICE));
        cell.fails(NameResolutionException.class, Phase.LOOKUP, () -> named.get("/"));
        assertThat(asked).hasValue(2);
    }

    @Row(id = "A7", when = "The lookup hangs",
            then = "ConnectTimeoutException, phase lookup, or TotalTimeoutException; the caller is free in time")
    void lookupHangs(Cell cell) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        RawServer server = cell.server(next());
        NameResolver hanging = (host) -> {
            over.join();
            return List.of(address("127.0.0.1"));
        };
        LaneClient client = cell
            .client((builder) -> named(builder, server.port(), hanging).timeouts(Cell.LIMITS.withConnect(Cell.SHORT)));
        cell.timesOut(ConnectTimeoutException.class, Phase.LOOKUP, () -> client.get("/"));
        LaneClient patient = cell.client((builder) -> named(builder, server.port(), hanging));
        Throwable thrown = catchThrowable(() -> patient.get("/", (spec) -> spec.total(Cell.SHORT)));
        assertThat(thrown).isInstanceOf(TotalTimeoutException.class);
        Cell.checkMessage((TotalTimeoutException) thrown);
        over.complete(null);
        assertThat(client.get("/", (spec) -> spec.timeout(Cell.LONG)).text()).isEqualTo("next");
    }

    @Row(id = "A8", when = "The name gets another address",
            then = "New connections go there; old ones end with their lifetime")
    void nameMoves(Cell cell) {
        RawServer first = cell.server(Cell.respond(200, "first"));
        RawServer second = cell.manage(RawServer.startAt("127.0.0.2", first.port(), next()));
        String[] current = { "127.0.0.1" };
        LaneClient client = cell
            .client((builder) -> named(builder, first.port(), (host) -> List.of(address(current[0])))
                .keepAlive(Duration.ofSeconds(5), Duration.ofMillis(100)));
        assertThat(client.get("/").text()).isEqualTo("first");
        current[0] = "127.0.0.2";
        Cell.await(() -> client.get("/").text().equals("next"), () -> "still the first");
        assertThat(second.requests()).hasSize(1);
        first.awaitOpen(0);
    }

    @Row(id = "A9", when = "The connection is ended when it was accepted",
            then = "ConnectionLostException; idempotent calls are retried")
    void endsWhenAccepted(Cell cell) {
        // Whether the request was under way then is a matter of microseconds.
        lost(cell, Connection::fin, true);
    }

    @Row(id = "A10", when = "The connection is reset when it was accepted",
            then = "ConnectionLostException; idempotent calls are retried")
    void resetWhenAccepted(Cell cell) {
        lost(cell, Connection::rst, false);
    }

    private interface Ending {

        void end(Connection connection) throws Exception;

    }

    private static void lost(Cell cell, Ending ending, boolean hold) {
        for (boolean retried : new boolean[] { false, true }) {
            RawServer server = cell.server((connection) -> {
                ending.end(connection);
                if (hold) {
                    connection.hold();
                }
            }, next());
            LaneClient client = cell.client(server, (builder) -> builder.retry(retried ? TWICE : null));
            if (retried) {
                assertThat(client.get("/").text()).isEqualTo("next");
                assertThat(server.requests()).hasSize(1);
            }
            else {
                Throwable thrown = catchThrowable(() -> client.get("/"));
                // The end may come before the connection is ours.
                assertThat(thrown).isInstanceOfAny(ConnectionLostException.class, ConnectionFailedException.class);
                Cell.checkMessage((NetworkException) thrown);
                cell.evicted(server, client);
            }
        }
    }

    @Row(id = "A11", when = "The connection is accepted and never read",
            then = "WriteTimeoutException for a large body, ReadTimeoutException for a small one; connection closed")
    void neverRead(Cell cell) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        RawServer server = cell.server((connection) -> over.get(10, TimeUnit.SECONDS), next());
        LaneClient client = cell.client(server,
                (builder) -> builder.timeouts(Cell.LIMITS.withWrite(Cell.SHORT).withRead(Cell.SHORT)));
        cell.timesOut(WriteTimeoutException.class, Phase.WRITE,
                () -> client.post("/", (spec) -> spec.bytes(new byte[32 * 1024 * 1024])));
        cell.evicted(server, client);
        over.complete(null);
        cell.breaks(Connection::hold, ReadTimeoutException.class, Phase.HEAD, Retry.IDEMPOTENT,
                (builder) -> builder.timeouts(Cell.LIMITS.withRead(Cell.SHORT)));
    }

    @Row(id = "A12", when = "The process may open no more files, in two spells, with calls all the while",
            then = "ConnectionFailedException, which says so; when it may again, all places in the pool are there")
    void noMoreFiles(Cell cell) throws Exception {
        RawServer server = cell.server(respond(200, "next", "Connection: close"));
        String output = FewFiles.run(cell.lane(), server.url());
        assertThat(output.lines()).as(output)
            .hasSize(2 * FewFiles.CALLS)
            .allSatisfy((line) -> assertThat(line).startsWith("ConnectionFailedException phase connect: ")
                .contains("oo many open files"));
    }

    @Row(id = "A13", also = "S85", when = "One request to each of 600 addresses",
            then = "All served; no connection stays in use")
    void manyHosts(Cell cell) {
        RawServer server = cell.manage(RawServer.startAt("0.0.0.0", 0, next()));
        LaneClient client = cell.client((builder) -> builder.maxConnections(10).keepAlive(Duration.ofMillis(50), null));
        for (int i = 0; i < 600; i++) {
            assertThat(client.get("http://127.1." + i / 250 + "." + (i % 250 + 1) + ":" + server.port() + "/").text())
                .isEqualTo("next");
        }
        server.awaitOpen(0);
    }

    @Row(id = "A14", when = "50 calls hang in connecting, then the server recovers",
            then = "All fail in time; the next call is served")
    void recovery(Cell cell) {
        RawServer hole = cell.blackHole();
        RawServer server = cell.server(next());
        int[] port = { hole.port() };
        LaneClient client = cell.client((builder) -> builder.maxConnections(20)
            .timeouts(Cell.LIMITS.withConnect(Cell.SHORT).withPool(Cell.SHORT)));
        List<Running> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(Running.get(client, "http://127.0.0.1:" + port[0] + "/"));
        }
        calls.forEach((call) -> assertThat(call.failure()).isInstanceOf(ClientTimeoutException.class));
        assertThat(client.get(server.url("/"), (spec) -> spec.timeout(Cell.LONG)).text()).isEqualTo("next");
    }

}
