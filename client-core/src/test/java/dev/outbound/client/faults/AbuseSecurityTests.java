package dev.outbound.client.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

import org.springframework.http.MediaType;

import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.auth.DigestAlgorithm;
import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.faults.Cell.next;
import static dev.outbound.client.faults.Cell.respond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Security, sections G to K: servers that abuse authentication, retries, content, cookies
 * and the framing of messages. What exhausts resources stands with the faults.
 */
@Rows
class AbuseSecurityTests {

    private static final String DIGEST = "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\", algorithm=";

    @Row(id = "S72", when = "Digest is configured; the server offers Basic, weaker algorithms, then 401 for ever",
            then = "The configured scheme and algorithms only, one answer to a challenge; no password is sent")
    void downgrade(Cell cell) {
        Auth digest = Auth.digest("user", Cell.SECRET, DigestAlgorithm.SHA_256);
        for (String[] offers : new String[][] { { "WWW-Authenticate: Basic realm=\"x\"" },
                { "WWW-Authenticate: Basic realm=\"x\"", DIGEST + "MD5" } }) {
            RawServer server = cell.server(respond(401, "who?", offers));
            LaneClient client = cell.client(server, (builder) -> builder.withoutHeader("Authorization").auth(digest));
            Throwable thrown = catchThrowable(() -> assertThat(client.get("/").statusCode()).isEqualTo(401));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(RequestException.class);
            }
            assertThat(server.requests()).hasSize(1).noneMatch((it) -> it.contains("Authorization:"));
        }
        RawServer server = cell
            .server(respond(401, "who?", "WWW-Authenticate: Basic realm=\"x\"", DIGEST + "MD5", DIGEST + "SHA-256"));
        LaneClient client = cell.client(server, (builder) -> builder.withoutHeader("Authorization").auth(digest));
        assertThat(client.get("/").statusCode()).isEqualTo(401);
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().get(1)).contains("Authorization: Digest ").contains("algorithm=SHA-256");
    }

    @Row(id = "S73", when = "Basic credentials, and a server of another origin that challenges",
            then = "Sent to their own origin only, whatever its realm")
    void otherRealm(Cell cell) {
        RawServer other = cell.server(respond(401, "who?", "WWW-Authenticate: Basic realm=\"theirs\""));
        RawServer own = cell.server(respond(401, "who?", "WWW-Authenticate: Basic realm=\"another\""));
        LaneClient client = cell.client((builder) -> builder.baseUrl(own.url())
            .withoutHeader("Authorization")
            .allowAbsoluteUrls(true)
            .auth(Auth.basic("user", "c4n4ry")));
        assertThat(client.get("/").statusCode()).isEqualTo(401);
        assertThat(client.get(other.url("/")).statusCode()).isEqualTo(401);
        assertThat(own.requests()).hasSize(1).allMatch((it) -> it.contains("Authorization: Basic "));
        assertThat(other.requests()).hasSize(1).noneMatch((it) -> it.contains("Authorization:"));
    }

    @Row(id = "S74", when = "50 calls at once without a token; the server of tokens itself says 401",
            then = "One request for the token; a failure of it is not asked for again by those that waited")
    void stampede(Cell cell) {
        RawServer tokens = cell.server((connection) -> connection.forEachRequest((request) -> connection.respond(200,
                "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":3600}",
                "Content-Type: application/json")));
        RawServer server = cell.server(next());
        LaneClient client = cell.client((builder) -> builder.baseUrl(server.url())
            .withoutHeader("Authorization")
            .maxConnections(4)
            .auth(Auth.clientCredentials(tokens.url("/token"), "client", "c4n4ry")));
        List<CompletableFuture<Response>> calls = IntStream.range(0, 50)
            .mapToObj((i) -> CompletableFuture.supplyAsync(() -> client.get("/")))
            .toList();
        calls.forEach((call) -> assertThat(call).succeedsWithin(Cell.LONG));
        assertThat(tokens.requests()).hasSize(1);
        RawServer refusing = cell.server(respond(401, "{\"error\":\"invalid_client\"}",
                "Content-Type: application/json", "WWW-Authenticate: Basic realm=\"tokens\""));
        LaneClient refused = cell.client((builder) -> builder.baseUrl(server.url())
            .withoutHeader("Authorization")
            .auth(Auth.clientCredentials(refusing.url("/token"), "client", "c4n4ry")));
        assertThat(catchThrowable(() -> refused.get("/"))).isInstanceOf(RequestException.class);
        assertThat(refusing.requests()).hasSize(1);
    }

    @Row(id = "S75", when = "503 with Retry-After: 0 for ever",
            then = "As many retries as configured, none earlier than it would be without")
    void amplification(Cell cell) {
        TestClock clock = new TestClock();
        RawServer server = cell.server(respond(503, "again", "Retry-After: 0"));
        LaneClient client = cell.client(server, (builder) -> builder.clock(clock)
            .retry(RetryPolicy.builder().maxRetries(3).delay(Duration.ofMillis(200)).noJitter().build()));
        assertThat(client.get("/").statusCode()).isEqualTo(503);
        assertThat(server.requests()).hasSize(4);
        assertThat(clock.waits()).containsExactly(Duration.ofMillis(200), Duration.ofMillis(400),
                Duration.ofMillis(800));
    }

    @Row(id = "S78", when = "A scheme that signs, a retry, and a redirect to another origin",
            then = "Signed anew for each attempt; no signature goes to another origin")
    void signatures(Cell cell) {
        AtomicInteger count = new AtomicInteger();
        Auth signing = (now) -> new AuthFlow() {

            @Override
            public AuthStep start(Request request) {
                return AuthStep.sendLast(again(request));
            }

            @Override
            public Request again(Request request) {
                return request.withHeader("Authorization", "Signature no=" + count.incrementAndGet());
            }

        };
        RawServer other = cell.server(next());
        Script script = (connection) -> connection.forEachRequest((request) -> {
            if (request.contains("no=1")) {
                connection.respond(503, "");
            }
            else {
                connection.respond(302, "", "Location: " + other.url("/"));
            }
        });
        RawServer server = cell.server(script);
        LaneClient client = cell.client(server,
                (builder) -> builder.withoutHeader("Authorization")
                    .auth(signing)
                    .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 3))
                    .retry(RetryPolicy.fixed(1, Duration.ZERO)));
        assertThat(client.get("/").text()).isEqualTo("next");
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().get(1)).contains("Authorization: Signature no=2");
        assertThat(other.requests()).hasSize(1).noneMatch((it) -> it.contains("Signature"));
    }

    @Row(id = "S90", when = "XML with external entities and entity bombs where JSON is expected",
            then = "ConversionException at once: no parser of XML sees it, nothing is fetched")
    void xml(Cell cell) {
        RawServer outside = cell.server(next());
        String entity = "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + outside.url("/") + "\">]><x>&e;</x>";
        String parameter = "<!DOCTYPE x [<!ENTITY % e SYSTEM \"" + outside.url("/") + "\"> %e;]><x/>";
        String schema = "<x xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a "
                + outside.url("/") + "\"/>";
        String include = "<x xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"" + outside.url("/")
                + "\"/></x>";
        String laughs = "<!DOCTYPE x [<!ENTITY a \"ha\">" + IntStream.range(1, 30)
            .mapToObj((i) -> "<!ENTITY a" + i + " \"&a" + ((i > 1) ? i - 1 : "") + ";&a;\">")
            .reduce("", String::concat) + "]><x>&a29;</x>";
        for (String type : new String[] { "application/xml", "text/xml", "application/soap+xml" }) {
            for (String body : new String[] { entity, parameter, schema, include, laughs }) {
                RawServer server = cell.server(respond(200, body, "Content-Type: " + type));
                Response response = cell.client(server).get("/");
                cell.fails(ConversionException.class, Phase.BODY, () -> response.json(Map.class));
            }
        }
        assertThat(outside.connections()).isZero();
    }

    @Row(id = "S91", when = "Serialized objects, YAML and types that nobody asked for, by the response's Content-Type",
            then = "ConversionException: the type that is asked for decides, not the server")
    void typesOfTheServer(Cell cell) {
        for (String type : new String[] { "application/x-java-serialized-object", "text/yaml", "application/x-yaml",
                "application/x-protobuf" }) {
            RawServer server = cell
                .server(respond(200, "!!javax.script.ScriptEngineManager [x]", "Content-Type: " + type));
            Response response = cell.client(server).get("/");
            cell.fails(ConversionException.class, Phase.BODY, () -> response.json(Object.class));
        }
    }

    @Row(id = "S93", when = "Content-Disposition suggests a name with directories, devices, controls",
            then = "fileName() is the name alone, or none")
    void fileNames(Cell cell) {
        Map<String, String> names = Map.of("../../etc/passwd", "passwd", "..\\\\..\\\\boot.ini", "boot.ini",
                "C:\\\\temp\\\\x.txt", "x.txt", "/etc/.bashrc", "bashrc");
        names.forEach((suggested, expected) -> {
            RawServer server = cell
                .server(respond(200, "x", "Content-Disposition: attachment; filename=\"" + suggested + "\""));
            assertThat(cell.client(server).get("/").fileName()).as(suggested).isEqualTo(expected);
        });
    }

    @Row(id = "S86", when = "200 calls fail: refused, lost in the head, answered by garbage",
            then = "At most 10 lines of WARN and above, of the client and its engine together")
    void logFlood(Cell cell) {
        RawServer closed = RawServer.start(next());
        closed.close();
        RawServer broken = cell.server(Cell.answer("HTTP/1.1 200 O"));
        RawServer garbage = cell.server(Cell.answer("SSH-2.0-OpenSSH\r\n\r\n"));
        LaneClient client = cell.client((builder) -> {
        });
        Queue<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

            @Override
            protected void append(ILoggingEvent event) {
                if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                    lines.add(event);
                }
            }

        };
        appender.start();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
        try {
            for (int i = 0; i < 200; i++) {
                RawServer server = List.of(closed, broken, garbage).get(i % 3);
                assertThat(catchThrowable(() -> client.get(server.url("/")))).isInstanceOf(RequestException.class);
            }
        }
        finally {
            root.detachAppender(appender);
        }
        assertThat(lines).hasSizeLessThanOrEqualTo(10);
    }

    @Row(id = "S96", when = "A Secure cookie, plain HTTP on the same host, and a cookie of the same name set there",
            then = "Not sent over plain HTTP, and not replaced from there")
    void secureCookie(Cell cell) {
        TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
        RawServer secure = cell.server(ServerTls.of(certificates.server()),
                respond(200, "next", "Set-Cookie: who=secure; Secure; Path=/"));
        RawServer plain = cell.server(respond(200, "next", "Set-Cookie: who=plain; Path=/"));
        LaneClient client = cell.client((builder) -> builder.sslContext(certificates.client()));
        client.get(secure.url("/"));
        client.get(plain.url("/"));
        client.get(secure.url("/"));
        assertThat(plain.requests()).singleElement().asString().doesNotContain("Cookie: ");
        assertThat(secure.requests()).hasSize(2).last().asString().contains("Cookie: who=secure\r\n");
    }

    @Row(id = "S97", when = "A server sets a cookie for one of two clients, and each makes another call",
            then = "Each client remembers its own")
    void jars(Cell cell) {
        RawServer server = cell.server((connection) -> connection.forEachRequest(
                (request) -> connection.respond(200, "next", "Set-Cookie: who=" + request.charAt("GET /".length()))));
        LaneClient first = cell.client(server);
        LaneClient second = cell.client(server);
        first.get("/1");
        second.get("/2");
        first.get("/1");
        second.get("/2");
        assertThat(server.requests().get(0)).doesNotContain("Cookie: ");
        assertThat(server.requests().get(1)).doesNotContain("Cookie: ");
        assertThat(server.requests().get(2)).contains("Cookie: who=1\r\n");
        assertThat(server.requests().get(3)).contains("Cookie: who=2\r\n");
    }

    @Row(id = "S101", when = "A field twice, in upper, lower and mixed case",
            then = "One field with its values in order, found in any case; the first one counts where one is asked for")
    void cases(Cell cell) {
        RawServer server = cell.server(respond(200, "{}", "X-A: 1", "content-TYPE: application/json", "x-a: 2",
                "CONTENT-TYPE: text/html", "X-a: 3"));
        Response response = cell.client(server).get("/");
        for (String name : new String[] { "x-a", "X-A", "X-a" }) {
            assertThat(response.headers().get(name)).containsExactly("1", "2", "3");
            assertThat(response.headers().getFirst(name)).isEqualTo("1");
        }
        assertThat(response.headers().getContentType()).isEqualTo(MediaType.APPLICATION_JSON);
    }

    @Row(id = "S103", when = "A request without a body, and one with, over plain TCP",
            then = "No upgrade to HTTP/2 is offered, which servers and proxies in between take for two things")
    void noUpgrade(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        client.get("/");
        client.post("/", (spec) -> spec.text("x"));
        assertThat(server.requests()).hasSize(2)
            .allSatisfy((request) -> assertThat(request).contains(" HTTP/1.1\r\n")
                .doesNotContainIgnoringCase("\r\nupgrade:")
                .doesNotContainIgnoringCase("http2-settings"));
    }

}
