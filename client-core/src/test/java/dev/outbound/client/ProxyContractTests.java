package dev.outbound.client;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.HostnameMismatchException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.ProxyServer;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.TlsSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Proxies, blocking and reactive from one body. Names end in {@code .test}, so that
 * looking one up on this side fails.
 */
@Timeout(30)
class ProxyContractTests {

    private static final TestCertificates SHOP = TestCertificates.of("dns:shop.test");

    private static final String BACKUP = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static final Script SERVING = (connection) -> connection
        .forEachRequest((request) -> connection.respond(200, "served"));

    private static LaneClient client(Lane lane, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            builder.name("lab").maxConnections(1);
            settings.accept(builder);
        });
    }

    private static String url(String scheme, int port) {
        return scheme + "://127.0.0.1:" + port;
    }

    private static RawServer plain() {
        return RawServer.start(SERVING);
    }

    private static RawServer secure() {
        return RawServer.start(ServerTls.of(SHOP.server()), SERVING);
    }

    @ParameterizedTest
    @EnumSource
    void forwardsRequestsOfHttpUrls(Lane lane) {
        try (RawServer server = plain();
                ProxyServer proxy = ProxyServer.http(server.port(), "user", "pa:ss");
                LaneClient client = client(lane,
                        (b) -> b.auth(Auth.bearer("for-server"))
                            .baseUrl("http://shop.test")
                            .proxy("http://user:pa%3Ass@127.0.0.1:" + proxy.port()))) {
            assertThat(client.get("/a?b=c").text()).isEqualTo("served");
            assertThat(proxy.targets()).containsExactly("shop.test:80");
            assertThat(proxy.requests()).hasSize(1);
            assertThat(proxy.requests().get(0)).startsWith("GET http://shop.test/a?b=c HTTP/1.1\r\n")
                .contains("Host: shop.test\r\n");
            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0)).startsWith("GET /a?b=c HTTP/1.1\r\n")
                .contains("Authorization: Bearer for-server")
                .doesNotContainIgnoringCase("proxy-");
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensTunnelsForHttpsUrlsAndShowsTheProxyNothingOfTheRequest(Lane lane) {
        try (RawServer server = secure();
                ProxyServer proxy = ProxyServer.http(server.port(), "user", "secret");
                LaneClient client = client(lane, (b) -> b.auth(Auth.bearer("for-server"))
                    .baseUrl("https://shop.test")
                    .sslContext(SHOP.client())
                    .proxies(Proxies.all(
                            Proxy.of("http://user:secret@127.0.0.1:" + proxy.port()).withHeader("X-Proxy", "only"))))) {
            assertThat(client.get("/a").text()).isEqualTo("served");
            assertThat(client.get("/b").text()).isEqualTo("served");
            assertThat(proxy.targets()).containsExactly("shop.test:443");
            assertThat(proxy.requests()).hasSize(1);
            assertThat(proxy.requests().get(0)).startsWith("CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n")
                .contains("X-Proxy: only\r\n")
                .contains("Proxy-Authorization: Basic ")
                .doesNotContain("for-server");
            assertThat(server.requests()).hasSize(2)
                .allSatisfy((head) -> assertThat(head).startsWith("GET /")
                    .contains("Host: shop.test\r\n")
                    .doesNotContainIgnoringCase("proxy"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void verifiesTheHostBehindTheTunnel(Lane lane) {
        try (RawServer server = secure();
                ProxyServer proxy = ProxyServer.http(server.port());
                LaneClient client = client(lane, (b) -> b.sslContext(SHOP.client()).proxy(url("http", proxy.port())))) {
            assertThatExceptionOfType(HostnameMismatchException.class)
                .isThrownBy(() -> client.get("https://other.test/"));
            proxy.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void speaksToAProxyOverTlsOfItsOwn(Lane lane) {
        TestCertificates own = TestCertificates.of("ip:127.0.0.1");
        try (RawServer plain = plain();
                RawServer secure = secure();
                ProxyServer forwarding = ProxyServer.https(ServerTls.of(own.server()), plain.port());
                ProxyServer tunnelling = ProxyServer.https(ServerTls.of(own.server()), secure.port());
                LaneClient client = client(lane, (b) -> b.sslContext(SHOP.client())
                    .proxies(Proxies
                        .of(Map.of("http://", trusting(own, forwarding), "https://", trusting(own, tunnelling)))))) {
            assertThat(client.get("http://shop.test/").text()).isEqualTo("served");
            assertThat(client.get("https://shop.test/").text()).isEqualTo("served");
            assertThat(forwarding.targets()).containsExactly("shop.test:80");
            assertThat(tunnelling.targets()).containsExactly("shop.test:443");
        }
    }

    private static Proxy trusting(TestCertificates own, ProxyServer proxy) {
        return Proxy.of(url("https", proxy.port())).withTls(TlsSettings.defaults().withContext(own.client()));
    }

    /** The client's pins are those of servers, and the proxy's its own. */
    @ParameterizedTest
    @EnumSource
    void pinsOfServersAndOfTheProxyAreTheirOwn(Lane lane) {
        TestCertificates own = TestCertificates.of("ip:127.0.0.1");
        List<String> ofServer = List.of(TlsSettings.pin(SHOP.certificate()), BACKUP);
        List<String> ofProxy = List.of(TlsSettings.pin(own.certificate()), BACKUP);
        try (RawServer server = secure();
                ProxyServer proxy = ProxyServer.https(ServerTls.of(own.server()), server.port())) {
            try (LaneClient client = pinning(lane, ofServer, trusting(own, proxy, ofProxy))) {
                assertThat(client.get("https://shop.test/").text()).isEqualTo("served");
            }
            try (LaneClient client = pinning(lane, ofServer, trusting(own, proxy, List.of()))) {
                assertThat(client.get("https://shop.test/").text()).isEqualTo("served");
            }
            try (LaneClient client = pinning(lane, ofServer, trusting(own, proxy, ofServer))) {
                assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("https://shop.test/"));
            }
            try (LaneClient client = pinning(lane, ofProxy, trusting(own, proxy, ofProxy))) {
                assertThatExceptionOfType(CertificateRejectedException.class)
                    .isThrownBy(() -> client.get("https://shop.test/"))
                    .withMessageContaining("pin");
            }
            assertThat(server.requests()).hasSize(2);
            proxy.awaitOpen(0);
        }
    }

    private static LaneClient pinning(Lane lane, List<String> pins, Proxy proxy) {
        return client(lane, (b) -> b.tls(TlsSettings.defaults().withContext(SHOP.client()).withPins(pins))
            .proxies(Proxies.all(proxy)));
    }

    private static Proxy trusting(TestCertificates own, ProxyServer proxy, List<String> pins) {
        return Proxy.of(url("https", proxy.port()))
            .withTls(TlsSettings.defaults().withContext(own.client()).withPins(pins));
    }

    @ParameterizedTest
    @EnumSource
    void theTlsOfAProxyIsExchangedByARefresh(Lane lane) {
        TestCertificates own = TestCertificates.of("ip:127.0.0.1");
        try (RawServer server = plain();
                ProxyServer proxy = ProxyServer.https(ServerTls.of(own.server()), server.port());
                Session session = exchanged(trusting(own, proxy)).session()) {
            LaneClient client = (lane == Lane.BLOCKING) ? new LaneClient.Blocking(session.client())
                    : new LaneClient.Reactive(session.reactiveClient());
            assertThat(client.get("http://shop.test/").text()).isEqualTo("served");
            session.refresh(exchanged(trusting(SHOP, proxy)));
            proxy.awaitOpen(0);
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("http://shop.test/"));
            session.refresh(exchanged(trusting(own, proxy)));
            assertThat(client.get("http://shop.test/").text()).isEqualTo("served");
        }
    }

    private static ClientBuilder exchanged(Proxy proxy) {
        return Client.builder().name("lab").proxies(Proxies.all(proxy));
    }

    @ParameterizedTest
    @EnumSource
    void aProxyWithACertificateNobodyTrustsIsNotSpokenTo(Lane lane) {
        TestCertificates own = TestCertificates.of("ip:127.0.0.1");
        try (RawServer server = plain();
                ProxyServer proxy = ProxyServer.https(ServerTls.of(own.server()), server.port());
                LaneClient client = client(lane, (b) -> b.proxy(url("https", proxy.port())))) {
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("http://shop.test/"))
                .withMessageContaining("127.0.0.1:" + proxy.port());
            assertThat(proxy.requests()).isEmpty();
            proxy.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void speaksSocksAndLeavesTheLookupToTheProxy(Lane lane) {
        try (RawServer plain = plain();
                RawServer secure = secure();
                ProxyServer one = ProxyServer.socks(plain.port());
                ProxyServer two = ProxyServer.socks(secure.port(), "user", "secret");
                LaneClient client = client(lane,
                        (b) -> b.sslContext(SHOP.client())
                            .proxies(Proxies.of(Map.of("http://", Proxy.of(url("socks5", one.port())), "https://",
                                    Proxy.of("socks5h://user:secret@127.0.0.1:" + two.port())))))) {
            assertThat(client.get("http://shop.test:8080/").text()).isEqualTo("served");
            assertThat(client.get("http://10.1.2.3/").text()).isEqualTo("served");
            assertThat(client.get("http://[2001:db8::1]/").text()).isEqualTo("served");
            assertThat(client.get("https://shop.test/").text()).isEqualTo("served");
            assertThat(one.targets()).containsExactly("shop.test:8080", "10.1.2.3:80", "[2001:db8:0:0:0:0:0:1]:80");
            assertThat(two.targets()).containsExactly("shop.test:443");
            assertThat(plain.requests().get(0)).startsWith("GET / HTTP/1.1\r\nHost: shop.test:8080\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({ "BLOCKING, true", "BLOCKING, false", "REACTIVE, true", "REACTIVE, false" })
    void aSocksProxyRefusesWithoutTheRightCredentials(Lane lane, boolean given) {
        try (RawServer server = plain();
                ProxyServer proxy = ProxyServer.socks(server.port(), "user", "secret");
                LaneClient client = client(lane,
                        (b) -> b.proxy("socks5://" + (given ? "user:wr0ng@" : "") + "127.0.0.1:" + proxy.port()))) {
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("http://shop.test/"))
                .withMessageContaining(given ? "refused the user name or the password" : "credentials")
                .withMessageNotContaining("wr0ng")
                .satisfies((ex) -> assertThat(ex.isRefusal()).isTrue());
            proxy.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @CsvSource({ "1, general SOCKS server failure", "2, connection not allowed by ruleset", "3, network unreachable",
            "4, host unreachable", "5, connection refused", "6, TTL expired", "7, command not supported",
            "8, address type not supported", "9, code 9" })
    void eachReplyOfASocksProxyHasItsWords(int code, String words) {
        for (Lane lane : Lane.values()) {
            Script script = (connection) -> {
                connection.readBody(3);
                connection.write(new byte[] { 5, 0 });
                connection.readBody(4 + 1 + "shop.test".length() + 2);
                connection.write(new byte[] { 5, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0 });
                connection.hold();
            };
            try (RawServer proxy = RawServer.start(script);
                    LaneClient client = client(lane, (b) -> b.proxy(url("socks5", proxy.port())))) {
                assertThatExceptionOfType(ProxyException.class).as(lane.name())
                    .isThrownBy(() -> client.get("http://shop.test/"))
                    .withMessageContaining("shop.test:80: " + words);
                proxy.awaitOpen(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTunnelIsRefusedWithTheSchemesThatAreAskedFor(Lane lane) {
        Script script = (connection) -> {
            connection.readHead();
            connection.respond(407, "x".repeat(100_000), "Proxy-Authenticate: Negotiate",
                    "Proxy-Authenticate: Basic realm=\"secret-realm\"");
        };
        try (RawServer proxy = RawServer.start(script);
                LaneClient client = client(lane, (b) -> b.proxy(url("http", proxy.port())).retry(fast()))) {
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("https://shop.test/"))
                .withMessageContaining("407")
                .withMessageContaining("'negotiate, basic'")
                .withMessageNotContaining("secret-realm")
                .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.CONNECT));
            assertThat(proxy.connections()).as("a refusal is not asked for again").isEqualTo(1);
            proxy.awaitOpen(0);
        }
    }

    private static RetryPolicy fast() {
        return RetryPolicy.fixed(1, Duration.ofMillis(5));
    }

    @ParameterizedTest
    @EnumSource
    void whatAProxySaysInsteadOfATunnelIsNoResponse(Lane lane) {
        Script script = (connection) -> {
            connection.readHead();
            connection.respond(502, "<html>".repeat(1000));
        };
        try (RawServer proxy = RawServer.start(script);
                LaneClient client = client(lane, (b) -> b.proxy(url("http", proxy.port())))) {
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("https://shop.test/"))
                .withMessageContaining("502")
                .withMessageNotContaining("html");
            proxy.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "HTTP/1.1 200", "SSH-2.0-OpenSSH\\r\\n\\r\\n",
            "HTTP/1.1 200 OK\\r\\nbroken line\\r\\n\\r\\n", "HTTP/1.1 200 OK\\r\\n\\r\\nGET it early" })
    void anAnswerThatIsNoneIsTheProxysFault(String answer) {
        for (Lane lane : Lane.values()) {
            Script script = (connection) -> {
                connection.readHead();
                connection.write(answer.replace("\\r", "\r").replace("\\n", "\n"));
            };
            try (RawServer proxy = RawServer.start(script);
                    LaneClient client = client(lane,
                            (b) -> b.proxy(url("http", proxy.port())).sslContext(SHOP.client()).retry(fast()))) {
                assertThatExceptionOfType(ProxyException.class).as(lane.name())
                    .isThrownBy(() -> client.get("https://shop.test/"))
                    .satisfies((ex) -> assertThat(ex.isRefusal()).isFalse());
                assertThat(proxy.connections()).as("one is tried again").isEqualTo(2);
                proxy.awaitOpen(0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "BLOCKING, http", "BLOCKING, socks5", "REACTIVE, http", "REACTIVE, socks5" })
    void aProxyThatStallsIsLimitedLikeAConnection(Lane lane, String scheme) {
        try (RawServer proxy = RawServer.start(Connection::hold);
                LaneClient client = client(lane, (b) -> b.proxy(url(scheme, proxy.port())))) {
            assertThatExceptionOfType(ConnectTimeoutException.class)
                .isThrownBy(() -> client.get("https://shop.test/", (spec) -> spec.timeout(Duration.ofMillis(200))))
                .withMessageContaining("127.0.0.1:" + proxy.port());
            proxy.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProxyThatTricklesIsLimitedAsAWhole(Lane lane) {
        Script script = (connection) -> {
            connection.readHead();
            connection.trickle("HTTP/1.1 200 OK\r\nX: " + "y".repeat(100), Duration.ofMillis(50));
        };
        try (RawServer proxy = RawServer.start(script);
                LaneClient client = client(lane, (b) -> b.proxy(url("http", proxy.port())))) {
            assertThatExceptionOfType(ConnectTimeoutException.class)
                .isThrownBy(() -> client.get("https://shop.test/", (spec) -> spec.timeout(Duration.ofMillis(200))));
            proxy.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @CsvSource({ "BLOCKING, http", "BLOCKING, socks5", "REACTIVE, http", "REACTIVE, socks5" })
    void aProxyThatIsNotThereIsNamed(Lane lane, String scheme) throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0)) {
            port = gone.getLocalPort();
        }
        try (LaneClient client = client(lane, (b) -> b.proxy(url(scheme, port)))) {
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("http://shop.test/"))
                .withMessageContaining(scheme + "://127.0.0.1:" + port)
                .withMessageContaining("refused")
                .satisfies((ex) -> assertThat(ex.isRefusal()).isFalse());
        }
        try (LaneClient client = client(lane, (b) -> b.proxy(scheme + "://proxy.invalid:1"))) {
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("http://shop.test/"))
                .withMessageContaining("proxy.invalid")
                .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.LOOKUP));
        }
    }

    @ParameterizedTest
    @CsvSource({ "BLOCKING, true", "BLOCKING, false", "REACTIVE, true", "REACTIVE, false" })
    void answersADigestChallengeBeforeATunnel(Lane lane, boolean closing) {
        try (RawServer server = secure();
                RawServer proxy = RawServer.start((connection) -> digestProxy(connection, server.port(), closing));
                LaneClient client = client(lane, (b) -> b.sslContext(SHOP.client())
                    .proxy(url("http", proxy.port()), Auth.digest("user", "secret")))) {
            assertThat(client.get("https://shop.test/").text()).isEqualTo("served");
            assertThat(proxy.connections()).isEqualTo(closing ? 2 : 1);
            assertThat(proxy.requests()).hasSize(2);
            assertThat(proxy.requests().get(1)).contains("Proxy-Authorization: Digest username=\"user\"")
                .contains("uri=\"shop.test:443\"")
                .doesNotContain("\nAuthorization:");
            assertThat(server.requests().get(0)).doesNotContain("Digest");
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersADigestChallengeBeforeItForwards(Lane lane) {
        try (RawServer proxy = RawServer.start((connection) -> digestProxy(connection, 0, false));
                LaneClient client = client(lane,
                        (b) -> b.auth(Auth.bearer("for-server"))
                            .baseUrl("http://shop.test")
                            .proxy(url("http", proxy.port()), Auth.digest("user", "secret")))) {
            assertThat(client.post("/a?b", (spec) -> spec.text("body")).text()).isEqualTo("forwarded body");
            assertThat(proxy.requests()).hasSize(2);
            assertThat(proxy.requests().get(1)).contains("uri=\"http://shop.test/a?b\"")
                .contains("Authorization: Bearer for-server");
        }
    }

    private static void digestProxy(Connection connection, int target, boolean closing) throws Exception {
        for (String request = connection.readRequest(); request != null; request = connection.readRequest()) {
            if (!request.contains("Proxy-Authorization: Digest")) {
                connection.respond(407, "who?",
                        "Proxy-Authenticate: Digest realm=\"lab\", nonce=\"n0nce\", qop=\"auth\"",
                        closing ? "Connection: close" : "X-Proxy: lab");
                if (closing) {
                    return;
                }
            }
            else if (request.startsWith("CONNECT")) {
                Socket socket = new Socket("127.0.0.1", target);
                connection.write("HTTP/1.1 200 Connection established\r\n\r\n");
                connection.join(socket);
                return;
            }
            else {
                connection.respond(200, "forwarded " + request.substring(request.indexOf("\r\n\r\n") + 4));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "BLOCKING, http", "BLOCKING, https", "REACTIVE, http", "REACTIVE, https" })
    void aSchemeWithRequestsOfItsOwnShowsThemToNoProxy(Lane lane, String scheme) {
        Auth tokens = Auth.clientCredentials("https://idp.test/token", "id", "s3cret");
        try (RawServer proxy = RawServer.start(Connection::hold);
                LaneClient client = client(lane, (b) -> b.proxy(url("http", proxy.port()), tokens))) {
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get(scheme + "://shop.test/"))
                .withMessageContaining("basic or digest")
                .withMessageNotContaining("s3cret")
                .satisfies((ex) -> assertThat(ex.isRefusal()).isTrue());
            assertThat(proxy.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForwardingProxyThatRefusesTheCredentialsIsAFailure(Lane lane) {
        try (RawServer server = plain();
                ProxyServer proxy = ProxyServer.http(server.port(), "user", "secret");
                LaneClient client = client(lane, (b) -> b.proxy("http://user:wr0ng@127.0.0.1:" + proxy.port()))) {
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> client.get("http://shop.test/"))
                    .withMessageContaining("407")
                    .withMessageContaining("'basic'")
                    .withMessageNotContaining("wr0ng");
            }
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void hostsCanBeReachedWithoutTheProxy(Lane lane) {
        try (RawServer server = plain();
                RawServer proxy = RawServer.start(Connection::hold);
                LaneClient client = client(lane,
                        (b) -> b.proxies(Proxies.all(Proxy.of(url("http", proxy.port()))).except("127.0.0.0/8")))) {
            assertThat(client.get(server.url()).text()).isEqualTo("served");
            assertThat(proxy.connections()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachHopOfACallIsRoutedAnew(Lane lane) {
        Script redirecting = (connection) -> connection
            .forEachRequest((request) -> connection.respond(302, "", "Location: http://shop.test/next"));
        try (RawServer origin = RawServer.start(redirecting);
                RawServer server = plain();
                ProxyServer proxy = ProxyServer.http(server.port(), "user", "secret");
                LaneClient client = client(lane,
                        (b) -> b.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5))
                            .proxies(Proxies.all(Proxy.of("http://user:secret@127.0.0.1:" + proxy.port()))
                                .except("127.0.0.1")))) {
            assertThat(client.get(origin.url()).text()).isEqualTo("served");
            assertThat(proxy.targets()).containsExactly("shop.test:80");
            assertThat(origin.requests().get(0) + server.requests().get(0))
                .doesNotContainIgnoringCase("proxy-authorization");
        }
    }

    @ParameterizedTest
    @EnumSource
    void systemPropertiesAreNotLookedAt(Lane lane) {
        List<String> names = List.of("http.proxyHost", "https.proxyHost", "socksProxyHost");
        try (RawServer server = plain(); LaneClient client = client(lane, (b) -> {
        })) {
            names.forEach((name) -> System.setProperty(name, "proxy.invalid"));
            assertThat(client.get(server.url()).text()).isEqualTo("served");
        }
        finally {
            names.forEach(System::clearProperty);
        }
    }

}
