package dev.outbound.mock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Multipart;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;

/** Makes requests and patterns of what the vectors say. */
final class VectorInput {

    private VectorInput() {
    }

    static RequestPattern pattern(JsonNode in) {
        if (in.has("and")) {
            return in.get("and")
                .valueStream()
                .map(VectorInput::pattern)
                .reduce(RequestPattern.anything(), RequestPattern::and);
        }
        if (in.has("or")) {
            return in.get("or").valueStream().map(VectorInput::pattern).reduce(RequestPattern::or).orElseThrow();
        }
        if (in.has("not")) {
            return pattern(in.get("not")).not();
        }
        return in.has("noop") ? RequestPattern.anything() : RequestPattern.spelled(lookups(in.get("is")));
    }

    static Map<String, @Nullable Object> lookups(JsonNode is) {
        Map<String, @Nullable Object> lookups = new LinkedHashMap<>();
        is.propertyStream().forEach((entry) -> lookups.put(entry.getKey(), value(entry.getValue())));
        return lookups;
    }

    private static @Nullable Object value(JsonNode value) {
        if (value.has("$any")) {
            return Lookup.any();
        }
        if (value.has("$bytes")) {
            return value.get("$bytes").asString().getBytes(StandardCharsets.UTF_8);
        }
        if (value.has("$regex")) {
            return Pattern.compile(value.get("$regex").asString());
        }
        if (value.has("$file")) {
            return value(value.get("$file"));
        }
        if (value.has("$pairs")) {
            List<Map.Entry<String, @Nullable Object>> pairs = new ArrayList<>();
            value.get("$pairs").forEach((pair) -> pairs.add(Map.entry(pair.get(0).asString(), value(pair.get(1)))));
            return pairs;
        }
        if (value.isObject()) {
            return lookups(value);
        }
        if (value.isArray()) {
            return value.valueStream().map(VectorInput::value).collect(Collectors.toCollection(ArrayList::new));
        }
        if (value.isNull()) {
            return null;
        }
        if (value.isInt()) {
            return value.asInt();
        }
        return value.isString() ? value.asString() : value;
    }

    static Request request(JsonNode in) {
        FieldLines.Builder fields = FieldLines.builder();
        in.path("headers").propertyStream().forEach((entry) -> fields.add(entry.getKey(), entry.getValue().asString()));
        String cookies = in.path("cookies")
            .propertyStream()
            .map((entry) -> entry.getKey() + "=" + entry.getValue().asString())
            .collect(Collectors.joining("; "));
        if (!cookies.isEmpty()) {
            fields.add("Cookie", cookies);
        }
        return Request.of(HttpMethod.valueOf(in.path("method").asString("GET")), Url.parse(in.get("url").asString()),
                fields.build(), body(in), Timeouts.defaults(), null, Map.of());
    }

    private static @Nullable RequestBody body(JsonNode in) {
        if (in.has("json")) {
            return RequestBody.bytes(in.get("json").toString().getBytes(StandardCharsets.UTF_8),
                    MediaType.APPLICATION_JSON);
        }
        if (in.has("content")) {
            return RequestBody.bytes(in.get("content").asString().getBytes(StandardCharsets.UTF_8), null);
        }
        if (in.has("files")) {
            return multipart(in);
        }
        return in.has("data") ? RequestBody.form(lookups(in.get("data"))) : null;
    }

    private static RequestBody multipart(JsonNode in) {
        Multipart multipart = new Multipart();
        lookups(in.path("data")).forEach((name, value) -> {
            for (Object one : (value instanceof List<?> list) ? list : Collections.singletonList(value)) {
                multipart.field(name, one);
            }
        });
        Object files = value(in.get("files"));
        if (files instanceof Map<?, ?> map) {
            map.forEach((name, file) -> add(multipart, String.valueOf(name), file));
        }
        else if (files instanceof List<?> pairs) {
            for (Object pair : pairs) {
                Map.Entry<?, ?> entry = (Map.Entry<?, ?>) pair;
                add(multipart, String.valueOf(entry.getKey()), entry.getValue());
            }
        }
        return multipart.build();
    }

    private static void add(Multipart multipart, String name, @Nullable Object file) {
        if (file instanceof List<?> parts) {
            multipart.file(name, String.valueOf(parts.get(0)), bytes(parts.get(1)));
        }
        else {
            multipart.file(name, bytes(file));
        }
    }

    private static byte[] bytes(@Nullable Object content) {
        return (content instanceof byte[] bytes) ? bytes : String.valueOf(content).getBytes(StandardCharsets.UTF_8);
    }

}
