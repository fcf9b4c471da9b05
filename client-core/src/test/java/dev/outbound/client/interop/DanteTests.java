package dev.outbound.client.interop;

import java.util.function.Consumer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * dante as a SOCKS 5 proxy, on every engine that takes one.
 */
@Tag("interop")
@Tag("slow")
@Timeout(30)
@ExtendWith(InteropServers.class)
class DanteTests {

    private static final TestCertificates CERTIFICATES = TestCertificates.of("ip:127.0.0.1");

    private static final Script SERVING = (connection) -> connection
        .forEachRequest((request) -> connection.respond(200, "served"));

    private static LaneClient client(EngineLane lane, String userinfo, int port, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            builder.name("interop")
                .maxConnections(2)
                .sslContext(CERTIFICATES.client())
                .proxy("socks5://" + userinfo + "127.0.0.1:" + port);
            settings.accept(builder);
        });
    }

    private static void assertServes(EngineLane lane, String userinfo, int port) {
        try (RawServer plain = RawServer.start(SERVING);
                RawServer secure = RawServer.start(ServerTls.of(CERTIFICATES.server()), SERVING);
                LaneClient client = client(lane, userinfo, port, (b) -> {
                })) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.post(plain.url("/a"), (spec) -> spec.text("body")).text()).isEqualTo("served");
                assertThat(client.get("https://127.0.0.1:" + secure.port() + "/").text()).isEqualTo("served");
            }
            assertThat(plain.connections()).isEqualTo(1);
            assertThat(secure.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "REACTOR" })
    void connectsForEveryone(EngineLane lane, Dante dante) {
        assertServes(lane, "", dante.port());
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "REACTOR" })
    void connectsForThoseWhoKnowThePassword(EngineLane lane, Dante dante) {
        assertServes(lane, "user:secret@", dante.restrictedPort());
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "REACTOR" })
    void theNameIsLookedUpByTheProxy(EngineLane lane, Dante dante) {
        try (RawServer server = RawServer.start(SERVING);
                LaneClient client = client(lane, "", dante.port(), (b) -> b.resolver((host) -> {
                    throw new AssertionError(host + " was looked up");
                }))) {
            assertThat(client.get("http://localhost:" + server.port() + "/").text()).isEqualTo("served");
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "REACTOR" })
    void aWrongPasswordIsAFailureOfTheProxy(EngineLane lane, Dante dante) {
        try (RawServer server = RawServer.start(SERVING)) {
            for (String userinfo : new String[] { "user:wr0ng@", "" }) {
                try (LaneClient client = client(lane, userinfo, dante.restrictedPort(), (b) -> {
                })) {
                    assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get(server.url()))
                        .withMessageNotContaining("wr0ng")
                        .satisfies((ex) -> assertThat(ex.isRefusal()).isTrue());
                }
            }
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "REACTOR" })
    void aServerThatIsNotThereIsNamed(EngineLane lane, Dante dante) {
        int port = ServerProcess.freePort();
        try (LaneClient client = client(lane, "", dante.port(), (b) -> {
        })) {
            assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(() -> client.get("http://127.0.0.1:" + port + "/"))
                .withMessageContaining("127.0.0.1:" + port);
        }
    }

}
