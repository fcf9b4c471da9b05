package dev.outbound.client.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class StatusExceptionTests {

    private static StatusException raised(int status, String reason, Map<String, String> fields, String body) {
        Request request = Request.of(HttpMethod.GET, Url.parse("https://user:pa55word@h/x?token=t0ken"))
            .withHeader("Authorization", "Bearer s3cr3t-token")
            .withHeader("Cookie", "session=c00kie-value; b=c");
        Response response = Responses.of(status, reason, Responses.fields(fields),
                body.getBytes(StandardCharsets.UTF_8), request);
        return catchThrowableOfType(StatusException.class, response::raiseForStatus);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            100, Continue,      Informational response 100 Continue
            304, Not Modified,  Redirect response 304 Not Modified
            404, Not Found,     Client error 404 Not Found
            503, '',            Server error 503
            999, What,          Invalid status code 999 What
            """)
    void messageNamesKindAndStatus(int status, String reason, String message) {
        StatusException ex = raised(status, reason, Map.of(), "");
        assertThat(ex.detail()).isEqualTo(message);
        assertThat(ex.getMessage()).contains("GET https://h/x of client 'test'", message);
        assertThat(ex.statusCode()).isEqualTo(status);
        assertThat(ex.response()).isInstanceOf(Response.class);
        assertThat(ex.phase()).isEqualTo(Phase.HEAD);
    }

    @Test
    void messageShowsNoSecretOfTheRequest() {
        assertThat(raised(401, "No", Map.of(), "").getMessage()).doesNotContain("pa55word", "t0ken", "s3cr3t",
                "c00kie");
    }

    @Test
    void messageHasTheBeginningOfATextBody() {
        assertThat(
                raised(404, "x", Map.of("Content-Type", "application/problem+json"), "{\"detail\":\"no é\"}").detail())
            .isEqualTo("Client error 404 x: {\"detail\":\"no é\"}");
        String excerpt = raised(500, "x", Map.of("Content-Type", "text/plain"), "ab\n\u001b[2J" + "y".repeat(5000))
            .detail();
        assertThat(excerpt).doesNotContain("\n", "\u001b").endsWith("y…").hasSizeLessThan(300);
        assertThat(raised(500, "x", Map.of("Content-Type", "image/png"), "abc").detail())
            .isEqualTo("Server error 500 x");
        assertThat(raised(500, "x", Map.of(), "abc").detail()).isEqualTo("Server error 500 x");
    }

    @Test
    void whatWasSentAsCredentialsIsMaskedInTheExcerpt() {
        String message = raised(401, "x", Map.of("Content-Type", "text/plain"),
                "bad token s3cr3t-token in 'Bearer s3cr3t-token', cookie c00kie-value")
            .getMessage();
        assertThat(message).contains("bad token " + Secrets.MASK).doesNotContain("s3cr3t-token", "c00kie-value");
    }

    @Test
    void messageHasTheTargetOfARedirectWithoutItsQuery() {
        assertThat(raised(303, "See Other", Map.of("Location", "https://u:p@other/y?code=c0de"), "").detail())
            .isEqualTo("Redirect response 303 See Other to https://other/y");
        assertThat(raised(303, "See Other", Map.of("Location", "http://h:x/"), "").detail())
            .isEqualTo("Redirect response 303 See Other to an invalid URL");
    }

    @Test
    void reasonOfTheServerForgesNothing() {
        Response response = Responses.of(500, "a\nb\u001b[2J" + "c".repeat(500), FieldLines.empty(), new byte[0]);
        StatusException ex = catchThrowableOfType(StatusException.class, response::raiseForStatus);
        assertThat(ex.getMessage()).as("S12").doesNotContain("\n", "\u001b").hasSizeLessThan(400);
    }

}
