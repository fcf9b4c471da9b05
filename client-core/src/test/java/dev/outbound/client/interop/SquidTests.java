package dev.outbound.client.interop;

import java.util.function.Consumer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * squid as an HTTP proxy that wants to know who asks, on every engine that takes one.
 */
@Tag("interop")
@Tag("slow")
@Timeout(30)
@ExtendWith(InteropServers.class)
class SquidTests {

    private static final TestCertificates CERTIFICATES = TestCertificates.of("ip:127.0.0.1");

    private static final Script SERVING = (connection) -> connection
        .forEachRequest((request) -> connection.respond(200, "served"));

    private static LaneClient client(EngineLane lane, String proxy, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            builder.name("interop").maxConnections(2).sslContext(CERTIFICATES.client()).proxy(proxy);
            settings.accept(builder);
        });
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "REACTOR" })
    void forwards(EngineLane lane, Squid squid) {
        try (RawServer server = RawServer.start(SERVING);
                LaneClient client = client(lane, squid.url("user:secret@"), (b) -> b.baseUrl(server.url()))) {
            for (int i = 0; i < 10; i++) {
                Response response = client.post("/a?b=" + i, (spec) -> spec.text("body"));
                assertThat(response.text()).isEqualTo("served");
                assertThat(response.headers().getFirst("Via")).contains("squid");
            }
            assertThat(server.requests()).hasSize(10)
                .allSatisfy((request) -> assertThat(request).startsWith("POST /a?b=")
                    .doesNotContainIgnoringCase("proxy-authorization"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "REACTOR" })
    void opensOneTunnelForManyCalls(EngineLane lane, Squid squid) {
        try (RawServer server = RawServer.start(ServerTls.of(CERTIFICATES.server()), SERVING);
                LaneClient client = client(lane, squid.url("user:secret@"),
                        (b) -> b.baseUrl("https://127.0.0.1:" + server.port()))) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.post("/a", (spec) -> spec.text("body")).text()).isEqualTo("served");
            }
            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.requests()).hasSize(10)
                .allSatisfy((request) -> assertThat(request).doesNotContainIgnoringCase("proxy"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "REACTOR" })
    void wrongOrMissingCredentialsAreAFailureOfTheProxy(EngineLane lane, Squid squid) {
        for (String userinfo : new String[] { "user:wr0ng@", "" }) {
            try (RawServer server = RawServer.start(SERVING);
                    LaneClient client = client(lane, squid.url(userinfo), (b) -> {
                    })) {
                for (String scheme : new String[] { "http", "https" }) {
                    assertThatExceptionOfType(ProxyException.class).as(scheme)
                        .isThrownBy(() -> client.get(scheme + "://127.0.0.1:" + server.port() + "/"))
                        .withMessageContaining("407")
                        .withMessageContaining("basic")
                        .withMessageNotContaining("wr0ng")
                        .satisfies((ex) -> assertThat(ex.isRefusal()).isTrue());
                }
                assertThat(server.connections()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "REACTOR" })
    void aServerThatIsNotThereIsAFailureOfTheTunnelAndAnAnswerOfForwarding(EngineLane lane, Squid squid) {
        int port = ServerProcess.freePort();
        try (LaneClient client = client(lane, squid.url("user:secret@"), (b) -> {
        })) {
            assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(() -> client.get("https://127.0.0.1:" + port + "/"))
                .withMessageContaining("503");
            assertThat(client.get("http://127.0.0.1:" + port + "/").statusCode()).isEqualTo(503);
        }
    }

}
