package dev.outbound.client.faults;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.ProxyServer;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TcpProxy;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;

import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Section I: proxies.
 */
@Rows
class ProxyFaultTests {

    private static final TestCertificates SHOP = TestCertificates.of("dns:shop.test");

    private static final RetryPolicy TWICE = RetryPolicy.fixed(1, Duration.ZERO);

    /** Return a client of a server that only the proxy could reach, over TLS. */
    private static LaneClient secure(Cell cell, String proxy) {
        return cell.client(
                (builder) -> builder.baseUrl("https://shop.test").sslContext(SHOP.client()).retry(TWICE).proxy(proxy));
    }

    private static <T extends RequestException> T fails(Cell cell, Script proxy, Class<T> type, int attempts) {
        RawServer server = cell.server(proxy, proxy);
        LaneClient client = secure(cell, server.url());
        Throwable thrown = catchThrowable(() -> client.get("/"));
        assertThat(thrown).isInstanceOf(type);
        T failure = type.cast(thrown);
        Cell.checkMessage(failure);
        assertThat(failure.getMessage()).contains("127.0.0.1:" + server.port());
        assertThat(server.connections()).as("attempts").isEqualTo(attempts);
        assertThat(server.requests()).allSatisfy(
                (head) -> assertThat(head).startsWith("CONNECT shop.test:443 HTTP/1.1").doesNotContain(Cell.SECRET));
        server.awaitOpen(0);
        return failure;
    }

    @Row(id = "I1", when = "The proxy's port is closed",
            then = "ProxyException that names the proxy; calls of every method are retried")
    void refused(Cell cell) {
        RawServer closed = RawServer.start(next());
        closed.close();
        LaneClient client = secure(cell, closed.url());
        Throwable thrown = catchThrowable(() -> client.post("/", (spec) -> spec.text("x")));
        assertThat(thrown).isInstanceOf(ProxyException.class).hasMessageContaining("127.0.0.1:" + closed.port());
        Cell.checkMessage((ProxyException) thrown);
    }

    @Row(id = "I2", when = "CONNECT is answered 407",
            then = "ProxyException with the schemes that it offers; not retried")
    void authenticationRequired(Cell cell) {
        ProxyException failure = fails(cell,
                (connection) -> connection.forEachRequest((request) -> connection.respond(407, "who?",
                        "Proxy-Authenticate: Basic realm=\"lab\"", "Proxy-Authenticate: Negotiate")),
                ProxyException.class, 1);
        assertThat(failure.getMessage()).contains("407").containsIgnoringCase("basic");
    }

