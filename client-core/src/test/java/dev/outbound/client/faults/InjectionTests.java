package dev.outbound.client.faults;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;

import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Security, section A: what must not get into the message that is sent.
 */
@Rows
class InjectionTests {

    private static final String REFUSED = "IllegalArgumentException before anything is sent, without the value";

    /** Nothing was sent, and the message does not repeat the value. */
    private static void refused(String what, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as(what)
            .isInstanceOfAny(IllegalArgumentException.class, LocalProtocolException.class)
            .hasMessageNotContaining(Cell.SECRET);
    }

    /** Each line of the request is one that the client has meant. */
    private static void isWhole(RawServer server) {
        for (String request : server.requests()) {
            assertThat(request).doesNotContain("\nX-Evil").doesNotContain("\rX-Evil").doesNotContain("\0");
            request.lines().skip(1).filter((line) -> !line.isEmpty()).forEach((line) -> assertThat(line).contains(":"));
        }
    }

    private static String name(int c) {
        return "U+" + Integer.toHexString(c);
    }

    @Row(id = "S1", when = "CR, LF and other control characters in a header's value", then = REFUSED)
    void headerValue(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (int c = 0; c <= 0x20; c++) {
            if (c != '\t' && c != ' ') {
                String value = "a" + (char) c + "X-Evil: 1" + Cell.SECRET;
                refused(name(c), () -> client.get("/", (spec) -> spec.header("X-A", value)));
            }
        }
        refused("DEL", () -> client.get("/", (spec) -> spec.header("X-A", "a\u007fb" + Cell.SECRET)));
        assertThat(server.connections()).isZero();
        // Either refused, or bytes that are none of these: a tail of 0x0A or 0x0D would
        // do.
        for (int c : new int[] { 0x85, 0x2028, 0x560a, 0x560d, 0x010a, 0xd800, 0xdc0a }) {
            Throwable thrown = catchThrowable(
                    () -> client.get("/", (spec) -> spec.header("X-A", "a" + (char) c + "X-Evil: 1")));
            assertThat(thrown == null || thrown instanceof IllegalArgumentException).as(name(c)).isTrue();
        }
        isWhole(server);
    }

    @Row(id = "S2", when = "Anything but a token as a header's name", then = REFUSED)
    void headerName(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (int c = 0; c < 256; c++) {
            boolean token = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                    || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            if (!token) {
                for (String name : new String[] { (char) c + "ab", "a" + (char) c + "b", "ab" + (char) c }) {
                    refused(name(c), () -> client.get("/", (spec) -> spec.header(name, Cell.SECRET)));
                }
            }
        }
        assertThat(server.connections()).isZero();
        assertThat(client.get("/", (spec) -> spec.header("!#$%&'*+-.^_`|~09azAZ", "v")).text()).isEqualTo("next");
    }

    @Row(id = "S3", when = "Anything but a token as the method", then = REFUSED)
    void method(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (String method : new String[] { "GET / HTTP/1.1\r\nX-Evil:", "GET\r\n", "G ET", "GET\0", "", "G\tET", "É",
                "GET/" }) {
            refused(method, () -> client.request(HttpMethod.valueOf(method), "/", (spec) -> {
            }));
        }
        assertThat(server.connections()).isZero();
    }

    @Row(id = "S4", when = "CR, LF, space, NUL in path, query and variables",
            then = "Escaped where it is a value, refused where it is a URL; the request line is one line")
    void target(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        String evil = "x HTTP/1.1\r\nX-Evil: 1\r\nHost: evil\0";
        assertThat(client.get("/{id}?q={q}", evil, evil).text()).isEqualTo("next");
        assertThat(client.get("/", (spec) -> spec.query(evil, evil)).text()).isEqualTo("next");
        for (String path : new String[] { "/a\r\nX-Evil: 1", "/a b\0", "/a?b\nX-Evil: 1", "/\u560d\u560aX-Evil: 1" }) {
            Throwable thrown = catchThrowable(() -> client.get(path));
            assertThat(thrown == null || thrown instanceof IllegalArgumentException).as(path).isTrue();
        }
        isWhole(server);
        for (String request : server.requests()) {
            assertThat(request.substring(0, request.indexOf("\r\n"))).matches("GET [\\x21-\\x7e]+ HTTP/1\\.1");
        }
    }

    @Row(id = "S5", when = "Any text as a query parameter or form field", then = "The server decodes the same text")
    void parameters(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        Random random = new Random(20261127);
        String special = "&=#+;%\r\n\0 ?/{}\"'<>\\|^`~\u00e9\u20ac\ud83d\ude00";
        for (int i = 0; i < 40; i++) {
            String text = random.ints(12, 0, special.codePointCount(0, special.length()))
                .map((index) -> special.codePointAt(special.offsetByCodePoints(0, index)))
                .mapToObj(Character::toString)
                .collect(Collectors.joining()) + "%0a";
            client.post("/", (spec) -> spec.query("q", text).form(Map.of("f", text)));
            String request = server.requests().get(server.requests().size() - 1);
            String query = request.substring(request.indexOf("&q=") + 3, request.indexOf(" HTTP/1.1"));
            assertThat(URLDecoder.decode(query, StandardCharsets.UTF_8)).as(query).isEqualTo(text);
        }
        isWhole(server);
    }

