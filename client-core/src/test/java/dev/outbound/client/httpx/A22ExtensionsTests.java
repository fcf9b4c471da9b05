package dev.outbound.client.httpx;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.Hook;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.Sending;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.TlsSettings;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;

class A22ExtensionsTests extends AbstractFeatureTests {

    private static final String URL = "http://shop.test/a";

    @ParameterizedTest
    @EnumSource
    @DisplayName("A22 request: timeout: each request has its limits, the client's unless it says others")
    void timeout(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.timeout(Duration.ofSeconds(7)));
        client.get(URL);
        assertThat(sent().timeouts().write()).isEqualTo(Duration.ofSeconds(7));
        client.get(URL, (spec) -> spec.timeouts(Timeouts.none()));
        assertThat(sent().timeouts()).isEqualTo(Timeouts.none());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A22 request: trace: hooks are told of each sending, its reason, outcome and time")
    void trace(Lane lane) {
        List<String> trace = new ArrayList<>();
        this.upstream = FakeUpstream.answering(status(302, "Location: /b"), ok(""));
        client(lane, (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1)).hook(new Hook() {

            @Override
            public void onAttempt(Sending sending) {
                assertThat(sending.response()).isNotNull();
                assertThat(sending.elapsed()).isGreaterThanOrEqualTo(Duration.ZERO);
                trace.add(sending.number() + " " + sending.reason() + " " + sending.response().statusCode());
            }

        })).get(URL);
        assertThat(trace).containsExactly("1 CALL 302", "2 REDIRECT 200");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A22 request: sni_hostname: a setting of the client; certificates must be for that name")
    void serverName(Lane lane) {
        TestCertificates shop = TestCertificates.of("dns:shop.test");
        try (RawServer server = RawServer.start(ServerTls.of(shop.server()),
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));
                LaneClient client = lane.client((builder) -> builder.baseUrl(server.url())
                    .tls(TlsSettings.defaults().withContext(shop.client()).withServerName("shop.test")))) {
            assertThat(client.get("/").text()).isEqualTo("served");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A22 response: version and reason phrase; the socket stays the engine's")
    void response(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> connection
            .forEachRequest((request) -> connection.write("HTTP/1.1 200 Wonderful\r\nContent-Length: 0\r\n\r\n")));
                LaneClient client = client(lane, server)) {
            Response response = client.get("/");
            assertThat(response.httpVersion()).isEqualTo("HTTP/1.1");
            assertThat(response.reasonPhrase()).isEqualTo("Wonderful");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A22 on redirects: attributes of a request go on with it; nothing of them is sent")
    void onRedirects(Lane lane) {
        this.upstream = FakeUpstream.answering(status(302, "Location: https://other.test/"), ok(""));
        client(lane, (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1))).get(URL,
                (spec) -> spec.attribute("tenant", "acme"));
        assertThat(this.upstream.requests()).hasSize(2)
            .allSatisfy((request) -> assertThat(request.attributes()).containsEntry("tenant", "acme"))
            .allSatisfy((request) -> assertThat(request.fields().toString()).doesNotContain("acme"));
    }

}
