package dev.outbound.client;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.TlsSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Trust and keys are exchanged while calls run, and none of them fails. */
@Timeout(30)
class TlsReloadTests {

    private static final String DISABLING = "jdk.internal.httpclient.disableHostnameVerification";

    private final TestCertificates known = TestCertificates.of("ip:127.0.0.1");

    private final TestCertificates other = TestCertificates.of("ip:127.0.0.1,dns:other.test");

    private RawServer server(Script script) {
        return RawServer.start(ServerTls.of(this.known.server()), script);
    }

    private Session session(RawServer server, EngineLane lane) {
        return Client.builder()
            .engine(lane.engine())
            .baseUrl(server.url())
            .sslContext(this.known.client())
            .maxConnections(2)
            .session();
    }

    private static LaneClient client(EngineLane lane, Session session) {
        return lane.isBlocking() ? new LaneClient.Blocking(session.client())
                : new LaneClient.Reactive(session.reactiveClient());
    }

    private static TlsSettings trusting(TestCertificates certificates) {
        return TlsSettings.defaults().withContext(certificates.client());
    }

    @ParameterizedTest
    @EnumSource
    void idleConnectionsAreClosedAndNewOnesHaveTheNewTrust(EngineLane lane) {
        try (RawServer server = server(
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));
                Session session = session(server, lane)) {
            LaneClient client = client(lane, session);
            assertThat(client.get("/").text()).isEqualTo("served");
            session.reload(trusting(this.other));
            server.awaitOpen(0);
            assertThatExceptionOfType(CertificateRejectedException.class).isThrownBy(() -> client.get("/"));
            session.reload(trusting(this.known));
            assertThat(client.get("/").text()).isEqualTo("served");
            assertThat(client.get("/").text()).isEqualTo("served");
            assertThat(server.requests()).hasSize(3);
            assertThat(server.connections()).as("two served, one was refused").isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunningCallFinishesOnItsConnectionWhichIsClosedThen(EngineLane lane) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (RawServer server = server((connection) -> connection.forEachRequest((request) -> {
            asked.countDown();
            answer.await();
            connection.respond(200, "served");
        })); Session session = session(server, lane)) {
            LaneClient client = client(lane, session);
            Future<String> running = threads.submit(() -> client.get("/").text());
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            session.reload(trusting(this.known));
            assertThat(server.open()).isEqualTo(1);
            answer.countDown();
            assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo("served");
            server.awaitOpen(0);
            assertThat(client.get("/").text()).isEqualTo("served");
            assertThat(server.connections()).isEqualTo(2);
        }
        finally {
            answer.countDown();
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReloadedBeforeTheFirstCallCounts(EngineLane lane) {
        try (RawServer server = server(
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));
                Session session = session(server, lane)) {
            session.reload(trusting(this.other));
            LaneClient client = client(lane, session);
            assertThatExceptionOfType(CertificateRejectedException.class).isThrownBy(() -> client.get("/"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheVersionsThatAreSetAreSpoken(EngineLane lane) {
        try (RawServer server = RawServer.start(ServerTls.of(this.known.server()).speaking("TLSv1.2"),
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));
                Session session = session(server, lane)) {
            LaneClient client = client(lane, session);
            session.reload(trusting(this.known).withProtocols(List.of("TLSv1.3")));
            assertThatExceptionOfType(TlsException.class).isThrownBy(() -> client.get("/"));
            session.reload(trusting(this.known));
            assertThat(client.get("/").text()).isEqualTo("served");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "true" })
    void noClientIsBuiltInAJvmThatDoesNotVerifyHosts(String value) {
        System.setProperty(DISABLING, value);
        try {
            assertThatIllegalStateException().isThrownBy(() -> Client.builder().build())
                .withMessageContaining(DISABLING);
        }
        finally {
            System.clearProperty(DISABLING);
        }
    }

    @Test
    void thePropertyMayBeOff() {
        System.setProperty(DISABLING, "false");
        try {
            Client.builder().build().close();
        }
        finally {
            System.clearProperty(DISABLING);
        }
    }

}