    @Row(id = "S6", when = "Semicolon, comma, quote, control character in a cookie", then = REFUSED)
    void cookies(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (String text : new String[] { "a;b", "a\r\nX-Evil: 1", "a\0b", "a\nb" }) {
            refused(text, () -> client.get("/", (spec) -> spec.cookie("c", text + Cell.SECRET)));
            refused(text, () -> client.get("/", (spec) -> spec.cookie(text, Cell.SECRET)));
        }
        assertThat(server.connections()).isZero();
    }

    @Row(id = "S7", when = "Quote, CR, LF in a multipart file's or field's name",
            then = "Escaped as browsers do; no further line")
    void multipartNames(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        String[] body = new String[1];
        RawServer recording = cell.server((connection) -> connection.forEachRequest((request) -> {
            body[0] = request;
            connection.respond(200, "next");
        }));
        LaneClient other = cell.client(recording);
        String evil = "a\"\r\nX-Evil: text/html\r\n\r\n<x>.txt";
        other.post("/",
                (spec) -> spec.multipart((parts) -> parts.file(evil, evil, new byte[] { 'b' }).field(evil, "v")));
        assertThat(body[0]).doesNotContain("\nX-Evil").contains("%0D%0A").contains("%22");
        assertThat(client.get("/").text()).isEqualTo("next");
    }

    @Row(id = "S8", when = "../../etc/passwd as the name of a file, sent in a multipart body, and received",
            then = "Sent as the caller says; fileName() of a response is its last part, without anything hidden")
    void pathsInFileNames(Cell cell) {
        String[] body = new String[1];
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            body[0] = request;
            connection.respond(200, "next", "Content-Disposition: attachment; filename=\"../../etc/passwd\"");
        }));
        LaneClient client = cell.client(server);
        String name = "../../etc/passwd";
        assertThat(client.post("/", (spec) -> spec.multipart((parts) -> parts.file("f", name, new byte[] { 'b' })))
            .fileName()).isEqualTo("passwd");
        assertThat(body[0]).contains("filename=\"" + name + "\"");
    }

    @Row(id = "S9", when = "The boundary of a multipart body is guessed", then = "It is another each time")
    void boundary(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (int i = 0; i < 5; i++) {
            client.post("/", (spec) -> spec.multipart((parts) -> parts.field("a", "b")));
        }
        assertThat(
                server.requests().stream().map((head) -> head.replaceAll("(?s).*boundary=(\\S+).*", "$1")).distinct())
            .hasSize(5)
            .allMatch((boundary) -> boundary.length() >= 32);
    }

    @Row(id = "S10", when = "Control characters, a colon in the user's name, of Basic credentials", then = REFUSED)
    void basicCredentials(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (String text : new String[] { "a\r\nX-Evil: 1", "a\0", "a\u007f" }) {
            refused(text, () -> client.get("/", (spec) -> spec.auth(Auth.basic("user", text + Cell.SECRET))));
            refused(text, () -> client.get("/", (spec) -> spec.auth(Auth.basic(text, Cell.SECRET))));
        }
        refused("colon", () -> client.get("/", (spec) -> spec.auth(Auth.basic("a:b", Cell.SECRET))));
        assertThat(server.connections()).isZero();
    }

    @Row(id = "S11", when = "Control characters in a bearer token", then = REFUSED)
    void bearerToken(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        for (String text : new String[] { "a\r\nX-Evil: 1", "a\0", "a\nb" }) {
            refused(text, () -> client.get("/", (spec) -> spec.auth(Auth.bearer(text + Cell.SECRET))));
        }
        assertThat(server.connections()).isZero();
    }

    @Row(id = "S12", when = "The server's reason phrase steers terminals, or looks like lines of a log",
            then = "Refused, or escaped and cut in messages")
    void reasonPhrase(Cell cell) {
        for (String reason : new String[] { "\u001b[2J", "No \u0085 INFO fake", "x".repeat(5000) }) {
            LaneClient client = cell.client(cell.server((connection) -> {
                connection.readRequest();
                connection.write("HTTP/1.1 500 " + reason + "\r\nContent-Length: 0\r\n\r\n");
                connection.hold();
            }));
            Throwable thrown = catchThrowable(() -> client.get("/").raiseForStatus());
            assertThat(thrown).isInstanceOf(ClientException.class);
            Cell.checkMessage((ClientException) thrown);
        }
    }

    @Row(id = "S13", when = "10,000 header lines of the caller; one of 100 KB", then = "Refused; nothing is sent")
    void headerFlood(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server);
        FieldLines.Builder many = FieldLines.builder();
        IntStream.range(0, 10_000).forEach((i) -> many.add("X-" + i, "v"));
        refused("many", () -> client.get("/", (spec) -> spec.headers(many.build())));
        refused("large", () -> client.get("/", (spec) -> spec.header("X-Large", "v".repeat(100_000))));
        assertThat(server.connections()).isZero();
    }

}
