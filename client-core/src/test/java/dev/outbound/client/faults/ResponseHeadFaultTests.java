package dev.outbound.client.faults;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.faults.Cell.Retry;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;
import dev.outbound.client.retry.RetryOn;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.faults.Cell.answer;
import static dev.outbound.client.faults.Cell.answerAndHold;
import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Section C: the head of the response.
 */
@Rows
class ResponseHeadFaultTests {

    private static final String PROTOCOL = "RemoteProtocolException, phase head; not retried; connection closed";

    private static final String LOST = "ConnectionLostException, phase head; idempotent calls are retried";

    /** Each of these heads is an offence. */
    private static void offends(Cell cell, String... heads) {
        for (String head : heads) {
            try {
                cell.breaks(answerAndHold(head), RemoteProtocolException.class, Phase.HEAD, Retry.NEVER);
            }
            catch (AssertionError ex) {
                throw new AssertionError("The head " + head + ": " + ex.getMessage(), ex);
            }
        }
    }

    private static String withLine(String line) {
        return "HTTP/1.1 200 OK\r\n" + line + "\r\nContent-Length: 2\r\n\r\nok";
    }

    /** Keeps the connection, so that whoever uses it again gets another answer. */
    private static Script answering(String first) {
        return (connection) -> {
            connection.readRequest();
            connection.write(first);
            connection.forEachRequest((request) -> connection.respond(200, "next"));
        };
    }

    @Row(id = "C1", when = "Close within the status line", then = LOST)
    void closeWithinStatusLine(Cell cell) {
        cell.breaks(answer("HTT"), ConnectionLostException.class, Phase.HEAD, Retry.IDEMPOTENT);
    }

    @Row(id = "C2", when = "Close within the field lines", then = LOST)
    void closeWithinFieldLines(Cell cell) {
        cell.breaks(answer("HTTP/1.1 200 OK\r\nContent-Len"), ConnectionLostException.class, Phase.HEAD,
                Retry.IDEMPOTENT);
        cell.breaks(answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"), ConnectionLostException.class, Phase.HEAD,
                Retry.IDEMPOTENT);
    }

    @Row(id = "C3", when = "The status line is that of another protocol, with control characters", then = PROTOCOL)
    void statusLineOfAnotherProtocol(Cell cell) {
        offends(cell, "SSH-2.0-OpenSSH_9.2 \u001b[2J\r\n\r\n", "220 mail.test ESMTP\r\n\r\n",
                "X".repeat(2000) + "\r\n\r\n");
    }

    @Row(id = "C4", when = "HTTP/0.9: a body without a head", then = PROTOCOL)
    void bodyWithoutHead(Cell cell) {
        offends(cell, "<html>\r\n<body>hello</body>\r\n</html>\r\n\r\n");
    }

    @Row(id = "C5", when = "Status 000, 99, 20x, 1000, 100 digits; 600 and 999",
            then = "RemoteProtocolException, phase head; three digits from 100 on are delivered as they are")
    void oddStatus(Cell cell) {
        for (String status : new String[] { "000", "099", "99", "20x", "1000", "-20", "2".repeat(100) }) {
            offends(cell, "HTTP/1.1 " + status + " Odd\r\nContent-Length: 0\r\n\r\n");
        }
        for (int status : new int[] { 299, 600, 999 }) {
            RawServer server = cell.server(answering("HTTP/1.1 " + status + " Odd\r\nContent-Length: 0\r\n\r\n"));
            LaneClient client = cell.client(server);
            assertThat(client.get("/").statusCode()).isEqualTo(status);
            cell.reused(server, client);
        }
    }

