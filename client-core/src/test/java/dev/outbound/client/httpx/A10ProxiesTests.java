package dev.outbound.client.httpx;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.HostnameMismatchException;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.ProxyServer;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.TlsSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class A10ProxiesTests extends AbstractFeatureTests {

    private static final TestCertificates SHOP = TestCertificates.of("dns:shop.test");

    private static RawServer secureEcho() {
        return RawServer.start(ServerTls.of(SHOP.server()),
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, request)));
    }

    private static @Nullable String chosen(Proxies proxies, String url) {
        Proxy proxy = proxies.choose(Url.parse(url));
        return (proxy != null) ? proxy.toString() : null;
    }

    @Test
    @DisplayName("A10 proxy=: http, https, socks5, socks5h; other schemes are refused")
    void forms() {
        for (String scheme : List.of("http", "https", "socks5", "socks5h")) {
            assertThat(Proxy.of(scheme + "://proxy.test:3128").scheme()).isEqualTo(scheme);
        }
        assertThat(Proxy.of("http://proxy.test")).hasToString("http://proxy.test:80");
        assertThatIllegalArgumentException().isThrownBy(() -> Proxy.of("ftp://proxy.test"))
            .withMessageContaining("ftp");
    }

    @Test
    @DisplayName("A10 credentials: of the URL, decoded; or given; shown nowhere")
    void credentials() {
        Proxy proxy = Proxy.of("http://us%20er:s3%3Acr3t@proxy.test:3128");
        assertThat(proxy.username()).isEqualTo("us er");
        assertThat(proxy.password()).isEqualTo("s3:cr3t");
        assertThat(proxy.url().text()).isEqualTo("http://proxy.test:3128");
        assertThat(proxy.toString() + Proxies.all(proxy)).doesNotContain("s3", "us");
        assertThat(Proxy.of("http://proxy.test").withCredentials("u", "p").username()).isEqualTo("u");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A10 effect: serves all URLs, or those of a pattern; what is more specific wins; nothing is read unasked")
    void effect(Lane lane) {
        Map<String, @Nullable Proxy> patterns = new LinkedHashMap<>();
        patterns.put("all://", Proxy.of("http://all.test"));
        patterns.put("https://", Proxy.of("http://secure.test"));
        patterns.put("all://direct.test", null);
        Proxies proxies = Proxies.of(patterns);
        assertThat(chosen(proxies, "http://a.test/")).isEqualTo("http://all.test:80");
        assertThat(chosen(proxies, "https://a.test/")).isEqualTo("http://secure.test:80");
        assertThat(chosen(proxies, "https://direct.test/")).isNull();
        assertThat(client(lane).settings().transport().proxies().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A10 http target: the absolute URL, with the proxy's headers and credentials beside the request's")
    void httpTarget(Lane lane) {
        try (RawServer server = echo();
                ProxyServer proxy = ProxyServer.http(server.port(), "user", "pass");
                LaneClient client = lane.client((builder) -> builder.proxies(Proxies
                    .all(Proxy.of("http://user:pass@127.0.0.1:" + proxy.port()).withHeader("X-Proxy", "1"))))) {
            assertThat(client.get("http://shop.test/a?b=c").text()).startsWith("GET /a?b=c HTTP/1.1\r\n");
            assertThat(proxy.requests()).hasSize(1);
            assertThat(proxy.requests().get(0)).startsWith("GET http://shop.test/a?b=c HTTP/1.1\r\n")
                .contains("Host: shop.test\r\n", "X-Proxy: 1\r\n", "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A10 https target: a tunnel; the server sees nothing of the proxy's; a refusal is a ProxyException")
    void httpsTarget(Lane lane) {
        try (RawServer server = secureEcho();
                ProxyServer proxy = ProxyServer.http(server.port(), "user", "pass");
                LaneClient client = lane.client((builder) -> builder.sslContext(SHOP.client())
                    .proxy("http://user:pass@127.0.0.1:" + proxy.port()));
                LaneClient unknown = lane.client((builder) -> builder.proxy("http://127.0.0.1:" + proxy.port()))) {
            assertThat(client.get("https://shop.test/a").text()).startsWith("GET /a HTTP/1.1\r\n")
                .doesNotContainIgnoringCase("proxy");
            assertThat(proxy.requests().get(0)).startsWith("CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n");
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> unknown.get("https://shop.test/a"))
                .withMessageContaining("407");
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "JDK_BLOCKING", "JDK_REACTIVE" })
    @DisplayName("A10 HTTP/2 through a tunnel: the engine that speaks it takes no proxy, and says so")
    void http2ThroughATunnel(EngineLane lane) {
        assertThatIllegalStateException()
            .isThrownBy(() -> lane.client((builder) -> builder.http2(Http2.NEGOTIATED).proxy("http://127.0.0.1:3128")))
            .withMessageContaining("has an http proxy")
            .withMessageContaining("which engine jdk cannot honour; use engine");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A10 tunnel gaps: there are none: server name, verification and retries hold in tunnels, too")
    void noGaps(Lane lane) {
        try (RawServer server = secureEcho();
                ProxyServer proxy = ProxyServer.http(server.port());
                LaneClient client = lane.client((builder) -> builder.proxy("http://127.0.0.1:" + proxy.port())
                    .tls(TlsSettings.defaults().withContext(SHOP.client()).withServerName("shop.test")))) {
            assertThat(client.get("https://alias.test/").statusCode()).isEqualTo(200);
        }
        try (RawServer server = secureEcho();
                ProxyServer proxy = ProxyServer.http(server.port());
                LaneClient client = lane
                    .client((builder) -> builder.sslContext(SHOP.client()).proxy("http://127.0.0.1:" + proxy.port()))) {
            assertThatExceptionOfType(HostnameMismatchException.class)
                .isThrownBy(() -> client.get("https://alias.test/"));
        }
        try (RawServer gone = RawServer.start((connection) -> connection.rst());
                LaneClient client = lane
                    .client((builder) -> builder.proxy(gone.url()).retry(RetryPolicy.fixed(2, Duration.ofMillis(1))))) {
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("https://shop.test/"));
            assertThat(gone.connections()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A10 SOCKS5: the proxy looks names up; credentials; a refusal has its words; its handshake has a limit")
    void socks(Lane lane) {
        try (RawServer server = echo();
                ProxyServer proxy = ProxyServer.socks(server.port(), "user", "pass");
                LaneClient client = lane
                    .client((builder) -> builder.proxy("socks5://user:pass@127.0.0.1:" + proxy.port()))) {
            assertThat(client.get("http://shop.test/a").text()).startsWith("GET /a HTTP/1.1\r\nHost: shop.test\r\n");
            assertThat(proxy.targets()).containsExactly("shop.test:80");
        }
        try (RawServer proxy = RawServer.start((connection) -> {
            connection.readBody(3);
            connection.write(new byte[] { 5, 0 });
            connection.readBody(16);
            connection.write(new byte[] { 5, 5, 0, 1, 0, 0, 0, 0, 0, 0 });
        }); LaneClient client = lane.client((builder) -> builder.proxy("socks5://127.0.0.1:" + proxy.port()))) {
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("http://shop.test/"))
                .withMessageContaining("connection refused");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A10 digest/NTLM to a proxy: digest is answered; NTLM is not known, and said so")
    void digest(Lane lane) {
        try (RawServer proxy = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            if (request.contains("Proxy-Authorization: Digest username=\"user\"")) {
                connection.respond(200, "forwarded");
            }
            else {
                connection.respond(407, "", "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
            }
        })); LaneClient client = lane.client((builder) -> builder.proxy(proxy.url(), Auth.digest("user", "pass")))) {
            assertThat(client.get("http://shop.test/").text()).isEqualTo("forwarded");
        }
        try (RawServer proxy = RawServer.start((connection) -> connection
            .forEachRequest((request) -> connection.respond(407, "", "Proxy-Authenticate: NTLM")));
                LaneClient client = lane.client((builder) -> builder.proxy(proxy.url(), Auth.digest("user", "pass")))) {
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("http://shop.test/"))
                .withMessageContaining("ntlm");
        }
    }

    @Test
    @DisplayName("A10 environment: read where it is asked for; lower case first, http:// where a scheme is missing")
    void environment() {
        Proxies proxies = Proxies.environment(Map.of("HTTP_PROXY", "upper.test:1", "http_proxy", "lower.test:2",
                "HTTPS_PROXY", "http://secure.test:3", "ALL_PROXY", "socks5://all.test:4"));
        assertThat(chosen(proxies, "http://a.test/")).isEqualTo("http://lower.test:2");
        assertThat(chosen(proxies, "https://a.test/")).isEqualTo("http://secure.test:3");
        assertThat(chosen(Proxies.environment(Map.of("HTTP_PROXY", "evil.test:1", "REQUEST_METHOD", "GET")),
                "http://a.test/"))
            .as("under CGI a request could set it")
            .isNull();
    }

    @Test
    @DisplayName("A10 NO_PROXY: names with those below, .names, addresses, *; ranges, which HTTPX does not match")
    void noProxy() {
        Proxies proxies = Proxies.environment(Map.of("ALL_PROXY", "http://proxy.test", "NO_PROXY",
                "one.test, .two.test, 192.168.1.1, 10.0.0.0/8, localhost"));
        for (String direct : List.of("http://one.test/", "http://a.one.test/", "http://a.two.test/",
                "http://192.168.1.1/", "http://10.1.2.3/", "http://localhost/")) {
            assertThat(chosen(proxies, direct)).as(direct).isNull();
        }
        for (String through : List.of("http://notone.test/", "http://two.test/", "http://192.168.1.2/",
                "http://11.0.0.1/")) {
            assertThat(chosen(proxies, through)).as(through).isEqualTo("http://proxy.test:80");
        }
        assertThat(chosen(Proxies.environment(Map.of("ALL_PROXY", "http://proxy.test", "NO_PROXY", "*")),
                "http://a.test/"))
            .isNull();
    }

}
