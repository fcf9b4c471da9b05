package dev.outbound.client.httpx;

import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Link;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class A19ResponseModelTests extends AbstractFeatureTests {

    private static final String URL = "http://shop.test/a";

    private static final Request REQUEST = Request.of(HttpMethod.GET, Url.parse(URL));

    private static Response response(int status, String... lines) {
        FieldLines.Builder fields = FieldLines.builder();
        for (int i = 0; i < lines.length; i += 2) {
            fields.add(lines[i], lines[i + 1]);
        }
        return Response.of(REQUEST, status, fields.build(), new byte[0]);
    }

    private Response get(Lane lane, FakeUpstream.Answer... answers) {
        this.upstream = FakeUpstream.answering(answers);
        return client(lane).get(URL);
    }

    @Test
    @DisplayName("A19 constructor: status, lines and content as they are given; nothing is added that nobody wrote")
    void constructor() {
        byte[] content = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        Response response = Response.of(REQUEST, 201, FieldLines.empty().with("Content-Type", "application/json"),
                content);
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.reasonPhrase()).isEqualTo("Created");
        assertThat(response.json().path("a").asInt()).isEqualTo(1);
        assertThat(response.fields().size()).isEqualTo(1);
        assertThat(response(200).hasBody()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A19 status helpers")
    void statusHelpers(Lane lane) {
        assertThat(response(103).isInformational()).isTrue();
        assertThat(get(lane, status(204)).isSuccess()).isTrue();
        assertThat(get(lane, status(304)).isRedirect()).isTrue();
        assertThat(get(lane, status(404)).isClientError()).isTrue();
        assertThat(get(lane, status(503)).isServerError()).isTrue();
        for (int status : new int[] { 400, 499, 500, 599 }) {
            assertThat(get(lane, status(status)).isError()).isTrue();
        }
        Response unknown = get(lane, status(600));
        assertThat(unknown.status().value()).isEqualTo(600);
        assertThat(unknown.isError() || unknown.isSuccess() || unknown.isRedirect()).isFalse();
        assertThat(get(lane, status(302, "Location: /b")).hasRedirectLocation()).isTrue();
        assertThat(get(lane, status(302)).hasRedirectLocation()).isFalse();
        assertThat(get(lane, status(300, "Location: /b")).hasRedirectLocation()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A19 reason_phrase: as it was sent, empty where HTTP/1.1 sent none")
    void reasonPhrase(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 All Is Well\r\nContent-Length: 0\r\n\r\n");
            connection.readRequest();
            connection.write("HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n");
        }); LaneClient client = client(lane, server)) {
            assertThat(client.get("/").reasonPhrase()).isEqualTo("All Is Well");
            assertThat(client.get("/").reasonPhrase()).isEmpty();
        }
        assertThat(response(418).reasonPhrase()).isEqualTo("I'm a teapot");
        assertThat(response(299).reasonPhrase()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A19 http_version: of the connection, HTTP/1.1 where there was none")
    void httpVersion(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
        }); LaneClient client = client(lane, server)) {
            assertThat(client.get("/").httpVersion()).isEqualTo("HTTP/1.0");
        }
        assertThat(response(200).httpVersion()).isEqualTo("HTTP/1.1");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A19 request / url: always there, the ones that were answered")
    void requestAndUrl(Lane lane) {
        Response response = get(lane, ok("a"));
        assertThat(response.request().method()).isEqualTo(HttpMethod.GET);
        assertThat(response.url().text()).isEqualTo(URL);
        assertThat(response.url()).isSameAs(response.request().url());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A19 elapsed: from the beginning of the call, retries and waits included; of a streamed one to its head")
    void elapsed(Lane lane) {
        this.upstream = FakeUpstream.answering(status(503), ok("a"));
        RetryPolicy retry = RetryPolicy.fixed(1, Duration.ofSeconds(7));
        assertThat(client(lane, (builder) -> builder.retry(retry)).get(URL).elapsed()).hasSeconds(7);
        client(lane).stream(URL, (head) -> {
            this.clock.advance(Duration.ofSeconds(9));
            assertThat(head.elapsed()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A19 raise_for_status: the response itself for 2xx, an exception for every other status")
    void raiseForStatus(Lane lane) {
        Response success = get(lane, ok("a"));
        assertThat(success.raiseForStatus()).isSameAs(success);
        Response failed = get(lane, status(404).withBody("{\"error\":\"gone\"}"));
        assertThatExceptionOfType(StatusException.class).isThrownBy(failed::raiseForStatus)
            .withMessageContaining("GET http://shop.test/a: Client error 404")
            .satisfies((ex) -> assertThat(ex.response()).isSameAs(failed))
            .satisfies((ex) -> assertThat(ex.statusCode()).isEqualTo(404));
        assertThatExceptionOfType(StatusException.class)
            .isThrownBy(get(lane, status(301, "Location: http://u:secret@other.test/b"))::raiseForStatus)
            .withMessageContaining("Redirect response 301")
            .withMessageContaining("to http://other.test/b")
            .withMessageNotContaining("secret");
        assertThatExceptionOfType(StatusException.class).isThrownBy(response(101)::raiseForStatus)
            .withMessageContaining("Informational response 101 Switching Protocols");
        assertThatExceptionOfType(StatusException.class).isThrownBy(response(500)::raiseForStatus)
            .withMessageContaining("Server error 500 Internal Server Error");
        assertThatExceptionOfType(StatusException.class).isThrownBy(response(700)::raiseForStatus)
            .withMessageContaining("Invalid status code 700");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A19 json(**options): UTF-8, 16 and 32 whatever the charset says; an empty body and NaN are errors")
    void json(Lane lane) {
        String text = "{\"a\":\"ü\",\"n\":123456789012345678901234567890}";
        for (String charset : List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
            Response response = Response.of(REQUEST, 200,
                    FieldLines.empty().with("Content-Type", "application/json; charset=iso-8859-1"),
                    text.getBytes(Charset.forName(charset)));
            assertThat(response.json().path("a").asString()).as(charset).isEqualTo("ü");
            assertThat(response.json().path("n").bigIntegerValue())
                .isEqualTo(new BigInteger("123456789012345678901234567890"));
        }
        Response received = get(lane, ok(text));
        assertThat(received.json(Map.class).get("a")).isEqualTo("ü");
        assertThatExceptionOfType(ConversionException.class).isThrownBy(get(lane, ok(""))::json);
        assertThatExceptionOfType(ConversionException.class).isThrownBy(get(lane, ok("NaN"))::json);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A19 links: by relation or URL; of equal relations the last, and values may have any character in quotes")
    void links(Lane lane) {
        Response response = get(lane, ok("",
                "Link: <https://a.test/2>; rel=next, <https://a.test/9>; rel=\"last\"; title=\"a;b,c=d\", <https://a.test/x>",
                "Link: <https://a.test/3>; rel=next"));
        Map<String, Link> links = response.links();
        assertThat(links).containsOnlyKeys("next", "last", "https://a.test/x");
        assertThat(links.get("next").url()).isEqualTo("https://a.test/3");
        assertThat(links.get("last").parameters()).containsEntry("title", "a;b,c=d");
        assertThat(get(lane, ok("")).links()).isEmpty();
    }

    @Test
    @DisplayName("A19 display: status and phrase; never the content")
    void display() {
        assertThat(response(404)).hasToString("Response[404 Not Found]");
        assertThat(Response.of(REQUEST, 299, FieldLines.empty(), "secret".getBytes(StandardCharsets.UTF_8)))
            .hasToString("Response[299]");
    }

}
