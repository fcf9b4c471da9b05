package dev.outbound.mock;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

import org.jspecify.annotations.Nullable;
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

    /** A challenge tells what is asked for (RFC 9110, section 11.6.1), and no secret. */
    private static final Set<String> CHALLENGES = Set.of("basic", "digest", "bearer");

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
        RecordedBody.of(request).writeTo(node);
        return node;
    }

    static ObjectNode write(int status, FieldLines fields, byte[] body) {
        ObjectNode node = Json.object();
        node.put("status", status);
        byte[] decoded = decoded(fields.first(HttpHeaders.CONTENT_ENCODING), body);
        ArrayNode headers = node.putArray("headers");
        fields.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            // Of a body that is not there, as in the answer to HEAD, nothing else tells
            // the length.
            boolean kept = !LEFT_OUT.contains(lower) || (lower.equals("content-length") && body.length == 0);
            if (kept && (decoded == body || !lower.equals("content-encoding"))) {
                headers.addArray().add(name).add(shown(lower, value));
            }
        });
        RecordedBody.of(decoded).writeTo(node);
        return node;
    }

    private static String shown(String name, String value) {
        if (name.equals("location") || name.equals("content-location")) {
            return masked(value);
        }
        boolean challenge = name.endsWith("-authenticate")
                && CHALLENGES.contains(value.strip().split("[ ,]", 2)[0].toLowerCase(Locale.ROOT));
        return (Secrets.isSecretHeader(name) && !challenge) ? Secrets.MASK : MaskedUrls.in(value);
    }

    private static String masked(String url) {
        try {
            return Url.parse(url).toString();
        }
        catch (IllegalArgumentException ex) {
            // What the client cannot follow: nobody knows what is in it.
            return Secrets.MASK;
        }
    }

    /**
     * Return the body as text can be read in it: what is compressed could not be masked.
     */
    private static byte[] decoded(@Nullable String encoding, byte[] body) {
        if (encoding == null || body.length == 0 || encoding.equalsIgnoreCase("identity")) {
            return body;
        }
        try (InputStream in = switch (encoding.toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> new GZIPInputStream(new ByteArrayInputStream(body));
            case "deflate" -> new InflaterInputStream(new ByteArrayInputStream(body));
            default -> throw new IllegalStateException("The response is encoded as '" + encoding
                    + "', and its secrets could not be masked in a cassette. Let the upstream answer in gzip, or mock "
                    + "this request");
        }) {
            return in.readAllBytes();
        }
        catch (IOException ex) {
            // What is not gzip is kept as it came, for the client to see.
            return body;
        }
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
        patterns.add(RecordedBody.read(request));
        return RequestPattern.allOf(patterns);
    }

    static Reply reply(JsonNode response) {
        Reply reply = Reply.of(response.path("status").asInt());
        for (JsonNode header : response.path("headers")) {
            if (!header.get(1).asString().equals(Secrets.MASK)) {
                reply = reply.header(header.get(0).asString(), header.get(1).asString());
            }
        }
        return reply.body(RecordedBody.read(response).bytes());
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

}
