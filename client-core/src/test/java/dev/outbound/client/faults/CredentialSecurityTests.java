package dev.outbound.client.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.HostnameMismatchException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RedirectRejectedException;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.http.TransportException;
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

import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Security, sections D and F: credentials that stay with their origin, and TLS.
 */
@Rows
class CredentialSecurityTests {

    private static final TestCertificates LOCAL = TestCertificates.of("ip:127.0.0.1");

    private static ClientBuilder follow(ClientBuilder builder) {
        return builder.sslContext(LOCAL.client()).redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5));
    }

    private static Script redirect(String location) {
        return Cell.respond(302, "", "Location: " + location);
    }

    /** Other servers see nothing of what a call carries. */
    private static void staysAway(Cell cell, String header, String value) {
        RawServer other = cell.server(next());
        RawServer secure = cell.server(ServerTls.of(LOCAL.server()), next());
        for (String target : new String[] { other.url("/"), "http://127.0.0.2:" + other.port() + "/",
                "http://localhost:" + other.port() + "/", secure.url("/"), "//127.0.0.1:" + other.port() + "/" }) {
            RawServer server = cell.server(redirect(target));
            LaneClient client = cell.client(server, CredentialSecurityTests::follow);
            Throwable thrown = catchThrowable(() -> client.get("/", (spec) -> spec.header(header, value)));
            assertThat(server.requests().get(0)).containsIgnoringCase(header + ": " + value);
            // 127.0.0.2 and localhost may have nobody who listens: that is not the point.
            assertThat(thrown == null || thrown instanceof TransportException).isTrue();
        }
        List<String> seen = new ArrayList<>(other.requests());
        seen.addAll(secure.requests());
        assertThat(seen).hasSizeGreaterThanOrEqualTo(3)
            .allSatisfy((request) -> assertThat(request).doesNotContainIgnoringCase("\r\n" + header + ":")
                .doesNotContain(value));
    }

    @Row(id = "S38", when = "Authorization, and redirects to other hosts, ports and schemes", then = "Dropped")
    void authorization(Cell cell) {
        staysAway(cell, "Authorization", "Custom c4n4ry");
    }

    @Row(id = "S39", when = "API keys in headers of one's own, and such redirects", then = "Dropped")
    void apiKeys(Cell cell) {
        for (String name : new String[] { "X-Api-Key", "X-Auth-Token", "apikey", "X-My-Secret", "Api-Token",
                "X-Session-Password", "X-Amz-Signature" }) {
            staysAway(cell, name, "c4n4ry");
        }
    }

    @Row(id = "S40", when = "Cookie, by hand and from the jar, and such redirects",
            then = "Dropped; the jar's go where they belong")
    void cookies(Cell cell) {
        staysAway(cell, "Cookie", "c=c4n4ry");
        RawServer other = cell.server(next());
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> connection.respond(302,
                "", "Set-Cookie: jar=c4n4ry", "Location: http://localhost:" + other.port() + "/")));
        cell.client(server, CredentialSecurityTests::follow).get("/");
        assertThat(other.requests()).hasSize(1);
        assertThat(other.requests().get(0)).doesNotContain("c4n4ry");
    }

    @Row(id = "S41", when = "The caller sets Proxy-Authorization",
            then = "IllegalArgumentException: it is the proxy's, and the transport's")
    void proxyAuthorization(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> client.get("/", (spec) -> spec.header("Proxy-Authorization", "Basic " + Cell.SECRET)))
            .withMessageNotContaining(Cell.SECRET);
        ProxyServer proxy = cell.manage(ProxyServer.http(server.port(), "user", "pw"));
        LaneClient proxied = cell
            .client((builder) -> builder.baseUrl("http://shop.test").proxy("http://user:pw@127.0.0.1:" + proxy.port()));
        assertThat(proxied.get("/").text()).isEqualTo("next");
        assertThat(server.requests())
            .allSatisfy((request) -> assertThat(request).doesNotContainIgnoringCase("proxy-authorization"));
    }

    @Row(id = "S42", when = "A redirect to another port where only one's own origin is allowed",
            then = "RedirectRejectedException; nothing is sent there")
    void sameOrigin(Cell cell) {
        RawServer other = cell.server(next());
        RawServer server = cell.server(redirect(other.url("/")));
        LaneClient client = cell.client(server,
                (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.SAME_ORIGIN, 5)));
        cell.fails(RedirectRejectedException.class, Phase.HEAD, () -> client.get("/"));
        assertThat(other.connections()).isZero();
    }

    @Row(id = "S43", when = "A redirect from https to http, on the same host and to another",
            then = "RedirectRejectedException; nothing is sent there")
    void downgrade(Cell cell) {
        RawServer plain = cell.server(next());
        for (String host : new String[] { "127.0.0.1", "localhost" }) {
            RawServer server = cell.server(ServerTls.of(LOCAL.server()),
                    redirect("http://" + host + ":" + plain.port() + "/"));
            LaneClient client = cell.client(server, CredentialSecurityTests::follow);
            cell.fails(RedirectRejectedException.class, Phase.HEAD, () -> client.get("/"));
        }
        assertThat(plain.connections()).isZero();
    }

    @Row(id = "S44", when = "Redirects to another origin, within it, and back",
            then = "Credentials that were dropped do not come back")
    void chain(Cell cell) {
        RawServer[] servers = new RawServer[2];
        servers[1] = cell.server((connection) -> connection.forEachRequest((request) -> connection.respond(302, "",
                "Location: " + (request.startsWith("GET /one") ? "/two" : servers[0].url("/back")))));
        servers[0] = cell.server((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /back")) {
                connection.respond(200, "next");
            }
            else {
                connection.respond(302, "", "Location: " + servers[1].url("/one"));
            }
        }));
        LaneClient client = cell.client(servers[0],
                (builder) -> follow(builder).auth(Auth.bearer("c4n4ry")).header("X-Api-Key", "c4n4ry"));
        assertThat(client.get("/").text()).isEqualTo("next");
        assertThat(servers[0].requests().get(0)).contains("c4n4ry");
        assertThat(servers[1].requests()).hasSize(2).noneMatch((request) -> request.contains("c4n4ry"));
        assertThat(servers[0].requests().get(1)).doesNotContain("c4n4ry");
    }

    @Row(id = "S45", when = "The URL that redirects has a secret in its query", then = "No Referer is sent")
    void referer(Cell cell) {
        RawServer other = cell.server(next());
        RawServer server = cell.server(redirect(other.url("/")));
        cell.client(server, CredentialSecurityTests::follow).get("/?token=c4n4ry");
        assertThat(other.requests().get(0)).doesNotContainIgnoringCase("referer").doesNotContain("c4n4ry");
    }

    @Row(id = "S46", when = "The server behind a redirect asks for credentials",
            then = "The authentication does not answer: it is the first origin's")
    void challengeElsewhere(Cell cell) {
        RawServer other = cell.server(Cell.respond(401, "who?", "WWW-Authenticate: Basic realm=\"x\"",
                "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\""));
        RawServer server = cell.server(redirect(other.url("/")));
        for (Auth auth : new Auth[] { Auth.basic("user", "c4n4ry"), Auth.digest("user", "c4n4ry"),
                Auth.bearer("c4n4ry") }) {
            LaneClient client = cell.client(server,
                    (builder) -> follow(builder).auth(auth).retry(RetryPolicy.fixed(1, Duration.ZERO)));
            assertThat(client.get("/").statusCode()).isEqualTo(401);
        }
        assertThat(other.requests()).hasSize(3)
            .allSatisfy((request) -> assertThat(request).doesNotContainIgnoringCase("authorization"));
    }

    @Row(id = "S47", when = "20 clients with tokens of their own at once, one server", then = "Each sends its own only")
    void manyClients(Cell cell) {
        RawServer server = cell.server((connection) -> connection
            .forEachRequest((request) -> connection.respond(200, request.replaceAll("(?s).*Bearer (\\S+).*", "$1"))));
        List<CompletableFuture<Void>> users = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String token = "token-" + i;
            LaneClient client = cell.client(server, (builder) -> builder.auth(Auth.bearer(token)));
            users.add(CompletableFuture.runAsync(() -> {
                for (int call = 0; call < 10; call++) {
                    assertThat(client.get("/").text()).isEqualTo(token);
                }
            }));
        }
        users.forEach((user) -> assertThat(user).succeedsWithin(Cell.LONG));
        assertThat(server.connections()).isEqualTo(20);
    }

    @Row(id = "S48", when = "A digest challenge of one server, then a call to another",
            then = "Nothing of the first one's state is sent")
    void digestState(Cell cell) {
        Script challenging = (connection) -> connection.forEachRequest((request) -> {
            if (request.contains("Authorization: Digest")) {
                connection.respond(200, "next");
            }
            else {
                connection.respond(401, "", "WWW-Authenticate: Digest realm=\"first\", nonce=\"n1\", qop=\"auth\"");
            }
        });
        RawServer server = cell.server(challenging);
        RawServer other = cell.server(next());
        LaneClient client = cell.client((builder) -> builder.baseUrl(server.url())
            .withoutHeader("Authorization")
            .auth(Auth.digest("user", "pw"))
            .allowAbsoluteUrls(true));
        assertThat(client.get("/").text()).isEqualTo("next");
        assertThat(client.get(other.url("/")).text()).isEqualTo("next");
        assertThat(other.requests().get(0)).doesNotContainIgnoringCase("digest").doesNotContain("n1");
    }

    @Row(id = "S49", when = "System properties of proxies are set", then = "Not used unless asked for")
    void systemProperties(Cell cell) {
        RawServer proxy = cell.server(Cell.respond(502, "proxied"));
        RawServer server = cell.server(next());
        System.setProperty("http.proxyHost", "127.0.0.1");
        System.setProperty("http.proxyPort", Integer.toString(proxy.port()));
        System.setProperty("http.nonProxyHosts", "");
        try {
            assertThat(cell.client(server).get("/").text()).isEqualTo("next");
        }
        finally {
            System.clearProperty("http.proxyHost");
            System.clearProperty("http.proxyPort");
            System.clearProperty("http.nonProxyHosts");
        }
        assertThat(proxy.connections()).isZero();
    }

    @Row(id = "S50", when = "307 with a body, and 303, to another origin",
            then = "RedirectRejectedException; 303 is followed without the body")
    void bodyToAnotherOrigin(Cell cell) {
        RawServer other = cell.server(next());
        RawServer server = cell.server(Cell.respond(307, "", "Location: " + other.url("/")));
        LaneClient client = cell.client(server,
                (builder) -> follow(builder).auth(Auth.bearer("c4n4ry")).header("X-Api-Key", "c4n4ry"));
        cell.fails(RedirectRejectedException.class, Phase.HEAD, () -> client.post("/", (spec) -> spec.text("body")));
        assertThat(other.connections()).isZero();
        RawServer second = cell.server(Cell.respond(303, "", "Location: " + other.url("/")));
        cell.client(second, CredentialSecurityTests::follow).post("/", (spec) -> spec.text("body"));
        assertThat(other.requests().get(0)).startsWith("GET /").doesNotContainIgnoringCase("content-length");
    }

    @Row(id = "S62", when = "The certificate is for another host, also through a tunnel",
            then = "HostnameMismatchException; nothing is sent")
    void hostNames(Cell cell) {
        TestCertificates other = TestCertificates.of("dns:other.test");
        RawServer server = cell.server(ServerTls.of(other.server()), next());
        LaneClient direct = cell.client(server, (builder) -> builder.sslContext(other.client()));
        cell.fails(HostnameMismatchException.class, Phase.TLS, () -> direct.get("/"));
        ProxyServer proxy = cell.manage(ProxyServer.http(server.port()));
        LaneClient tunnelled = cell.client((builder) -> builder.baseUrl("https://shop.test")
            .sslContext(other.client())
            .proxy("http://127.0.0.1:" + proxy.port()));
        cell.fails(HostnameMismatchException.class, Phase.TLS, () -> tunnelled.get("/"));
        assertThat(server.requests()).isEmpty();
    }

    @Row(id = "S64", when = "A client that trusts the server, then one that does not", then = "The second one refuses")
    void trustIsNotShared(Cell cell) {
        RawServer server = cell.server(ServerTls.of(LOCAL.server()), next());
        LaneClient trusting = cell.client(server, (builder) -> builder.sslContext(LOCAL.client()));
        LaneClient other = cell.client(server,
                (builder) -> builder.sslContext(TestCertificates.of("dns:other.test").client()));
        for (int i = 0; i < 3; i++) {
            assertThat(trusting.get("/").text()).isEqualTo("next");
            assertThat(catchThrowable(() -> other.get("/"))).isInstanceOf(TlsException.class);
        }
        assertThat(server.requests()).hasSize(3);
    }

    @Row(id = "S65", when = "The server speaks TLS 1.1 at most", then = "TlsException; nothing is sent")
    void oldVersions(Cell cell) {
        RawServer server = cell.server(ServerTls.of(LOCAL.server()).speaking("TLSv1.1"), next());
        LaneClient client = cell.client(server, (builder) -> builder.sslContext(LOCAL.client()));
        cell.fails(TlsException.class, Phase.TLS, () -> client.get("/"));
        assertThat(server.requests()).isEmpty();
    }

    @Row(id = "S67", when = "A client with a key and one without, the same server, twice each",
            then = "The key's client alone shows it; no session is taken over")
    void clientKeys(Cell cell) {
        TestCertificates key = TestCertificates.of("dns:client.test");
        RawServer server = cell.server(ServerTls.of(LOCAL.serverTrusting(key)).demandingCertificates(), next());
        LaneClient with = cell.client(server, (builder) -> builder.sslContext(LOCAL.clientShowing(key)));
        LaneClient without = cell.client(server, (builder) -> builder.sslContext(LOCAL.client()));
        for (int i = 0; i < 2; i++) {
            assertThat(with.get("/").text()).isEqualTo("next");
            cell.isRefused(() -> without.get("/"));
        }
        assertThat(server.requests()).hasSize(2);
    }

    @Row(id = "S69", when = "A proxy that is spoken to over TLS, with a certificate of another",
            then = "Refused, and no word of the server's is sent; with the right one it works")
    void secureProxy(Cell cell) {
        TestCertificates shop = TestCertificates.of("dns:shop.test,ip:127.0.0.1");
        TestCertificates other = TestCertificates.of("dns:other.test");
        RawServer server = cell.server(ServerTls.of(shop.server()), next());
        ProxyServer bad = cell.manage(ProxyServer.https(ServerTls.of(other.server()), server.port()));
        LaneClient refusing = cell.client((builder) -> builder.baseUrl("https://shop.test")
            .sslContext(shop.client())
            .proxy("https://127.0.0.1:" + bad.port()));
        assertThat(catchThrowable(() -> refusing.get("/"))).isInstanceOf(TransportException.class);
        assertThat(bad.requests()).isEmpty();
        ProxyServer good = cell.manage(ProxyServer.https(ServerTls.of(LOCAL.server()), server.port()));
        LaneClient client = cell.client((builder) -> builder.baseUrl("https://shop.test")
            .sslContext(shop.client())
            .proxies(Proxies.all(Proxy.of("https://127.0.0.1:" + good.port())
                .withTls(TlsSettings.defaults().withContext(LOCAL.client())))));
        assertThat(client.get("/").text()).isEqualTo("next");
        assertThat(good.targets()).containsExactly("shop.test:443");
    }

}