    @Row(id = "I3", when = "CONNECT is answered 502 with 10 MB",
            then = "ProxyException; the body is not read, and never shown as the server's; not retried")
    void badGateway(Cell cell) {
        ProxyException failure = fails(cell, (connection) -> {
            connection.readHead();
            connection.write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 10000000\r\n\r\n");
            byte[] piece = "c4n4ry\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 1400; i++) {
                connection.write(piece);
            }
            connection.hold();
        }, ProxyException.class, 1);
        assertThat(failure.getMessage()).contains("502").doesNotContain("c4n4ry");
    }

    @Row(id = "I4", when = "CONNECT is answered by garbage, by half a head, by the end",
            then = "ProxyException; connection closed")
    void garbage(Cell cell) {
        for (String answer : new String[] { "SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\nX-", "" }) {
            fails(cell, Cell.answer(answer), ProxyException.class, 2);
        }
    }

    @Row(id = "I5", when = "The proxy is silent after CONNECT",
            then = "ConnectTimeoutException; connection closed; retried")
    void silent(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readHead();
            connection.hold();
        });
        LaneClient client = cell.client((builder) -> builder.baseUrl("https://shop.test")
            .sslContext(SHOP.client())
            .timeouts(Cell.LIMITS.withConnect(Cell.SHORT))
            .proxy(server.url()));
        Throwable thrown = catchThrowable(() -> client.get("/"));
        assertThat(thrown).isInstanceOf(ConnectTimeoutException.class);
        Cell.checkMessage((ConnectTimeoutException) thrown);
        server.awaitOpen(0);
    }

    @Row(id = "I6", when = "Server and proxy both ask for credentials",
            then = "Each gets its own, in tunnels and for absolute URLs")
    void credentials(Cell cell) {
        RawServer secured = cell.server(ServerTls.of(SHOP.server()), next());
        RawServer plain = cell.server(next());
        for (RawServer server : new RawServer[] { secured, plain }) {
            ProxyServer proxy = cell.manage(ProxyServer.http(server.port(), "user", "proxy-pw"));
            String scheme = (server == secured) ? "https" : "http";
            LaneClient client = cell.client((builder) -> builder.baseUrl(scheme + "://shop.test")
                .sslContext(SHOP.client())
                .auth(Auth.basic("me", "server-pw"))
                .proxy("http://user:proxy-pw@127.0.0.1:" + proxy.port()));
            assertThat(client.get("/").text()).isEqualTo("next");
            assertThat(server.requests()).allSatisfy((head) -> assertThat(head).contains("Basic bWU6c2VydmVyLXB3")
                .doesNotContainIgnoringCase("proxy-authorization"));
            assertThat(proxy.targets()).containsExactly("shop.test:" + ((server == secured) ? 443 : 80));
            if (server == secured) {
                assertThat(proxy.requests()).noneMatch((head) -> head.contains("bWU6c2VydmVyLXB3"));
            }
        }
    }

    @Row(id = "I7", when = "Exceptions from the proxy with trailing dot, upper case, port, range, IPv6",
            then = "Goes past the proxy, and only then")
    void exceptions(Cell cell) {
        RawServer server = cell.server(next());
        RawServer proxy = cell.server(Cell.respond(502, "proxied"));
        Proxies proxies = Proxies.all(Proxy.of(proxy.url()));
        for (String exception : new String[] { "127.0.0.1", "127.0.0.0/8", "127.0.0.1:" + server.port() }) {
            assertThat(cell.client((builder) -> builder.baseUrl(server.url()).proxies(proxies.except(exception)))
                .get("/")
                .text()).as(exception).isEqualTo("next");
        }
        for (String exception : new String[] { "SHOP.test.", "shop.test", ".TEST",
                "other.test, shop.test:" + server.port() }) {
            LaneClient client = cell.client((builder) -> builder.baseUrl("http://Shop.test.:" + server.port())
                .resolver((host) -> List.of(InetAddress.getByName("127.0.0.1")))
                .proxies(proxies.except(exception.split(", "))));
            assertThat(client.get("/").text()).as(exception).isEqualTo("next");
        }
        assertThat(proxy.connections()).isZero();
        for (String exception : new String[] { "127.0.0.2", "127.0.0.1:1", "0.0.1", "::1", "op.test" }) {
            assertThat(cell.client((builder) -> builder.baseUrl(server.url()).proxies(proxies.except(exception)))
                .get("/")
                .statusCode()).as(exception).isEqualTo(502);
        }
        Map<String, String> environment = Map.of("http_proxy", proxy.url(), "no_proxy", "other.test,127.0.0.1");
        assertThat(cell.client((builder) -> builder.baseUrl(server.url()).proxies(Proxies.environment(environment)))
            .get("/")
            .text()).isEqualTo("next");
    }

    @Row(id = "I8", when = "The proxy drops all its connections, ten times, under load",
            then = "No failure of GET with retries")
    void proxyRestarts(Cell cell) {
        RawServer server = cell.server(next());
        ProxyServer proxy = cell.manage(ProxyServer.http(server.port()));
        TcpProxy line = cell.manage(TcpProxy.to(proxy.port()));
        LaneClient client = cell.client((builder) -> builder.baseUrl("http://shop.test")
            .proxy("http://127.0.0.1:" + line.port())
            .maxConnections(4)
            .retryBudget(null)
            .retry(RetryPolicy.fixed(8, Duration.ofMillis(5))));
        AtomicInteger served = new AtomicInteger();
        List<CompletableFuture<Void>> users = new ArrayList<>();
        for (int user = 0; user < 4; user++) {
            users.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 25; i++) {
                    assertThat(client.get("/").text()).isEqualTo("next");
                    served.incrementAndGet();
                }
            }));
        }
        for (int restart = 1; restart <= 10; restart++) {
            int enough = restart * 8;
            Cell.await(() -> served.get() >= enough, () -> "served: " + served);
            line.cut();
        }
        users.forEach((user) -> assertThat(user).succeedsWithin(Cell.LONG));
    }

}
