package dev.outbound.client.httpx;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class A05HeadersTests extends AbstractFeatureTests {

    private static final String URL = "http://shop.test/a";

    private static FieldLines lines(String... namesAndValues) {
        FieldLines.Builder lines = FieldLines.builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            lines.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return lines.build();
    }

    /** What the server got, without the line of the request. */
    private static List<String> received(String request) {
        return request.lines().skip(1).filter((line) -> !line.isEmpty()).toList();
    }

    @Test
    @DisplayName("A5 model: lines in order, names in any case, their own case kept")
    void model() {
        FieldLines headers = lines("a", "1", "B", "2", "A", "3");
        assertThat(headers.name(0)).isEqualTo("a");
        assertThat(headers.name(2)).isEqualTo("A");
        assertThat(headers.first("A")).isEqualTo("1");
        assertThat(headers.contains("b")).isTrue();
        assertThat(headers).hasToString("[a: 1, B: 2, A: 3]");
    }

    @Test
    @DisplayName("A5 reading a repeated name: joined, apart, or split at commas outside of quotes")
    void repeatedName() {
        FieldLines headers = lines("a", "1, 2", "b", "x", "a", "3, \"4, 5\"");
        assertThat(headers.combined("a")).isEqualTo("1, 2, 3, \"4, 5\"");
        assertThat(headers.all("a")).containsExactly("1, 2", "3, \"4, 5\"");
        assertThat(headers.elements("a")).containsExactly("1", "2", "3", "\"4, 5\"");
    }

    @Test
    @DisplayName("A5 len: counts lines; Spring's view counts names")
    void size() {
        FieldLines headers = lines("a", "1", "A", "2");
        assertThat(headers.size()).isEqualTo(2);
        assertThat(headers.asHttpHeaders().size()).isEqualTo(1);
    }

    @Test
    @DisplayName("A5 set: in the place of the first, without the others; last where it is new")
    void set() {
        FieldLines headers = lines("a", "1", "b", "2", "A", "3");
        assertThat(headers.with("A", "4")).hasToString("[A: 4, b: 2]");
        assertThat(headers.with("c", "4")).hasToString("[a: 1, b: 2, A: 3, c: 4]");
    }

    @Test
    @DisplayName("A5 delete: all lines of the name; none is no error")
    void delete() {
        FieldLines headers = lines("a", "1", "b", "2", "A", "3");
        assertThat(headers.without("a")).hasToString("[b: 2]");
        assertThat(headers.without("x")).isEqualTo(headers);
    }

    @Test
    @DisplayName("A5 update / merge: the new lines come last, repeated ones too")
    void merge() {
        assertThat(lines("a", "1", "b", "2").merge(lines("A", "3", "a", "4", "c", "5")))
            .hasToString("[b: 2, A: 3, a: 4, c: 5]");
    }

    @Test
    @DisplayName("A5 equality: in any order, names in any case")
    void equality() {
        assertThat(lines("a", "1", "b", "2")).isEqualTo(lines("B", "2", "A", "1"))
            .hasSameHashCodeAs(lines("B", "2", "A", "1"))
            .isNotEqualTo(lines("a", "1"))
            .isNotEqualTo(lines("a", "1", "a", "1", "b", "2"));
        HttpHeaders spring = new HttpHeaders();
        spring.add("B", "2");
        spring.add("A", "1");
        assertThat(FieldLines.of(spring)).isEqualTo(lines("a", "1", "b", "2"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A5 encoding to bytes: Latin-1; what is beyond it is refused")
    void encoding(Lane lane) {
        try (RawServer server = echo(); LaneClient client = client(lane, server)) {
            assertThat(client.get("/", (spec) -> spec.header("X-Name", "José")).text()).contains("X-Name: José\r\n");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> lines("X-Name", "你好"))
            .withMessageContaining("header X-Name")
            .withMessageContaining("position 0");
    }

    @Test
    @DisplayName("A5 decoding to text: ASCII, UTF-8 or ISO-8859-1, whichever fits all lines")
    void decoding() {
        FieldLines ascii = FieldLines.builder().append("a", "b").build();
        FieldLines utf8 = FieldLines.builder().append("a", "Ã©").build();
        FieldLines latin1 = FieldLines.builder().append("a", "é").build();
        assertThat(ascii.charset()).isEqualTo(StandardCharsets.US_ASCII);
        assertThat(utf8.charset()).isEqualTo(StandardCharsets.UTF_8);
        assertThat(utf8.decoded().first("a")).isEqualTo("é");
        assertThat(latin1.charset()).isEqualTo(StandardCharsets.ISO_8859_1);
        assertThat(latin1.decoded().first("a")).isEqualTo("é");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A5 no syntax check in the model: there is one, before anything is sent")
    void syntax(Lane lane) {
        for (String[] line : new String[][] { { "a b", "c" }, { "a:", "c" }, { "", "c" }, { "a", "b\r\nc: d" },
                { "a", "b\u0000" } }) {
            assertThatIllegalArgumentException().isThrownBy(() -> lines(line));
            assertThatIllegalArgumentException()
                .isThrownBy(() -> client(lane).get(URL, (spec) -> spec.header(line[0], line[1])));
        }
        FieldLines received = FieldLines.builder().append("a", "b\nc").build();
        assertThatIllegalArgumentException().isThrownBy(() -> client(lane).get(URL, (spec) -> spec.headers(received)));
        assertThat(this.upstream.requests()).isEmpty();
    }

    @Test
    @DisplayName("A5 display: credentials are masked, cookies and API keys too")
    void display() {
        FieldLines headers = lines("Authorization", "Basic s3cr3t", "Proxy-Authorization", "s3cr3t", "Cookie",
                "a=s3cr3t", "X-Api-Key", "s3cr3t", "Accept", "*/*");
        assertThat(headers.toString()).doesNotContain("s3cr3t").contains("Accept: */*", "Cookie: ******");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A5 client defaults: Accept, Accept-Encoding, Connection, User-Agent, before those of the user")
    void clientDefaults(Lane lane) {
        client(lane).get(URL, (spec) -> spec.header("X-A", "b").header("Accept", "text/plain"));
        assertThat(sent().fields().toString()).matches(
                "\\[Accept-Encoding: gzip, deflate.*, Connection: keep-alive, User-Agent: outbound, X-A: b, Accept: text/plain]");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A5 removing a default")
    void removingADefault(Lane lane) {
        try (RawServer server = echo();
                LaneClient client = lane.client((builder) -> builder.baseUrl(server.url())
                    .withoutHeader("accept")
                    .withoutHeader("User-Agent"))) {
            assertThat(client.get("/").text()).doesNotContainIgnoringCase("\naccept:")
                .doesNotContainIgnoringCase("\nuser-agent:");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A5 repeated request headers: survive the merging with the client's")
    void repeatedRequestHeaders(Lane lane) {
        try (RawServer server = echo();
                LaneClient client = lane.client((builder) -> builder.baseUrl(server.url())
                    .headers(lines("X-A", "1", "X-B", "0", "X-A", "2")))) {
            assertThat(received(client.get("/").text())).contains("X-A: 1", "X-B: 0", "X-A: 2");
            assertThat(received(client.get("/", (spec) -> spec.headers(lines("X-B", "3", "X-B", "4"))).text()))
                .contains("X-A: 1", "X-A: 2", "X-B: 3", "X-B: 4")
                .doesNotContain("X-B: 0");
            assertThat(received(client.get("/", (spec) -> spec.headers(Map.of("X-B", "5"))).text())).contains("X-B: 5")
                .doesNotContain("X-B: 0");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A5 automatic headers on a Request: Host, and the length or the chunks, which nobody else can set")
    void automaticHeaders(Lane lane) {
        try (RawServer server = echo(); LaneClient client = client(lane, server)) {
            assertThat(client.get("/").text()).contains("Host: 127.0.0.1:" + server.port() + "\r\n")
                .doesNotContainIgnoringCase("content-length")
                .doesNotContainIgnoringCase("content-type");
            assertThat(client.post("/", PLAIN).text()).containsIgnoringCase("content-length: 0\r\n");
            assertThat(client.post("/", (spec) -> spec.text("abc")).text())
                .containsIgnoringCase("content-length: 3\r\n")
                .containsIgnoringCase("content-type: text/plain;charset=UTF-8\r\n")
                .doesNotContainIgnoringCase("transfer-encoding");
            assertThat(client.post("/", (spec) -> spec.text("abc").header("Content-Type", "text/csv")).text())
                .containsIgnoringCase("content-type: text/csv\r\n");
        }
        for (String name : List.of("Host", "Content-Length", "Transfer-Encoding", "Connection")) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> client(lane).get(URL, (spec) -> spec.header(name, "1")))
                .withMessageContaining("set by the transport");
        }
    }

    @Test
    @DisplayName("A5 Host value: without the default port and user information, in ASCII, IPv6 in brackets")
    void hostValue() {
        assertThat(Url.parse("https://u:p@example.org:443/").authority()).isEqualTo("example.org");
        assertThat(Url.parse("http://example.org:8080/").authority()).isEqualTo("example.org:8080");
        assertThat(Url.parse("http://bücher.example/").authority()).isEqualTo("xn--bcher-kva.example");
        assertThat(Url.parse("http://[::1]:8080/").authority()).isEqualTo("[::1]:8080");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A5 copy: is not needed, for nothing changes what is there")
    void copy(Lane lane) {
        FieldLines headers = lines("a", "1");
        headers.with("a", "2");
        headers.without("a");
        headers.merge(lines("b", "3"));
        assertThat(headers).hasToString("[a: 1]");
        LaneClient client = client(lane, (builder) -> builder.headers(headers));
        client.request(HttpMethod.GET, URL, (spec) -> spec.header("a", "2"));
        client.get(URL);
        assertThat(sent().fields().first("a")).isEqualTo("1");
    }

}
