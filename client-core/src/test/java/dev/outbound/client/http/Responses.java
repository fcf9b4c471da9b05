package dev.outbound.client.http;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

/**
 * Makes responses for tests.
 */
final class Responses {

    static final Request REQUEST = Request.of(HttpMethod.GET, Url.parse("https://example.org"));

    private Responses() {
    }

    static Response of(int status, @Nullable String reason, FieldLines fields, byte[] body) {
        return of(status, reason, fields, body, REQUEST);
    }

    /** A reason of {@code null} is none at all, as in HTTP/2. */
    static Response of(int status, @Nullable String reason, FieldLines fields, byte[] body, Request request) {
        CallContext context = new CallContext("test", request.method().name(), request.url().redacted(), 1,
                Duration.ZERO);
        return new Response(head(status, reason, fields), body, request, context, List.of(), null,
                reading(DefaultCharset.UTF_8));
    }

    static BodyReading reading(DefaultCharset charset) {
        return new BodyReading(JsonConversion.defaults(), charset, 1_000_000);
    }

    static Response of(@Nullable String contentType, byte[] body, DefaultCharset charset) {
        Response response = of(contentType, body);
        return new Response(response.head(), body, REQUEST, response.context(), List.of(), null, reading(charset));
    }

    static Response of(@Nullable String contentType, byte[] body) {
        return of(200, "OK",
                (contentType != null) ? FieldLines.empty().with("Content-Type", contentType) : FieldLines.empty(),
                body);
    }

    static FieldLines fields(Map<String, String> lines) {
        FieldLines.Builder fields = FieldLines.builder();
        lines.forEach(fields::add);
        return fields.build();
    }

    private static ResponseHead head(int status, @Nullable String reason, FieldLines fields) {
        return new ResponseHead() {

            @Override
            public int statusCode() {
                return status;
            }

            @Override
            public String reasonPhrase() {
                return (reason != null) ? reason : "";
            }

            @Override
            public String httpVersion() {
                return (reason != null) ? "HTTP/1.1" : "HTTP/2";
            }

            @Override
            public FieldLines fields() {
                return fields;
            }

        };
    }

}
