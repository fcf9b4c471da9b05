package dev.outbound.client.http;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

import static java.nio.charset.StandardCharsets.UTF_8;

@ExtendWith(VectorReport.class)
class HeaderMergeVectorTests {

    @TestFactory
    Stream<DynamicTest> headers() {
        return Topic.of("header_merge")
            .op("view", (in) -> view(lines(in.get("headers"))))
            .op("get", (in) -> get(lines(in.get("headers")), in.get("name").asString()))
            .op("change", (in) -> {
                FieldLines lines = lines(in.get("headers"));
                for (JsonNode step : in.get("steps")) {
                    lines = change(lines, step);
                }
                return Map.of("headers", pairs(lines));
            })
            .op("equal", (in) -> Map.of("equal", lines(in.get("a")).equals(lines(in.get("b")))))
            .op("decode", (in) -> decode(in.get("raw_b64")))
            .op("response", HeaderMergeVectorTests::response)
            .elsewhere("client_request", "sent", "request")
            .tests();
    }

    private static FieldLines lines(JsonNode headers) {
        FieldLines.Builder lines = FieldLines.builder();
        if (headers.isObject()) {
            headers.properties().forEach((line) -> lines.add(line.getKey(), line.getValue().asString()));
        }
        else {
            headers.forEach((line) -> lines.add(line.get(0).asString(), line.get(1).asString()));
        }
        return lines.build();
    }

    private static FieldLines change(FieldLines lines, JsonNode step) {
        return switch (step.get(0).asString()) {
            case "set" -> lines.with(step.get(1).asString(), step.get(2).asString());
            case "set_default" -> lines.contains(step.get(1).asString()) ? lines
                    : lines.with(step.get(1).asString(), step.get(2).asString());
            case "delete" -> lines.without(step.get(1).asString());
            case "update" -> lines.merge(lines(step.get(1)));
            default -> throw new IllegalStateException("Unknown change " + step);
        };
    }

    private static Map<String, ?> view(FieldLines lines) {
        Set<String> names = new LinkedHashSet<>();
        lines.forEach((name, value) -> names.add(name.toLowerCase(Locale.ROOT)));
        List<List<@Nullable String>> items = new ArrayList<>();
        names.forEach((name) -> items.add(java.util.Arrays.asList(name, lines.combined(name))));
        return Map.of("items", items, "multi_items", lowerCase(lines), "size", lines.size(), "text",
                lowerCase(lines.masked()));
    }

    private static List<List<String>> lowerCase(FieldLines lines) {
        List<List<String>> pairs = new ArrayList<>();
        lines.forEach((name, value) -> pairs
            .add(List.of(name.toLowerCase(Locale.ROOT), value.equals(Secrets.MASK) ? "[secure]" : value)));
        return pairs;
    }

    private static Map<String, ?> get(FieldLines lines, String name) {
        Map<String, @Nullable Object> out = new HashMap<>();
        out.put("value", lines.combined(name));
        out.put("list", lines.all(name));
        out.put("split", lines.elements(name));
        out.put("contains", lines.contains(name));
        return out;
    }

    private static Map<String, ?> decode(JsonNode raw) {
        FieldLines.Builder received = FieldLines.builder();
        raw.forEach((line) -> received.append(latin1(line.get(0)), latin1(line.get(1))));
        FieldLines lines = received.build();
        String charset = lines.charset().name().toLowerCase(Locale.ROOT);
        return Map.of("encoding", charset.equals("us-ascii") ? "ascii" : charset, "items", lowerCase(lines.decoded()));
    }

    private static String latin1(JsonNode base64) {
        return new String(Base64.getDecoder().decode(base64.asString()), StandardCharsets.ISO_8859_1);
    }

    private static Map<String, ?> response(JsonNode in) {
        Request request = Request.of(HttpMethod.GET, Url.parse("http://a.test/"));
        Response response;
        if (in.has("content")) {
            response = Response.of(request, 200, RequestBody.bytes(in.get("content").asString().getBytes(UTF_8), null));
        }
        else if (in.has("content_stream")) {
            byte[] bytes = in.get("content_stream").asString().getBytes(UTF_8);
            response = Response.of(request, 200, RequestBody.stream(new ByteArrayInputStream(bytes), -1, null));
        }
        else if (in.has("text")) {
            response = Response.of(request, 200, RequestBody.text(in.get("text").asString()));
        }
        else if (in.has("json")) {
            response = Response.of(request, 200, JsonConversion.defaults().write(in.get("json")));
        }
        else {
            response = Response.of(request, 200, RequestBody.bytes(new byte[0], null));
        }
        return Map.of("headers", pairs(spelledAsUpstream(response.fields())));
    }

    /** Spring writes a media type without a blank and the name of UTF-8 in capitals. */
    private static FieldLines spelledAsUpstream(FieldLines lines) {
        String type = lines.first("Content-Type");
        return (type != null) ? lines.with("Content-Type", type.replace(";charset=UTF-8", "; charset=utf-8")) : lines;
    }

    private static List<List<String>> pairs(FieldLines lines) {
        List<List<String>> pairs = new ArrayList<>();
        lines.forEach((name, value) -> pairs.add(List.of(name, value)));
        return pairs;
    }

}
