package dev.outbound.client.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.outbound.client.Client;
import dev.outbound.client.Session;
import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.TlsSettings;

import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Security, section F: whom a client trusts, and for how long.
 */
@Rows
class TrustSecurityTests {

    private static final TestCertificates LOCAL = TestCertificates.of("ip:127.0.0.1");

    private static final TestCertificates SIGNED = TestCertificates.signed("ip:127.0.0.1");

    private static final TestCertificates OTHER = TestCertificates.of("dns:other.test");

    private static final String BACKUP = "sha256/" + "A".repeat(43) + "=";

    private static Session session(Cell cell, RawServer server, TlsSettings tls) {
        return cell.manage(Client.builder()
            .name("lab")
            .engine(cell.lane().engine())
            .baseUrl(server.url())
            .timeouts(Cell.LIMITS)
            .tls(tls)
            .maxConnections(4)
            .session());
    }

    private static LaneClient client(Cell cell, Session session) {
        return cell.lane().isBlocking() ? new LaneClient.Blocking(session.client())
                : new LaneClient.Reactive(session.reactiveClient());
    }

    private static TlsSettings trusting(TestCertificates certificates) {
        return TlsSettings.defaults().withContext(certificates.client());
    }

    @Row(id = "B14", when = "Trust and keys are replaced while 4 callers make 400 calls",
            then = "No call fails; connections of before are closed when they are free")
    void reloadUnderLoad(Cell cell) {
        RawServer server = cell.server(ServerTls.of(LOCAL.server()), next());
        Session session = session(cell, server, trusting(LOCAL));
        LaneClient client = client(cell, session);
        List<CompletableFuture<Void>> users = new ArrayList<>();
        for (int user = 0; user < 4; user++) {
            users.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 100; i++) {
                    assertThat(client.get("/").text()).isEqualTo("next");
                }
            }));
        }
        for (int reload = 1; reload <= 5; reload++) {
            int enough = reload * 60;
            Cell.await(() -> server.requests().size() >= enough, () -> "requests: " + server.requests().size());
            session.reload(trusting(LOCAL));
        }
        users.forEach((user) -> assertThat(user).succeedsWithin(Cell.LONG));
        assertThat(server.requests()).hasSize(400);
        session.reload(trusting(LOCAL));
        server.awaitOpen(0);
    }

    @Row(id = "S63", when = "Somebody wants every certificate to pass",
            then = "There is no switch for it, and the JVM's is an IllegalStateException when a client is built")
    void trustAll(Cell cell) {
        assertThat(Arrays.stream(TlsSettings.class.getMethods())
            .map((method) -> method.getName().toLowerCase(Locale.ROOT)))
            .noneMatch((name) -> name.contains("insecure") || name.contains("trustall") || name.contains("noverif"));
        String property = "jdk.internal.httpclient.disableHostnameVerification";
        System.setProperty(property, "true");
        try {
            assertThatIllegalStateException().isThrownBy(() -> Client.builder().engine(cell.lane().engine()).session())
                .withMessageContaining(property);
        }
        finally {
            System.clearProperty(property);
        }
    }

    @Row(id = "S66", when = "Keys are pinned: the server's, its authority's, others, one that is sent along",
            then = "Only who has signed the server's key counts; CertificateRejectedException; nothing is sent")
    void pins(Cell cell) {
        RawServer server = cell.server(ServerTls.of(SIGNED.server()), next());
        String own = TlsSettings.pin(SIGNED.certificate());
        String authority = TlsSettings.pin(SIGNED.authority());
        String other = TlsSettings.pin(OTHER.certificate());
        for (String pin : new String[] { own, authority }) {
            LaneClient client = pinned(cell, server, SIGNED, pin);
            assertThat(client.get("/").text()).isEqualTo("next");
            cell.reused(server, client);
        }
        LaneClient wrong = pinned(cell, server, SIGNED, other);
        int before = server.connections();
        CertificateRejectedException failure = cell.fails(CertificateRejectedException.class, Phase.TLS,
                () -> wrong.get("/"));
        assertThat(failure.getMessage()).contains("none of the pinned keys", own, authority, "change the pins");
        assertThat(server.connections()).as("not retried").isEqualTo(before + 1);
        assertThat(server.requests()).hasSize(4);
        RawServer sending = cell.server(ServerTls.of(LOCAL.serverSending(OTHER)), next());
        LaneClient fooled = pinned(cell, sending, LOCAL, other);
        cell.fails(CertificateRejectedException.class, Phase.TLS, () -> fooled.get("/"));
        assertThat(sending.requests()).isEmpty();
        for (List<String> pins : List.of(List.of(own), List.of(own, own), List.of(own, "sha1/AAAA"),
                List.of(own, "sha256/AAAA"), List.of(own, "sha256/" + Cell.SECRET + "!"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> TlsSettings.defaults().withPins(pins));
        }
    }

    private static LaneClient pinned(Cell cell, RawServer server, TestCertificates trusted, String pin) {
        return cell.client(server, (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ZERO))
            .tls(trusting(trusted).withPins(List.of(pin, BACKUP))));
    }

    @Row(id = "S68", when = "Trust is taken back while a call runs",
            then = "The call ends well; no connection of before is used again, and the next call is refused")
    void takenBack(Cell cell) throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        RawServer server = cell.server(ServerTls.of(LOCAL.server()),
                (connection) -> connection.forEachRequest((request) -> {
                    if (request.startsWith("GET /slow")) {
                        release.get(10, TimeUnit.SECONDS);
                    }
                    connection.respond(200, "next");
                }));
        Session session = session(cell, server, trusting(LOCAL));
        LaneClient client = client(cell, session);
        assertThat(client.get("/").text()).isEqualTo("next");
        Running running = Running.get(client, "/slow");
        Cell.await(() -> server.requests().size() == 2, () -> "no request came");
        session.reload(trusting(OTHER));
        cell.fails(CertificateRejectedException.class, Phase.TLS, () -> client.get("/"));
        release.complete(null);
        assertThat(running.response().text()).isEqualTo("next");
        server.awaitOpen(0);
        cell.fails(CertificateRejectedException.class, Phase.TLS, () -> client.get("/"));
        assertThat(server.requests()).hasSize(2);
    }

    @Row(id = "S71", when = "Whether the certificate was revoked cannot be found out, and the trust asks for it",
            then = "CertificateRejectedException; nothing is sent. Trust that does not ask, as the JVM's, does not know")
    void revocation(Cell cell) {
        RawServer server = cell.server(ServerTls.of(SIGNED.server()), next());
        LaneClient asking = cell.client(server, (builder) -> builder.sslContext(SIGNED.clientCheckingRevocation()));
        cell.fails(CertificateRejectedException.class, Phase.TLS, () -> asking.get("/"));
        assertThat(server.requests()).isEmpty();
        LaneClient usual = cell.client(server, (builder) -> builder.sslContext(SIGNED.client()));
        assertThat(usual.get("/").text()).isEqualTo("next");
    }

}
