package dev.outbound.client.faults;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.HostnameMismatchException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.http.TlsTimeoutException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TcpProxy;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.TlsSettings;

import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Section B: TLS.
 */
@Rows
class TlsFaultTests {

    private static final TestCertificates LOCAL = TestCertificates.of("ip:127.0.0.1");

    private static Consumer<ClientBuilder> trusting(TestCertificates certificates) {
        return (builder) -> builder.sslContext(certificates.client());
    }

    private static LaneClient secure(Cell cell, int port, Consumer<ClientBuilder> settings) {
        return cell.client(
                (builder) -> settings.accept(builder.baseUrl("https://127.0.0.1:" + port).sslContext(LOCAL.client())));
    }

    /** Nothing of a request may reach a server that is not trusted. */
    private static <T extends ClientException> T refuses(Cell cell, TestCertificates server, Class<T> type,
            Consumer<ClientBuilder> client) {
        RawServer untrusted = cell.server(ServerTls.of(server.server()), next());
        LaneClient refusing = cell.client(untrusted,
                (builder) -> client.accept(builder.retry(RetryPolicy.fixed(2, Duration.ZERO))));
        T failure = cell.fails(type, Phase.TLS, () -> refusing.post("/", (spec) -> spec.text("x")));
        cell.fails(type, Phase.TLS, () -> refusing.get("/"));
        assertThat(untrusted.requests()).isEmpty();
        assertThat(untrusted.connections()).isEqualTo(2);
        return failure;
    }

