package dev.outbound.client.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ResponseTests {

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void bodyIsThereInEveryForm() {
        Response response = Responses.of("application/json", utf8("[{\"a\":\"é\"}]"));
        assertThat(response.text()).isEqualTo("[{\"a\":\"é\"}]");
        assertThat(response.bytes()).isEqualTo(utf8("[{\"a\":\"é\"}]"));
        assertThat(response.json().get(0).get("a").asString()).isEqualTo("é");
        assertThat(response.json(Object[].class)).hasSize(1);
        List<Map<String, String>> typed = response.json(new ParameterizedTypeReference<List<Map<String, String>>>() {
        });
        assertThat(typed).containsExactly(Map.of("a", "é"));
        assertThat(response.hasBody()).isTrue();
    }

    @Test
    void bytesAreACopy() {
        Response response = Responses.of(null, utf8("abc"));
        response.bytes()[0] = 'x';
        assertThat(response.text()).isEqualTo("abc");
    }

    @Test
    void emptyBody() {
        Response response = Responses.of(null, new byte[0]);
        assertThat(response.hasBody()).isFalse();
        assertThat(response.text()).isEmpty();
        assertThatExceptionOfType(ConversionException.class).isThrownBy(response::json).withMessageContaining("empty");
        assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> response.json(Map.class))
            .withMessageContaining("empty")
            .withMessageContaining("content type none");
    }

    @Test
    void bodyThatIsNull() {
        Response response = Responses.of("application/json", utf8("null"));
        assertThat(response.json().isNull()).isTrue();
        assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> response.json(Map.class))
            .withMessageContaining("JSON null");
    }

    @Test
    void failureOfJsonNamesTypeStatusAndContentTypeAndNoContent() {
        Response response = Responses.of(502, "Bad Gateway", Responses.fields(Map.of("Content-Type", "text/html")),
                utf8("<html>s3cret</html>"));
        assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> response.json(Map.class))
            .withMessageContaining("java.util.Map")
            .withMessageContaining("status 502")
            .withMessageContaining("content type text/html")
            .withMessageContaining("client 'test'")
            .withMessageNotContaining("s3cret")
            .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.BODY));
    }

    @Test
    void contentTypeForgesNoLogLine() {
        Response response = Responses.of(200, "OK",
                FieldLines.builder().append("Content-Type", "x\n\u001b[2J" + "y".repeat(500)).build(), utf8("{"));
        assertThatExceptionOfType(ConversionException.class).isThrownBy(response::json)
            .satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\n", "\u001b").hasSizeLessThan(600));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', textBlock = """
            text/html; charset=ISO-8859-1,    ISO-8859-1
            text/html;charset="utf-8",        UTF-8
            text/html; charset=latin-1,       ISO-8859-1
            text/html; charset=bogus,         UTF-8
            text/html; charset=,              UTF-8
            text/html; x=";charset=utf-16",   UTF-8
            text/html; x="\\";charset=utf-16", UTF-8
            text/html,                        UTF-8
            nonsense,                         UTF-8
            text/html; charset=utf-16-le,     UTF-16LE
            text/html; CHARSET = utf-16,      UTF-16
            """)
    void charset(String contentType, String charset) {
        assertThat(Responses.of(contentType, new byte[0]).charset().name()).isEqualTo(charset);
    }

    @Test
    void declaredCharsetIsTheServersWord() {
        assertThat(Responses.of("text/html; charset=Bogus", new byte[0]).declaredCharset()).isEqualTo("bogus");
        assertThat(Responses.of("text/html; charset=", new byte[0]).declaredCharset()).isEmpty();
        assertThat(Responses.of("text/html", new byte[0]).declaredCharset()).isNull();
        assertThat(Responses.of(null, new byte[0]).declaredCharset()).isNull();
    }

    @Test
    void textInAnotherCharset() {
        Response response = Responses.of("text/plain; charset=utf-8", new byte[] { (byte) 0xe9 });
        assertThat(response.text()).isEqualTo("\ufffd");
        assertThat(response.text(StandardCharsets.ISO_8859_1)).isEqualTo("é");
        assertThatIllegalArgumentException().isThrownBy(() -> response.text(Nulls.of(java.nio.charset.Charset.class)));
    }

    @ParameterizedTest
    @ValueSource(ints = { 200, 204, 299 })
    void successRaisesNothing(int status) {
        Response response = Responses.of(status, "x", FieldLines.empty(), new byte[0]);
        assertThat(response.raiseForStatus()).isSameAs(response);
    }

    @Test
    void linksAreByRelation() {
        Response response = Responses.of(200, "OK",
                FieldLines.builder()
                    .append("Link", "</b?a,b>; rel=next; title=\"x, \\\"y\\\"; z\"")
                    .append("link", "</a>; rel=\"prev\"")
                    .build(),
                new byte[0]);
        assertThat(response.links()).containsOnlyKeys("next", "prev");
        Link next = response.links().get("next");
        assertThat(next).isNotNull();
        assertThat(next.url()).isEqualTo("/b?a,b");
        assertThat(next.parameters()).containsEntry("title", "x, \"y\"; z");
        assertThatThrownBy(() -> response.links().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(Responses.of(null, new byte[0]).links()).isEmpty();
    }

    @Test
    void reasonOfHttp2IsTheRegisteredOne() {
        assertThat(Responses.of(404, null, FieldLines.empty(), new byte[0]).reasonPhrase()).isEqualTo("Not Found");
        assertThat(Responses.of(404, "", FieldLines.empty(), new byte[0]).reasonPhrase()).isEmpty();
        assertThat(Responses.of(599, null, FieldLines.empty(), new byte[0]).reasonPhrase()).isEmpty();
    }

    @Test
    void toStringShowsNoBodyAndForgesNothing() {
        Response response = Responses.of(200, "O\nK\u001b[2J", FieldLines.empty(), utf8("s3cret"));
        assertThat(response.toString()).startsWith("Response[200 O").doesNotContain("\n", "\u001b", "s3cret");
    }

    @Test
    void requestAndUrlAreThoseThatWereAnswered() {
        Request request = Request.of(HttpMethod.PUT, Url.parse("https://h/x"));
        Response response = Responses.of(200, "OK", FieldLines.empty(), new byte[0], request);
        assertThat(response.request()).isSameAs(request);
        assertThat(response.url()).isSameAs(request.url());
        assertThat(response.status().value()).isEqualTo(200);
    }

}