    @Row(id = "C6", when = "Version HTTP/2.0, HTTP/1.9, HTTP/1.10 in the status line", then = PROTOCOL)
    void oddVersion(Cell cell) {
        for (String version : new String[] { "HTTP/2.0", "HTTP/1.9", "HTTP/1.10", "HTTP/0.9" }) {
            offends(cell, version + " 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    }

    @Row(id = "C7", also = "S83", when = "The head comes byte by byte, each in time",
            then = "TotalTimeoutException, phase head; not retried; connection closed")
    void trickledHead(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.trickle("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(1000), Duration.ofMillis(10));
        }, next());
        LaneClient client = cell.client(server, (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ZERO)));
        cell.timesOut(TotalTimeoutException.class, Phase.HEAD, () -> client.get("/", (spec) -> spec.total(Cell.SHORT)));
        assertThat(server.requests()).hasSize(1);
        cell.evicted(server, client);
    }

    @Row(id = "C8", when = "Silence after the request",
            then = "ReadTimeoutException, phase head; idempotent calls are retried; connection closed")
    void silence(Cell cell) {
        cell.breaks(answerAndHold(""), ReadTimeoutException.class, Phase.HEAD, Retry.IDEMPOTENT,
                (builder) -> builder.timeouts(Cell.LIMITS.withRead(Cell.SHORT)));
    }

    @Row(id = "C9", when = "A field line of 1 MB; one of 48 KiB",
            then = "LimitExceededException, phase head, before all of it is read; up to 64 KiB are accepted")
    void hugeLine(Cell cell) {
        cell.breaks((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nX-Huge: ");
            for (int i = 0; i < 1024; i++) {
                connection.write("x".repeat(1024));
            }
            connection.hold();
        }, LimitExceededException.class, Phase.HEAD, Retry.NEVER);
        RawServer server = cell.server(answering(withLine("X-Large: " + "x".repeat(48 * 1024))));
        LaneClient client = cell.client(server);
        assertThat(client.get("/").headers().getFirst("X-Large")).hasSize(48 * 1024);
        cell.reused(server, client);
    }

    @Row(id = "C10", also = "S82", when = "100,000 small field lines",
            then = "LimitExceededException, phase head; not retried; connection closed")
    void manyLines(Cell cell) {
        cell.breaks((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 1000; i++) {
                connection.write("A: b\r\n".repeat(100));
            }
            connection.hold();
        }, LimitExceededException.class, Phase.HEAD, Retry.NEVER);
    }

    @Row(id = "C11", when = "A folded line (obsolete since RFC 7230)", then = PROTOCOL)
    void foldedLine(Cell cell) {
        offends(cell, withLine("X-Folded: a\r\n b"), withLine("X-Folded: a\r\n\tb"));
    }

    @Row(id = "C12", when = "The first field line begins with a space", then = PROTOCOL)
    void firstLineFolded(Cell cell) {
        offends(cell, withLine(" X-Folded: a"));
    }

    @Row(id = "C13", when = "A space before the colon; a line without a colon; an empty name", then = PROTOCOL)
    void badNames(Cell cell) {
        offends(cell, withLine("X-Nothing"), withLine(": a"), withLine("X(y): a"), withLine("X-Space : a"));
    }

    @Row(id = "C14", when = "NUL or a bare CR in a field value", then = PROTOCOL)
    void controlCharactersInValues(Cell cell) {
        offends(cell, withLine("X-Nul: a\u0000b"), withLine("X-Cr: a\rX-Evil: b"), withLine("X-Esc: a\u001b[2J"));
    }

    @Row(id = "C15", when = "Lines end with LF alone", then = "Accepted (RFC 9112, section 2.2)")
    void bareLineFeeds(Cell cell) {
        String head = "HTTP/1.1 200 OK\nX-A: b\nContent-Length: 2\n\nok";
        RawServer server = cell.server(answering(head));
        LaneClient client = cell.client(server);
        Response response = client.get("/");
        assertThat(response.text()).isEqualTo("ok");
        assertThat(response.headers().getFirst("X-A")).isEqualTo("b");
        cell.reused(server, client);
    }