    @Row(id = "B1", when = "Silence in the handshake",
            then = "TlsTimeoutException; calls of every method are retried; connection closed")
    void silence(Cell cell) {
        RawServer server = cell.server((connection) -> connection.hold());
        LaneClient client = secure(cell, server.port(), (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ZERO))
            .timeouts(Cell.LIMITS.withTls(Cell.SHORT)));
        TlsTimeoutException failure = cell.timesOut(TlsTimeoutException.class, Phase.TLS,
                () -> client.post("/", (spec) -> spec.text("x")));
        assertThat(failure.getMessage()).contains("attempt 2");
        server.awaitOpen(0);
    }

    @Row(id = "B2", when = "The handshake comes byte by byte",
            then = "TlsTimeoutException after the limit for all of it; connection closed")
    void trickle(Cell cell) {
        RawServer server = cell.server(ServerTls.of(LOCAL.server()), next());
        TcpProxy line = cell.manage(TcpProxy.to(server.port()));
        line.toClient().slice(1).latency(Duration.ofMillis(10));
        LaneClient client = secure(cell, line.port(), (builder) -> builder.timeouts(Cell.LIMITS.withTls(Cell.SHORT)));
        cell.timesOut(TlsTimeoutException.class, Phase.TLS, () -> client.get("/"));
        server.awaitOpen(0);
    }

    @Row(id = "B3", when = "The connection ends after the client's first message",
            then = "TlsException; not retried: a server that cannot speak TLS does not learn it")
    void endsInHandshake(Cell cell) {
        RawServer server = cell.server((connection) -> connection.readBody(1));
        LaneClient client = secure(cell, server.port(),
                (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ZERO)));
        cell.fails(TlsException.class, Phase.TLS, () -> client.get("/"));
        assertThat(server.connections()).isEqualTo(1);
    }

    @Row(id = "B4", when = "The certificate has expired",
            then = "CertificateRejectedException that says so; not retried; nothing is sent")
    void expired(Cell cell) {
        TestCertificates expired = TestCertificates.expired("ip:127.0.0.1");
        assertThat(refuses(cell, expired, CertificateRejectedException.class, trusting(expired)).getMessage())
            .contains("has expired");
    }

    @Row(id = "B5", when = "The certificate is not valid yet",
            then = "CertificateRejectedException that says so; not retried; nothing is sent")
    void notYetValid(Cell cell) {
        TestCertificates early = TestCertificates.notYetValid("ip:127.0.0.1");
        assertThat(refuses(cell, early, CertificateRejectedException.class, trusting(early)).getMessage())
            .contains("not valid yet", "clock");
    }

    @Row(id = "B6", when = "The certificate's issuer is unknown, 20 times",
            then = "CertificateRejectedException that names the setting; then a good call works")
    void unknownIssuer(Cell cell) {
        TestCertificates other = TestCertificates.of("ip:127.0.0.1,dns:other.test");
        assertThat(refuses(cell, other, CertificateRejectedException.class, trusting(LOCAL)).getMessage())
            .contains("trust material");
        RawServer untrusted = cell.server(ServerTls.of(other.server()), next());
        RawServer trusted = cell.server(ServerTls.of(LOCAL.server()), next());
        LaneClient client = cell.client(trusting(LOCAL));
        for (int i = 0; i < 20; i++) {
            cell.fails(CertificateRejectedException.class, Phase.TLS, () -> client.get(untrusted.url("/")));
        }
        assertThat(client.get(trusted.url("/")).text()).isEqualTo("next");
    }

    @Row(id = "B7", when = "The certificate is for another host",
            then = "HostnameMismatchException; not retried; nothing is sent")
    void otherHost(Cell cell) {
        TestCertificates other = TestCertificates.of("dns:other.test,ip:127.0.0.9");
        assertThat(refuses(cell, other, HostnameMismatchException.class, trusting(other)).getMessage())
            .contains("127.0.0.1");
    }

    @Row(id = "B8", when = "The URL has an address, the certificate names only",
            then = "HostnameMismatchException; not retried; nothing is sent")
    void addressWithoutName(Cell cell) {
        TestCertificates other = TestCertificates.of("dns:localhost");
        refuses(cell, other, HostnameMismatchException.class, trusting(other));
    }

    @Row(id = "B9", when = "The server demands a certificate of the client, TLS 1.3 and 1.2",
            then = "TlsException, though in TLS 1.3 the alert comes behind the handshake")
    void clientCertificate(Cell cell) {
        TestCertificates key = TestCertificates.of("dns:client.test");
        for (String version : new String[] { "TLSv1.3", "TLSv1.2" }) {
            RawServer server = cell
                .server(ServerTls.of(LOCAL.serverTrusting(key)).demandingCertificates().speaking(version), next());
            LaneClient without = cell.client(server, trusting(LOCAL));
            cell.isRefused(() -> without.get("/"));
            assertThat(server.requests()).isEmpty();
            assertThat(cell.client(server, (builder) -> builder.sslContext(LOCAL.clientShowing(key))).get("/").text())
                .isEqualTo("next");
        }
        if (cell.lane() == EngineLane.HTTP_COMPONENTS) {
            cell.cannot("the JDK's socket forgets the alert of TLS 1.3 when a write fails first");
        }
    }

    @Row(id = "B10", when = "No version of TLS in common", then = "TlsException; not retried; nothing is sent")
    void noCommonVersion(Cell cell) throws Exception {
        RawServer server = cell.server(ServerTls.of(LOCAL.server()).speaking("TLSv1.3"), next());
        LaneClient client = cell.client(server,
                (builder) -> builder
                    .tls(TlsSettings.defaults().withContext(LOCAL.client()).withProtocols(List.of("TLSv1.2")))
                    .retry(RetryPolicy.fixed(1, Duration.ZERO)));
        cell.fails(TlsException.class, Phase.TLS, () -> client.get("/"));
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.requests()).isEmpty();
    }

    @Row(id = "B11", when = "A plain HTTP server on an https URL",
            then = "TlsException that asks whether the server speaks plain HTTP")
    void plainServer(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readBody(1);
            connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            connection.hold();
        });
        LaneClient client = secure(cell, server.port(), (builder) -> {
        });
        assertThat(cell.fails(TlsException.class, Phase.TLS, () -> client.get("/")).getMessage())
            .contains("plain HTTP");
    }

    @Row(id = "B12", when = "A TLS server on an http URL", then = "RemoteProtocolException, phase head; not retried")
    void secureServer(Cell cell) {
        // What a TLS server answers to "GET / HTTP/1.1": an alert, and nothing else.
        Script alert = (connection) -> {
            connection.readRequest();
            connection.write(new byte[] { 21, 3, 3, 0, 2, 2, 70 });
        };
        RawServer server = cell.server(alert, next());
        LaneClient client = cell.client(server, (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ZERO)));
        cell.fails(RemoteProtocolException.class, Phase.HEAD, () -> client.get("/"));
        assertThat(server.requests()).hasSize(1);
        cell.evicted(server, client);
    }

    @Row(id = "B13", when = "A body without a length ends without TLS's closing alert",
            then = "TruncatedBodyException: anybody may have cut it; with a length the body is whole")
    void endsWithoutAlert(Cell cell) {
        RawServer server = cell.server(ServerTls.of(LOCAL.server()), (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf");
            connection.fin();
            connection.hold();
        }, next());
        LaneClient client = cell.client(server, trusting(LOCAL));
        if (cell.lane() == EngineLane.HTTP_COMPONENTS) {
            cell.cannot("the JDK's socket takes an end without the alert for an end");
            assertThat(client.get("/").text()).isEqualTo("half");
        }
        else {
            cell.fails(TruncatedBodyException.class, Phase.BODY, () -> client.get("/"));
        }
        cell.evicted(server, client);
        RawServer sized = cell.server(ServerTls.of(LOCAL.server()), (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nwhole");
            connection.fin();
            connection.hold();
        });
        assertThat(cell.client(sized, trusting(LOCAL)).get("/").text()).isEqualTo("whole");
    }

    @Row(id = "B15", when = "The server wants new keys all the time, by TLS 1.3 and 1.2, and answers nothing",
            then = "TotalTimeoutException, or TlsException if the engine has enough of it; connection closed")
    void endlessHandshakes(Cell cell) {
        for (String version : new String[] { "TLSv1.3", "TLSv1.2" }) {
            RawServer server = cell.server(ServerTls.of(LOCAL.server()).speaking(version), (connection) -> {
                connection.readRequest();
                connection.renegotiateForever();
            }, next());
            LaneClient client = cell.client(server, trusting(LOCAL));
            long start = System.nanoTime();
            Throwable thrown = catchThrowable(() -> client.get("/", (spec) -> spec.total(Cell.SHORT)));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Cell.LONG.dividedBy(2));
            assertThat(thrown).isInstanceOfAny(TotalTimeoutException.class, TlsException.class);
            Cell.checkMessage((ClientException) thrown);
            cell.evicted(server, client);
        }
    }

}
