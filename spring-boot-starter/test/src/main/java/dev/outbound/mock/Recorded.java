package dev.outbound.mock;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Url;

/**
 * One side of a recorded exchange, as it stands in a cassette.
 */
final class Recorded {

    /** Of the connection, or different each time. */
    private static final Set<String> LEFT_OUT = Set.of("date", "content-length", "transfer-encoding", "connection",
            "keep-alive", "age", "expires");

    private Recorded() {
    }

    static ObjectNode write(SentRequest request) {
        ObjectNode node = Json.object();
        node.put("method", request.method().name());
        node.put("url", request.url().redacted());
        if (!request.params().isEmpty()) {
            ArrayNode params = node.putArray("params");
            request.params()
                .forEach((name,
                        value) -> params.addArray().add(name).add(Secrets.isSecretHeader(name) ? Secrets.MASK : value));
        }
        body(node, request.body());
        return node;
    }

    static ObjectNode write(int status, FieldLines fields, byte[] body) {
        ObjectNode node = Json.object();
        node.put("status", status);
        byte[] decoded = "gzip".equalsIgnoreCase(fields.first(HttpHeaders.CONTENT_ENCODING)) ? gunzip(body) : null;
        ArrayNode headers = node.putArray("headers");
        fields.masked().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!LEFT_OUT.contains(lower) && (decoded == null || !lower.equals("content-encoding"))) {
                headers.addArray().add(name).add(value);
            }
        });
        body(node, (decoded != null) ? decoded : body);
        return node;
    }

    private static byte @Nullable [] gunzip(byte[] body) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
        catch (IOException ex) {
            // What is not gzip is kept as it came, for the client to see.
            return null;
        }
    }

    private static void body(ObjectNode node, byte[] body) {
        if (body.length == 0) {
            return;
        }
        try {
            node.set("json", masked(Json.parse(body)));
        }
        catch (JacksonException ex) {
            String text = new String(body, StandardCharsets.UTF_8);
            if (text.indexOf('\ufffd') < 0) {
                node.put("text", text);
            }
            else {
                node.put("base64", Base64.getEncoder().encodeToString(body));
            }
        }
    }

    /** With its keys in order: some programs write them in another one each time. */
    private static JsonNode masked(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            ObjectNode masked = Json.object();
            for (String key : new TreeSet<>(object.propertyNames())) {
                JsonNode value = object.get(key);
                if (value.isValueNode() && Secrets.isSecretHeader(key)) {
                    masked.put(key, Secrets.MASK);
                }
                else {
                    masked.set(key, masked(value));
                }
            }
            return masked;
        }
        if (tree instanceof ArrayNode array) {
            ArrayNode masked = Json.array();
            array.forEach((element) -> masked.add(masked(element)));
            return masked;
        }
        return tree;
    }

    static RequestPattern pattern(JsonNode request) {
        Url url = Url.parse(request.path("url").asString());
        List<RequestPattern> patterns = new ArrayList<>();
        patterns.add(RequestPattern.method(HttpMethod.valueOf(request.path("method").asString())));
        patterns.add(RequestPattern.scheme(Lookup.equalTo(url.scheme())));
        patterns.add(RequestPattern.host(Lookup.equalTo(url.host())));
        patterns.add(RequestPattern.port(url.port()));
        Map<String, List<Object>> params = new LinkedHashMap<>();
        request.path("params").forEach((pair) -> {
            String value = pair.get(1).asString();
            params.computeIfAbsent(pair.get(0).asString(), (name) -> new ArrayList<>())
                .add(value.equals(Secrets.MASK) ? Lookup.any() : value);
        });
        patterns.add(new WholePath(url.decodedPath()));
        patterns.add(RequestPattern.paramsEqualTo(params));
        patterns.add(new Body(body(request)));
        return RequestPattern.allOf(patterns);
    }

    static Reply reply(JsonNode response) {
        Reply reply = Reply.of(response.path("status").asInt());
        for (JsonNode header : response.path("headers")) {
            if (!header.get(1).asString().equals(Secrets.MASK)) {
                reply = reply.header(header.get(0).asString(), header.get(1).asString());
            }
        }
        if (response.has("json")) {
            return reply.body(response.get("json").toString().getBytes(StandardCharsets.UTF_8));
        }
        if (response.has("base64")) {
            return reply.body(Base64.getDecoder().decode(response.get("base64").asString()));
        }
        return reply.body(response.path("text").asString("").getBytes(StandardCharsets.UTF_8));
    }

    /** Return what stands for the body, without the rest. */
    private static ObjectNode body(JsonNode side) {
        ObjectNode body = Json.object();
        for (String form : List.of("json", "text", "base64")) {
            if (side.has(form)) {
                body.set(form, side.get(form));
            }
        }
        return body;
    }

    /** The path of the URL, whatever the base URL of the router. */
    private record WholePath(String path) implements RequestPattern {

        @Override
        public Comparison compare(SentRequest request) {
            String actual = request.url().decodedPath();
            return Comparison.of(new Comparison.Part("path", this.path, actual, actual.equals(this.path)), Map.of());
        }

        @Override
        public String toString() {
            return "path " + this.path;
        }

    }

    /**
     * The body as it is recorded.
     *
     * @param recorded {@code json}, {@code text} or {@code base64}, or nothing
     */
    private record Body(ObjectNode recorded) implements RequestPattern {

        @Override
        public Comparison compare(SentRequest request) {
            ObjectNode actual = Json.object();
            Recorded.body(actual, request.body());
            if (this.recorded.has("json") && actual.has("json")) {
                return Json.difference(this.recorded.get("json"), actual.get("json"));
            }
            return Comparison.of(
                    new Comparison.Part("body", shown(this.recorded), shown(actual), actual.equals(this.recorded)),
                    Map.of());
        }

        private static String shown(ObjectNode body) {
            return body.propertyStream().map((entry) -> entry.getValue().toString()).findFirst().orElse("none");
        }

        @Override
        public String toString() {
            return "body " + shown(this.recorded);
        }

    }

}
