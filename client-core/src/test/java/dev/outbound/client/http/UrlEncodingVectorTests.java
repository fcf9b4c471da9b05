package dev.outbound.client.http;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class UrlEncodingVectorTests {

    @TestFactory
    Stream<DynamicTest> urlEncoding() {
        return Topic.of("url_encoding")
            .op("parse", (in) -> describe(Url.parse(text(in.get("url")))))
            .op("build",
                    (in) -> describe(Url.parse(in.has("url") ? text(in.get("url")) : "")
                        .with((url) -> set(url, in.path("components")))))
            .op("copy_with", (in) -> describe(Url.parse(text(in.get("url"))).with((url) -> set(url, in.path("with")))))
            .op("equal", (in) -> Map.of("equal", Url.parse(text(in.get("a"))).equals(Url.parse(text(in.get("b"))))))
            .tests();
    }

    private static String text(JsonNode value) {
        if (!value.isObject()) {
            return value.asString();
        }
        JsonNode repeat = value.get("repeat");
        return value.path("prefix").asString("") + repeat.get(0).asString().repeat(repeat.get(1).asInt());
    }

    private static void set(UrlBuilder url, JsonNode parts) {
        if (parts.has("username") || parts.has("password")) {
            url.user(optional(parts.get("username")), optional(parts.get("password")));
        }
        parts.properties().forEach((part) -> {
            if (part.getKey().equals("params")) {
                url.params(Params.of(part.getValue()));
                return;
            }
            String value = optional(part.getValue());
            switch (part.getKey()) {
                case "scheme" -> url.scheme(value);
                case "username", "password" -> {
                }
                case "userinfo" -> url.userInfo(value);
                case "host" -> url.host(value);
                case "port" -> url.port((value != null) ? part.getValue().intValue() : -1);
                case "netloc" -> url.authority(value);
                case "path" -> url.path(value);
                case "raw_path" -> url.target(value);
                case "query" -> url.query(value);
                case "fragment" -> url.fragment(value);
                default -> throw new IllegalArgumentException("A URL has no " + part.getKey());
            }
        });
    }

    private static @Nullable String optional(@Nullable JsonNode value) {
        return (value != null && !value.isNull()) ? text(value) : null;
    }

    private static Map<String, ?> describe(Url url) {
        Map<String, Object> out = new HashMap<>();
        out.put("url", url.text());
        out.put("scheme", url.scheme());
        out.put("userinfo", (url.userInfo() != null) ? url.userInfo() : "");
        out.put("username", url.username());
        out.put("password", url.password());
        out.put("host", url.displayHost());
        out.put("raw_host", url.host());
        out.put("port", (url.explicitPort() >= 0) ? url.explicitPort() : null);
        out.put("netloc", url.authority());
        out.put("path", url.decodedPath());
        out.put("raw_path", url.target());
        out.put("query", (url.query() != null) ? url.query() : "");
        out.put("fragment", url.decodedFragment());
        out.put("absolute", url.isAbsolute());
        out.put("masked", asPythonPrints(url.toString()));
        return out;
    }

    /** The vectors have what stands between the quotes of Python's {@code repr}. */
    private static String asPythonPrints(String text) {
        return text.replace("\\", "\\\\").replace(Secrets.MASK, "[secure]");
    }

}
