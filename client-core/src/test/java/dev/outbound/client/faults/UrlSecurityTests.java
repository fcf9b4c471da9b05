package dev.outbound.client.faults;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.Session;
import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.ProxyServer;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.AddressGuard;
import dev.outbound.client.transport.EngineSetting;
import dev.outbound.client.transport.OutgoingHead;

import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Security, sections B and C: URLs, and where they may lead.
 */
@Rows
class UrlSecurityTests {

    private static final String REFUSED = "IllegalArgumentException; nothing is sent";

    private static void refuse(Cell cell, String... urls) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client((builder) -> builder.baseUrl(server.url("/v1/tenants/42")));
        LaneClient free = cell.client((builder) -> {
        });
        for (String url : urls) {
            refused(url, () -> client.get(url));
            if (url.indexOf(':') > 0) {
                refused(url, () -> free.get(url));
            }
        }
        assertThat(server.connections()).isZero();
    }

    private static void refused(String url, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as(url).isInstanceOf(IllegalArgumentException.class).hasMessageNotContaining(Cell.SECRET);
    }

    @Row(id = "S14", when = "An absolute URL of another origin as the path", then = REFUSED)
    void absoluteUrl(Cell cell) {
        RawServer other = cell.server(next());
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (String url : new String[] { other.url("/x"), other.url("/x").replace("http:", "HTTP:"),
                "https://127.0.0.1:" + server.port() + "/x" }) {
            assertThatIllegalArgumentException().isThrownBy(() -> client.get(url));
        }
        assertThat(client.get(server.url("/own")).text()).isEqualTo("next");
        LaneClient allowed = cell.client(server, (builder) -> builder.allowAbsoluteUrls(true));
        assertThat(allowed.get(other.url("/x")).text()).isEqualTo("next");
        assertThat(other.requests()).hasSize(1);
        assertThat(other.requests().get(0)).doesNotContain(Cell.SECRET).doesNotContainIgnoringCase("authorization");
    }

    @Row(id = "S15", when = "//host as the path", then = REFUSED)
    void networkPath(Cell cell) {
        refuse(cell, "//evil.test/x", "//evil.test", "//127.0.0.1/x");
    }

    @Row(id = "S16", when = "A path that climbs out of the base URL's, plain, escaped, in the middle", then = REFUSED)
    void traversal(Cell cell) {
        List<String> climbing = new ArrayList<>();
        for (String dots : new String[] { "..", "%2e%2e", "%2E.", ".%2e" }) {
            for (String shape : new String[] { "/@", "@", "/@/x", "/a/@/@", "/a/@/@/x", "/./@/x", "/a/./../@/x",
                    "/@/@/@/@/etc/passwd", "/@?q", "/@#f" }) {
                climbing.add(shape.replace("@", dots));
            }
        }
        refuse(cell, climbing.toArray(String[]::new));
    }

    @Row(id = "S17", when = "Slash, query, fragment, dots, at sign in a variable's value",
            then = "Escaped; . and .. are refused")
    void variables(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (String dots : new String[] { ".", ".." }) {
            assertThatIllegalArgumentException().isThrownBy(() -> client.get("/users/{id}/x", dots));
        }
        assertThat(server.connections()).isZero();
        client.get("/users/{id}/x", "../a?b#c@d//e");
        assertThat(server.requests().get(0)).startsWith("GET /users/..%2Fa%3Fb%23c%40d%2F%2Fe/x?");
    }

    @Row(id = "S18", when = "Braces, ${} and #{} in values", then = "Never expanded again")
    void templatesInValues(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        client.get("/{a}/{b}", "{b}", "${user.home}#{1+1}");
        assertThat(server.requests().get(0)).startsWith("GET /%7Bb%7D/%24%7Buser.home%7D%23%7B1%2B1%7D?");
    }

    @Row(id = "S19", when = "User information in a URL", then = REFUSED)
    void userInformation(Cell cell) {
        refuse(cell, "http://good.test@evil.test/", "http://good.test:" + Cell.SECRET + "@evil.test/",
                "http://good.test%40evil.test@evil.test/");
    }

    @Row(id = "S20", when = "Backslash, tab, line feed, space in the authority", then = REFUSED)
    void oddAuthorities(Cell cell) {
        refuse(cell, "http://good.test\\@evil.test/", "http:\\\\evil.test/", "ht\ntp://evil.test/",
                "http://evil .test/", "http://evil\t.test/", "http://evil.test\r\n/x", "http://evil\0.test/");
    }

    @Row(id = "S21", when = "An escaped host", then = REFUSED)
    void escapedHosts(Cell cell) {
        refuse(cell, "http://ev%69l.test/", "http://evil%2etest/", "http://evil.test%00.good.test/",
                "http://evil.test%2f.good.test/");
    }

    @Row(id = "S25", when = "Port :80:81, :+80, :99999, : 80, :-1, :8a", then = REFUSED)
    void oddPorts(Cell cell) {
        refuse(cell, "http://evil.test:80:81/", "http://evil.test:+80/", "http://evil.test:99999/",
                "http://evil.test: 80/", "http://evil.test:-1/", "http://evil.test:8a/");
    }

    @Row(id = "S26", when = "A base URL with query, fragment, user information, without a host, of another scheme",
            then = "IllegalArgumentException when it is configured")
    void oddBaseUrls(Cell cell) {
        for (String url : new String[] { "http://a.test/?q", "http://a.test/#f", "http://u:p@a.test/", "http://",
                "a.test", "/x", "ftp://a.test/", "http://a.test:x/", "http://a b/" }) {
            assertThat(catchThrowable(() -> cell.client((builder) -> builder.baseUrl(url)).close())).as(url)
                .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Row(id = "S27", when = "URLs, variables and headers of 1 MB", then = "Refused or sent within a second")
    void longInputs(Cell cell) {
        LaneClient client = cell.client((builder) -> {
        });
        for (String text : new String[] { "a", ".", "%", "[", "@", ":", "/", "../", "\\", "{", "xn--", "\u00e9." }) {
            String url = "http://127.0.0.1:1/" + text.repeat(1_000_000 / text.length());
            String host = "http://" + text.repeat(1_000_000 / text.length()) + "/";
            long start = System.nanoTime();
            assertThat(catchThrowable(() -> client.get(url))).isInstanceOf(RuntimeException.class);
            assertThat(catchThrowable(() -> client.get(host))).isInstanceOf(RuntimeException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(text).isLessThan(Duration.ofSeconds(3));
        }
    }

    private static void blocked(Cell cell, LaneClient client, String url) {
        try {
            cell.fails(BlockedAddressException.class, Phase.LOOKUP, () -> client.get(url));
        }
        catch (AssertionError ex) {
            throw new AssertionError(url + ": " + ex.getMessage(), ex);
        }
    }

    @Row(id = "S28", when = "URLs with addresses of private, local, shared and reserved networks, public ones only",
            then = "BlockedAddressException; nothing is sent")
    void privateAddresses(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client((builder) -> builder.guard(AddressGuard.publicOnly()));
        for (String host : new String[] { "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255",
                "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1",
                "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
                "240.0.0.1", "255.255.255.255", "0.0.0.0", "0.1.2.3", "[::1]", "[::]", "[fc00::1]", "[fd12::1]",
                "[fe80::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]", "[2001:db8::1]", "[100::1]" }) {
            blocked(cell, client, "http://" + host + ":" + server.port() + "/");
        }
        assertThat(server.connections()).isZero();
    }

    @Row(id = "S22",
            when = "Hosts in full width, with a sharp s, a soft hyphen, an ideographic full stop; broken punycode",
            then = "Refused, but for the sharp s and the full stop; what is sent, and compared with allowed hosts, is ASCII")
    void internationalHosts(Cell cell) {
        LaneClient client = cell.client((builder) -> {
        });
        String[][] hosts = { { "fa\u00df.test", "xn--fa-hia.test" }, { "b\u00fccher.test", "xn--bcher-kva.test" },
                { "example\u3002test", "example.test" } };
        for (String[] host : hosts) {
            assertThat(client.build(HttpMethod.GET, "http://" + host[0] + "/", (spec) -> {
            }).url().host()).isEqualTo(host[1]);
        }
        for (String host : new String[] { "\uff45xample.test", "exam\u00adple.test", "xn--99999999.test",
                "a\u2028b.test", "\u0301a.test" }) {
            refused(host, () -> client.build(HttpMethod.GET, "http://" + host + "/", (spec) -> {
            }));
        }
        RawServer server = cell.server(next());
        LaneClient listed = cell.client((builder) -> builder.guard(AddressGuard.allowedHosts(List.of("example.test"))));
        // With a Cyrillic letter.
        blocked(cell, listed, "http://\u0435\u0445\u0430\u043c\u0440\u04cf\u0435.test:" + server.port() + "/");
        assertThat(server.connections()).isZero();
    }

    @Row(id = "S23", when = "IPv6 with a zone; IPv4 within IPv6; the unspecified address; public ones only",
            then = "BlockedAddressException, NameResolutionException or IllegalArgumentException; Host has no zone")
    void zonesAndMappedAddresses(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client((builder) -> builder.guard(AddressGuard.publicOnly()));
        for (String host : new String[] { "[fe80::1%25lo]", "[::1%25lo]", "[::ffff:169.254.169.254]", "[::ffff:7f00:1]",
                "[::]", "[::127.0.0.1]" }) {
            Throwable thrown = catchThrowable(() -> client.get("http://" + host + ":" + server.port() + "/"));
            assertThat(thrown).as(host)
                .isInstanceOfAny(BlockedAddressException.class, NameResolutionException.class,
                        IllegalArgumentException.class);
        }
        assertThat(server.connections()).isZero();
        Request zoned = client.build(HttpMethod.GET, "http://[fe80::1%25lo]/", (spec) -> {
        });
        List<String> lines = new ArrayList<>();
        OutgoingHead.of(zoned).forEach((name, value) -> lines.add(name + ": " + value));
        assertThat(lines).contains("Host: [fe80::1]");
    }

    @Row(id = "S36", when = "The guard is changed while the client runs, with an idle connection that it forbids",
            then = "BlockedAddressException: no connection of before is used")
    void guardIsChanged(Cell cell) {
        RawServer server = cell.server(next());
        Session session = cell.manage(guarded(cell, server, AddressGuard.allowedHosts(List.of("127.0.0.1"))).session());
        LaneClient client = cell.lane().isBlocking() ? new LaneClient.Blocking(session.client())
                : new LaneClient.Reactive(session.reactiveClient());
        assertThat(client.get("/").text()).isEqualTo("next");
        session.refresh(guarded(cell, server, AddressGuard.publicOnly()));
        blocked(cell, client, server.url("/"));
        assertThat(server.requests()).hasSize(1);
        server.awaitOpen(0);
    }

    private static ClientBuilder guarded(Cell cell, RawServer server, AddressGuard guard) {
        if (!cell.lane().engine().honours(EngineSetting.ADDRESS_GUARD)) {
            cell.client((builder) -> builder.guard(guard));
        }
        return Client.builder()
            .name("lab")
            .engine(cell.lane().engine())
            .timeouts(Cell.LIMITS)
            .baseUrl(server.url())
            .guard(guard);
    }

    @Row(id = "S24", when = "127.1, 0177.0.0.1, 2130706433, 0x7f.1 for an address, public ones only",
            then = "Refused or BlockedAddressException; nothing is sent")
    void oddAddresses(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client((builder) -> builder.guard(AddressGuard.publicOnly()));
        for (String host : new String[] { "127.1", "0177.0.0.1", "2130706433", "0x7f.1", "0x7f000001", "127.0.0.1.",
                "017700000001" }) {
            Throwable thrown = catchThrowable(() -> client.get("http://" + host + ":" + server.port() + "/"));
            assertThat(thrown).as(host).isInstanceOf(RuntimeException.class);
        }
        assertThat(server.connections()).isZero();
    }

    private static LaneClient guarded(Cell cell, RawServer server, AddressGuard guard, AtomicInteger lookups,
            String... addresses) {
        return cell
            .client((builder) -> builder.baseUrl("http://shop.test:" + server.port()).guard(guard).resolver((host) -> {
                String answer = addresses[Math.min(lookups.getAndIncrement(), addresses.length - 1)];
                List<InetAddress> found = new ArrayList<>();
                for (String address : answer.split(" ")) {
                    found.add(InetAddress.getByName(address));
                }
                return found;
            }));
    }

    @Row(id = "S29", when = "The name is looked up to a private address, again and again",
            then = "BlockedAddressException each time; what is checked is what is connected to: one lookup each")
    void rebinding(Cell cell) {
        RawServer server = cell.server(next());
        AtomicInteger lookups = new AtomicInteger();
        LaneClient client = guarded(cell, server, AddressGuard.publicOnly(), lookups, "127.0.0.1", "127.0.0.1");
        blocked(cell, client, "/");
        assertThat(lookups).hasValue(1);
        blocked(cell, client, "/");
        assertThat(lookups).hasValue(2);
        assertThat(server.connections()).isZero();
    }

    @Row(id = "S30", when = "All of several addresses are private", then = "BlockedAddressException; nothing is sent")
    void severalAddresses(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = guarded(cell, server, AddressGuard.publicOnly(), new AtomicInteger(),
                "10.0.0.1 127.0.0.1 ::1");
        blocked(cell, client, "/");
        assertThat(server.connections()).isZero();
    }

    @Row(id = "S31", when = "A redirect to an address that is not allowed",
            then = "BlockedAddressException; nothing is sent there")
    void redirectToPrivate(Cell cell) {
        RawServer inner = cell.server(next());
        RawServer server = cell.server(Cell.respond(302, "", "Location: http://127.0.0.2:" + inner.port() + "/"));
        LaneClient client = cell.client(server,
                (builder) -> builder.guard(AddressGuard.allowedHosts(List.of("127.0.0.1")))
                    .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5)));
        cell.fails(BlockedAddressException.class, Phase.LOOKUP, () -> client.get("/"));
        assertThat(server.requests()).hasSize(1);
        assertThat(inner.connections()).isZero();
    }

    @Row(id = "S32", when = "Public addresses only, and a proxy that looks names up itself",
            then = "IllegalStateException when the client is built")
    void guardWithProxy(Cell cell) {
        RawServer server = cell.server(next());
        ProxyServer proxy = cell.manage(ProxyServer.http(server.port()));
        assertThatIllegalStateException()
            .isThrownBy(() -> cell
                .client((builder) -> builder.guard(AddressGuard.publicOnly()).proxy("http://127.0.0.1:" + proxy.port()))
                .get("http://shop.test/"))
            .withMessageContaining("proxy");
        assertThat(proxy.connections()).isZero();
        LaneClient allowed = cell.client((builder) -> builder.guard(AddressGuard.allowedHosts(List.of("shop.test")))
            .proxy("http://127.0.0.1:" + proxy.port()));
        assertThat(allowed.get("http://shop.test/").text()).isEqualTo("next");
        cell.fails(BlockedAddressException.class, Phase.LOOKUP, () -> allowed.get("http://other.test/"));
        assertThat(proxy.targets()).containsExactly("shop.test:80");
    }

    @Row(id = "S33", when = "file:, jar:, gopher:, ftp:, unix:, data:", then = REFUSED)
    void otherSchemes(Cell cell) {
        refuse(cell, "file:///etc/passwd", "jar:file:/x.jar!/y", "gopher://evil.test/", "ftp://evil.test/x",
                "unix:/var/run/docker.sock", "data:text/plain,x", "javascript:alert(1)");
    }

    @Row(id = "S34", when = "Ports that are not allowed", then = "BlockedAddressException; nothing is sent")
    void ports(Cell cell) {
        RawServer allowed = cell.server(next());
        RawServer other = cell.server(next());
        LaneClient client = cell.client((builder) -> builder
            .guard(AddressGuard.allowedHosts(List.of("127.0.0.1")).withPorts(List.of(allowed.port()))));
        assertThat(client.get(allowed.url("/")).text()).isEqualTo("next");
        cell.fails(BlockedAddressException.class, Phase.LOOKUP, () -> client.get(other.url("/")));
        assertThat(other.connections()).isZero();
    }

    @Row(id = "S35", when = "The guard's message", then = "Names the host, never its addresses")
    void guardMessage(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = guarded(cell, server, AddressGuard.publicOnly(), new AtomicInteger(), "10.1.2.3");
        assertThatExceptionOfType(BlockedAddressException.class).isThrownBy(() -> client.get("/"))
            .withMessageContaining("shop.test")
            .withMessageNotContaining("10.1.2.3");
    }

    @Row(id = "S37", when = "The caller sets Host to that of another", then = REFUSED)
    void hostHeader(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> client.get("/", (spec) -> spec.header("Host", "internal")))
            .withMessageContaining("Host");
        assertThat(server.connections()).isZero();
    }

}