    @Row(id = "C16", when = "Two different Content-Length", then = PROTOCOL)
    void differentLengths(Cell cell) {
        offends(cell, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nhello");
    }

    @Row(id = "C17", when = "Two equal Content-Length; a list of two",
            then = "Two equal lines count as one; a list is a RemoteProtocolException")
    void equalLengths(Cell cell) {
        RawServer server = cell
            .server(answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok"));
        LaneClient client = cell.client(server);
        assertThat(client.get("/").text()).isEqualTo("ok");
        offends(cell, "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok");
    }

    @Row(id = "C18", when = "Content-Length and Transfer-Encoding: chunked", then = PROTOCOL)
    void lengthAndChunked(Cell cell) {
        for (String order : new String[] { "Content-Length: 3\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 3" }) {
            offends(cell, "HTTP/1.1 200 OK\r\n" + order + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        }
    }

    @Row(id = "C19", when = "Content-Length -1, 5x, +5, 2^63, empty", then = PROTOCOL)
    void badLengths(Cell cell) {
        for (String length : new String[] { "-1", "5x", "+5", "0x5", "9223372036854775808", "99999999999999999999",
                "" }) {
            offends(cell, "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\nhello");
        }
    }

    @Row(id = "C20", when = "Transfer-Encoding: gzip, chunked; chunked twice; identity; unknown", then = PROTOCOL)
    void badCodings(Cell cell) {
        for (String coding : new String[] { "gzip, chunked", "chunked, chunked", "identity", "xchunked", "" }) {
            offends(cell, "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + coding + "\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        }
        offends(cell, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\nok\r\n0\r\n\r\n");
    }

    @Row(id = "C21", when = "204 and 304 with a body", then = "The body is empty; the connection is closed")
    void bodyWhereThereIsNone(Cell cell) {
        for (String status : new String[] { "204 No Content", "304 Not Modified" }) {
            RawServer server = cell.server(
                    answering("HTTP/1.1 " + status + "\r\n\r\nHTTP/1.1 200 OK\r\n" + "Content-Length: 4\r\n\r\nevil"),
                    next());
            LaneClient client = cell.client(server);
            Response response = client.get("/");
            assertThat(response.statusCode()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
            assertThat(response.bytes()).isEmpty();
            cell.evicted(server, client);
        }
    }

    @Row(id = "C22", when = "The answer to HEAD has a body",
            then = "The body is empty; the next request gets its own answer")
    void bodyOfHead(Cell cell) {
        RawServer server = cell.server(answering(
                "HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\nHTTP/1.1 200 OK\r\n" + "Content-Length: 4\r\n\r\nevil"),
                next());
        LaneClient client = cell.client(server);
        assertThat(client.request(HttpMethod.HEAD, "/", (spec) -> {
        }).bytes()).isEmpty();
        cell.evicted(server, client);
    }

    @Row(id = "C23", when = "1,000 interim responses, then 200",
            then = "RemoteProtocolException, phase head, after 8; up to 8 are skipped")
    void interimResponses(Cell cell) {
        String hint = "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n";
        offends(cell, hint.repeat(1000) + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        RawServer server = cell
            .server(answering(hint.repeat(7) + "HTTP/1.1 100 Continue\r\n\r\n" + withLine("X-A: b")));
        LaneClient client = cell.client(server);
        Response response = client.get("/");
        assertThat(response.text()).isEqualTo("ok");
        assertThat(response.headers().getFirst("Link")).isNull();
        cell.reused(server, client);
    }

    @Row(id = "C24", when = "An interim response, then silence",
            then = "ReadTimeoutException, phase head; idempotent calls are retried; connection closed")
    void interimThenSilence(Cell cell) {
        cell.breaks(answerAndHold("HTTP/1.1 102 Processing\r\n\r\n"), ReadTimeoutException.class, Phase.HEAD,
                Retry.IDEMPOTENT, (builder) -> builder.timeouts(Cell.LIMITS.withRead(Cell.SHORT)));
    }

    @Row(id = "C25", when = "101 that nobody asked for", then = PROTOCOL)
    void switchesProtocols(Cell cell) {
        offends(cell, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
    }

    @Row(id = "C26", also = "S100", when = "A second response behind the first",
            then = "It never answers the next request; the connection is closed")
    void secondResponse(Cell cell) {
        String evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
        String large = "x".repeat(60_000);
        TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
        for (@Nullable
        ServerTls tls : new @Nullable ServerTls[] { null, ServerTls.of(certificates.server()) }) {
            for (String body : new String[] { "ok", large, "" }) {
                String plain = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
                String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + (body.isEmpty() ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n")
                        + "0\r\n\r\n";
                for (String first : new String[] { plain, chunked }) {
                    RawServer server = cell.server(tls, answering(first + evil), next());
                    LaneClient client = cell.client(server, (builder) -> builder.sslContext(certificates.client()));
                    assertThat(client.get("/").text()).isEqualTo(body);
                    if (cell.lane() != EngineLane.HTTP_COMPONENTS) {
                        // That one looks when it needs the connection again.
                        server.awaitOpen(0);
                    }
                    cell.evicted(server, client);
                }
            }
        }
    }

    @Row(id = "C27", when = "425 and 421",
            then = "Delivered: only 429, 502, 503 and 504 are retried, unless the policy names others")
    void statusesOfAnotherTry(Cell cell) {
        for (int status : new int[] { 425, 421 }) {
            RawServer server = cell.server((connection) -> {
                connection.readRequest();
                connection.respond(status, "");
                connection.forEachRequest((request) -> connection.respond(200, "next"));
            });
            LaneClient plain = cell.client(server, (builder) -> builder.retry(RetryPolicy.fixed(1, Duration.ZERO)));
            assertThat(plain.get("/").statusCode()).isEqualTo(status);
            LaneClient named = cell.client(server, (builder) -> builder.retry(
                    RetryPolicy.builder().maxRetries(1).delay(Duration.ZERO).retryOn(RetryOn.status(status)).build()));
            assertThat(named.get("/").text()).isEqualTo("next");
        }
    }

}
