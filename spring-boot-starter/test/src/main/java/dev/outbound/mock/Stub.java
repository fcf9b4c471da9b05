package dev.outbound.mock;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Secrets;

/**
 * Writes the route that a request would need, as Java.
 */
final class Stub {

    private static final Set<HttpMethod> VERBS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST,
            HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE, HttpMethod.OPTIONS);

    private static final int LONGEST_BODY = 1000;

    private Stub() {
    }

    /** Return method and URL, without secrets. */
    static String shown(SentRequest request) {
        QueryParams params = request.params();
        StringBuilder query = new StringBuilder();
        params.forEach((name, value) -> query.append(query.isEmpty() ? "?" : "&")
            .append(name)
            .append('=')
            .append(Secrets.isSecretHeader(name) ? Secrets.MASK : value));
        return request.method() + " " + request.url().redacted() + query;
    }

    static String of(SentRequest request, BaseUrl baseUrl) {
        StringBuilder code = new StringBuilder("router.");
        String url = literal(baseUrl.relative(request));
        if (VERBS.contains(request.method())) {
            code.append(request.method().name().toLowerCase(Locale.ROOT)).append('(').append(url).append(')');
        }
        else {
            code.append("request(HttpMethod.valueOf(")
                .append(literal(request.method().name()))
                .append("), ")
                .append(url)
                .append(')');
        }
        for (String name : request.params().names()) {
            List<String> values = request.params().all(name);
            String list = Secrets.isSecretHeader(name) ? ""
                    : values.stream().map((value) -> ", " + literal(value)).collect(Collectors.joining());
            code.append("\n    .param(").append(literal(name)).append(list).append(')');
        }
        return code.append(body(request)).append("\n    .reply(200);").toString();
    }

    private static String body(SentRequest request) {
        if (request.body().length == 0 || request.body().length > LONGEST_BODY || !isReadable(request.text())) {
            return "";
        }
        MediaType type = request.contentType();
        if (type != null
                && (type.isCompatibleWith(MediaType.APPLICATION_JSON) || type.getSubtype().endsWith("+json"))) {
            try {
                return json(request.json());
            }
            catch (IllegalStateException ex) {
                return text(request);
            }
        }
        if (!request.form().isEmpty() || !request.files().isEmpty()) {
            StringBuilder code = new StringBuilder();
            request.form()
                .forEach((name, values) -> code.append("\n    .formField(")
                    .append(literal(name))
                    .append(Secrets.isSecretHeader(name) ? ""
                            : values.stream().map((value) -> ", " + literal(value)).collect(Collectors.joining()))
                    .append(')'));
            request.files()
                .forEach((file) -> code.append("\n    .file(")
                    .append(literal(file.name()))
                    .append(", ")
                    .append(literal(file.fileName()))
                    .append(", ")
                    .append(literal(file.text()))
                    .append(')'));
            return code.toString();
        }
        return text(request);
    }

    private static String json(JsonNode body) {
        if (!body.isContainer()) {
            return "\n    .json(" + literal(body.toString()) + ")";
        }
        JsonNode shown = MaskedJson.without(body);
        String json = Json.pretty(shown).replace("\\", "\\\\").indent(8).stripTrailing();
        return "\n    ." + (shown.equals(body) ? "json" : "jsonContaining") + "(\"\"\"\n" + json + "\"\"\")";
    }

    /** A secret cannot be left out of a text: then all of it is. */
    private static String text(SentRequest request) {
        String text = request.text();
        return Secrets.maskFields(text).equals(text) ? "\n    .text(" + literal(text) + ")" : "";
    }

    private static boolean isReadable(String text) {
        return text.chars().allMatch((c) -> (c >= ' ' || Character.isWhitespace(c)) && c != 0xfffd);
    }

    private static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> literal.append("\\\"");
                case '\\' -> literal.append("\\\\");
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                case '\t' -> literal.append("\\t");
                default ->
                    literal.append((c < ' ' || c == 0x7f) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return literal.append('"').toString();
    }

}
