package dev.outbound.client.faults;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.springframework.http.HttpMethod;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RedirectRejectedException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TooManyRedirectsException;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.transport.AddressGuard;

import static dev.outbound.client.faults.Cell.next;
import static dev.outbound.client.faults.Cell.respond;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Section H: redirects and cookies.
 */
@Rows
class RedirectFaultTests {

    private static ClientBuilder follow(ClientBuilder builder) {
        return builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5));
    }

    /** Redirects everything but {@code /next}, which says how it was asked. */
    private static Script redirect(int status, String location) {
        return (connection) -> connection.forEachRequest((request) -> {
            if (request.contains(" /next")) {
                connection.respond(200, "next");
            }
            else {
                connection.respond(status, "", "Location: " + location);
            }
        });
    }

    @Row(id = "H1", when = "A redirects to B, B to A, without end", then = "TooManyRedirectsException after the limit")
    void loop(Cell cell) {
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /next")) {
                connection.respond(200, "next");
            }
            else {
                connection.respond(302, "", "Location: " + (request.startsWith("GET /a") ? "/b" : "/a"));
            }
        }));
        LaneClient client = cell.client(server, RedirectFaultTests::follow);
        cell.fails(TooManyRedirectsException.class, Phase.HEAD, () -> client.get("/a"));
        assertThat(server.requests()).hasSize(6);
        Cell.served(client);
    }

    @Row(id = "H2", when = "A redirect without Location", then = "Delivered as it is")
    void withoutLocation(Cell cell) {
        for (int status : new int[] { 301, 302, 303, 307, 308, 300 }) {
            RawServer server = cell.server(respond(status, "here"));
            Response response = cell.client(server, RedirectFaultTests::follow).get("/");
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.text()).isEqualTo("here");
        }
    }

    @Row(id = "H3", when = "Location: malformed", then = "RemoteProtocolException; nothing more is sent")
    void malformedLocation(Cell cell) {
        for (String location : new String[] { "http://[", "http://[::1", "http://a:b", "http://a:99999/" }) {
            RawServer server = cell.server(redirect(302, location));
            LaneClient client = cell.client(server, RedirectFaultTests::follow);
            try {
                cell.fails(RemoteProtocolException.class, Phase.HEAD, () -> client.get("/"));
            }
            catch (AssertionError ex) {
                throw new AssertionError("Location " + location + ": " + ex.getMessage(), ex);
            }
            assertThat(server.requests()).hasSize(1);
            Cell.served(client);
        }
    }

    @Row(id = "H4", when = "Location: file:, ftp:, jar:, javascript:, data:, gopher:",
            then = "RemoteProtocolException; nothing more is sent")
    void otherSchemes(Cell cell) {
        for (String location : new String[] { "file:///etc/passwd", "ftp://127.0.0.1/x", "jar:file:/x.jar!/y",
                "javascript:alert(1)", "data:text/plain,x", "gopher://127.0.0.1:70/" }) {
            RawServer server = cell.server(redirect(302, location));
            LaneClient client = cell.client(server, RedirectFaultTests::follow);
            cell.fails(RemoteProtocolException.class, Phase.HEAD, () -> client.get("/"));
            assertThat(server.requests()).hasSize(1);
            Cell.served(client);
        }
    }

    @Row(id = "H5", when = "A redirect from https to http", then = "RedirectRejectedException; nothing more is sent")
    void downgrade(Cell cell) {
        TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
        RawServer plain = cell.server(next());
        RawServer server = cell.server(ServerTls.of(certificates.server()), redirect(302, plain.url("/next")));
        LaneClient client = cell.client(server, (builder) -> follow(builder.sslContext(certificates.client())));
        cell.fails(RedirectRejectedException.class, Phase.HEAD, () -> client.get("/"));
        assertThat(plain.connections()).isZero();
        Cell.served(client);
    }

    private static void withCredentials(ClientBuilder builder) {
        follow(builder).auth(Auth.bearer("t0k")).header("X-Api-Key", "k").header("Cookie", "c=1");
    }

    private static void assertNoCredentials(String request) {
        assertThat(request).doesNotContainIgnoringCase("authorization")
            .doesNotContainIgnoringCase("x-api-key")
            .doesNotContainIgnoringCase("cookie")
            .doesNotContain("t0k");
    }

    @Row(id = "H6", when = "A redirect to another origin", then = "Followed without credentials")
    void otherOrigin(Cell cell) {
        RawServer other = cell.server(next());
        RawServer server = cell.server(redirect(302, other.url("/next")));
        assertThat(cell.client(server, RedirectFaultTests::withCredentials).get("/").text()).isEqualTo("next");
        assertThat(server.requests().get(0)).contains("Bearer t0k", "X-Api-Key: k", "c=1");
        assertNoCredentials(other.requests().get(0));
    }

    @Row(id = "H7", when = "A redirect to another origin and back", then = "Credentials that were dropped stay away")
    void thereAndBack(Cell cell) {
        RawServer[] servers = new RawServer[2];
        servers[1] = cell.server((connection) -> connection
            .forEachRequest((request) -> connection.respond(302, "", "Location: " + servers[0].url("/next"))));
        servers[0] = cell.server(redirect(302, servers[1].url("/b")));
        assertThat(cell.client(servers[0], RedirectFaultTests::withCredentials).get("/").text()).isEqualTo("next");
        assertNoCredentials(servers[1].requests().get(0));
        assertNoCredentials(servers[0].requests().get(1));
    }

    @Row(id = "H8", when = "301, 302 and 303 to POST", then = "GET without body and what described it")
    void postBecomesGet(Cell cell) {
        for (int status : new int[] { 301, 302, 303 }) {
            RawServer server = cell.server(redirect(status, "/next"));
            cell.client(server, RedirectFaultTests::follow).post("/", (spec) -> spec.text("body"));
            assertThat(server.requests().get(1)).startsWith("GET /next")
                .doesNotContainIgnoringCase("content-")
                .doesNotContainIgnoringCase("transfer-encoding");
        }
    }

    @Row(id = "H9", when = "307 and 308 to POST", then = "The same method with the same body")
    void postStaysPost(Cell cell) {
        for (int status : new int[] { 307, 308 }) {
            RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
                if (request.startsWith("POST /next")) {
                    connection.respond(200, request.substring(request.indexOf("\r\n\r\n") + 4));
                }
                else {
                    connection.respond(status, "", "Location: /next");
                }
            }));
            assertThat(cell.client(server, RedirectFaultTests::follow).post("/", (spec) -> spec.text("body")).text())
                .isEqualTo("body");
        }
    }

    @Row(id = "H10", when = "303 to HEAD", then = "HEAD again")
    void headStaysHead(Cell cell) {
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> connection
            .write(request.contains(" /next") ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                    : "HTTP/1.1 303 See Other\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n")));
        Response response = cell.client(server, RedirectFaultTests::follow).request(HttpMethod.HEAD, "/", (spec) -> {
        });
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(server.requests().get(1)).startsWith("HEAD /next");
    }

    @Row(id = "H11", when = "200, 201, 304 with Location", then = "Delivered as they are")
    void locationWithoutRedirect(Cell cell) {
        for (int status : new int[] { 200, 201, 304 }) {
            RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> connection
                .write("HTTP/1.1 " + status + " X\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n")));
            assertThat(cell.client(server, RedirectFaultTests::follow).get("/").statusCode()).isEqualTo(status);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Row(id = "H12", when = "A redirect with a body of 1 GB",
            then = "Followed on another connection; nothing is read of it")
    void redirectWithBody(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 1000000000\r\n\r\n");
            byte[] piece = new byte[16 * 1024];
            while (true) {
                connection.write(piece);
            }
        }, next());
        assertThat(cell.client(server, RedirectFaultTests::follow).get("/").text()).isEqualTo("next");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Row(id = "H13", when = "A redirect to a name that leads to a private address, public ones only",
            then = "BlockedAddressException, phase lookup, without a connection; one lookup")
    void redirectToPrivateAddress(Cell cell) {
        RawServer inner = cell.server(next());
        RawServer server = cell.server(redirect(302, "http://inner.test:" + inner.port() + "/"));
        AtomicInteger lookups = new AtomicInteger();
        LaneClient client = cell.client((builder) -> follow(builder).baseUrl("http://shop.test:" + server.port())
            .guard(AddressGuard.publicOnly().withHosts(List.of("shop.test")))
            .resolver((host) -> {
                if (host.equals("inner.test")) {
                    lookups.incrementAndGet();
                }
                return List.of(InetAddress.getByName("127.0.0.1"));
            }));
        BlockedAddressException failure = cell.fails(BlockedAddressException.class, Phase.LOOKUP,
                () -> client.get("/"));
        assertThat(failure.getMessage()).contains("inner.test").doesNotContain("127.0.0.1");
        assertThat(lookups).hasValue(1);
        assertThat(inner.connections()).isZero();
        Cell.served(client);
    }

    @Row(id = "H14", when = "Location: //host, ../, ?query, UTF-8", then = "Resolved by RFC 3986, escaped once")
    void relativeLocations(Cell cell) {
        Map<String, String> targets = Map.of("../next", "/next", "next?a=b", "/x/next?a=b", "./y/../next", "/x/next",
                "/next/%41%2f", "/next/%41%2f", "/next/\u00c3\u00a9", "/next/%C3%A9", "/next/\u00e9", "/next/%C3%A9");
        targets.forEach((location, target) -> {
            RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
                if (request.contains("next")) {
                    connection.respond(200, "next");
                }
                else {
                    connection.write("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + "\r\n\r\n");
                }
            }));
            LaneClient client = cell.client((builder) -> follow(builder.baseUrl(server.url("/x"))));
            assertThat(client.get("/a").text()).as(location).isEqualTo("next");
            assertThat(server.requests().get(1)).as(location).startsWith("GET " + target + " HTTP/1.1");
        });
    }

    private static Script cookies(String... lines) {
        return (connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /next")) {
                connection.respond(200, "next");
            }
            else {
                connection.respond(200, "", lines);
            }
        });
    }

    private static String cookiesSent(Cell cell, String... lines) {
        RawServer server = cell.server(cookies(lines));
        LaneClient client = cell.client(server);
        client.get("/");
        client.get("/next");
        return server.requests()
            .get(1)
            .lines()
            .filter((line) -> line.regionMatches(true, 0, "cookie:", 0, 7))
            .collect(Collectors.joining());
    }

    @Row(id = "H15", also = "S95", when = "Set-Cookie with Domain of another host, a public suffix, another address",
            then = "Not remembered")
    void cookiesOfOthers(Cell cell) {
        for (String domain : new String[] { "other.test", "com", ".com", "co.uk", "local", "127.0.0.2", "0.0.1",
                "1.127.0.0.1" }) {
            assertThat(cookiesSent(cell, "Set-Cookie: a=b; Domain=" + domain)).as(domain).isEmpty();
        }
        assertThat(cookiesSent(cell, "Set-Cookie: a=b")).isEqualTo("Cookie: a=b");
    }

    @Row(id = "H16", also = "S84", when = "150 cookies of 4 KB from one server",
            then = "The Cookie header stays below 8 KB or so")
    void cookieFlood(Cell cell) {
        String[] lines = IntStream.range(0, 15)
            .mapToObj((i) -> "Set-Cookie: c" + i + "=" + "x".repeat(4000))
            .toArray(String[]::new);
        assertThat(cookiesSent(cell, lines)).hasSizeLessThan(10_000);
        String[] many = IntStream.range(0, 150).mapToObj((i) -> "Set-Cookie: c" + i + "=x").toArray(String[]::new);
        assertThat(cookiesSent(cell, many).split(";")).hasSizeLessThanOrEqualTo(50);
    }

    @Row(id = "H17", when = "Set-Cookie expires in 1969, in the year 9999, Max-Age -1, 0, overflowing",
            then = "Deleted, kept, deleted, deleted, kept")
    void cookieExpiry(Cell cell) {
        for (String gone : Set.of("Expires=Wed, 31 Dec 1969 23:59:59 GMT", "Max-Age=-1", "Max-Age=0")) {
            assertThat(cookiesSent(cell, "Set-Cookie: a=b", "Set-Cookie: a=b; " + gone)).as(gone).isEmpty();
        }
        for (String kept : Set.of("Expires=Fri, 31 Dec 9999 23:59:59 GMT", "Max-Age=99999999999999999999",
                "Expires=nonsense")) {
            assertThat(cookiesSent(cell, "Set-Cookie: a=b; " + kept)).as(kept).isEqualTo("Cookie: a=b");
        }
    }

}
