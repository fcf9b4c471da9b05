package dev.outbound.client.httpx;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.HostnameMismatchException;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.http.TransportException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class A15TlsTests extends AbstractFeatureTests {

    private static final TestCertificates LOCAL = TestCertificates.of("ip:127.0.0.1");

    private static final Script SERVING = (connection) -> connection
        .forEachRequest((request) -> connection.respond(200, "served"));

    @ParameterizedTest
    @EnumSource
    @DisplayName("A15 verify true: by the trust of the JVM, environment variables are not looked at")
    void verified(Lane lane) {
        try (RawServer server = RawServer.start(ServerTls.of(LOCAL.server()), SERVING);
                LaneClient client = client(lane, server)) {
            assertThatExceptionOfType(CertificateRejectedException.class).isThrownBy(() -> client.get("/"));
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A15 verify false: does not exist; trust of one's own still takes the host name")
    void alwaysVerified(Lane lane) {
        try (RawServer server = RawServer.start(ServerTls.of(LOCAL.server()), SERVING);
                LaneClient client = lane.client((builder) -> builder.sslContext(LOCAL.client()))) {
            assertThatExceptionOfType(HostnameMismatchException.class)
                .isThrownBy(() -> client.get("https://localhost:" + server.port() + "/"));
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A15 verify context: is used as it is")
    void context(Lane lane) {
        try (RawServer server = RawServer.start(ServerTls.of(LOCAL.server()), SERVING);
                LaneClient client = lane
                    .client((builder) -> builder.baseUrl(server.url()).sslContext(LOCAL.client()))) {
            assertThat(client.get("/").text()).isEqualTo("served");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A15 cert (deprecated): the keys of the context are shown where a server asks for them")
    void certificate(Lane lane) {
        TestCertificates own = TestCertificates.of("dns:caller.test");
        try (RawServer server = RawServer.start(ServerTls.of(LOCAL.serverTrusting(own)).demandingCertificates(),
                SERVING);
                LaneClient client = lane
                    .client((builder) -> builder.baseUrl(server.url()).sslContext(LOCAL.clientShowing(own)));
                LaneClient anonymous = lane
                    .client((builder) -> builder.baseUrl(server.url()).sslContext(LOCAL.client()))) {
            assertThat(client.get("/").text()).isEqualTo("served");
            assertThatExceptionOfType(TransportException.class).isThrownBy(() -> anonymous.get("/"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A15 failures: are TlsExceptions, each kind with its own, and no failed connection")
    void failures(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readBody(1);
            connection.write("HTTP/1.1 400 This is not TLS\r\n\r\n");
        }); LaneClient client = lane.client((builder) -> {
        })) {
            assertThatExceptionOfType(TlsException.class)
                .isThrownBy(() -> client.get("https://127.0.0.1:" + server.port() + "/"))
                .isNotInstanceOf(ConnectionFailedException.class);
        }
    }

}
