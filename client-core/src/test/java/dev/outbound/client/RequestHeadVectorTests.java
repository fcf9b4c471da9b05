package dev.outbound.client;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.ContentDecoder;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.transport.OutgoingHead;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The head of a request: what the client merges, what both drivers send, and what every
 * transport adds.
 */
@ExtendWith(VectorReport.class)
class RequestHeadVectorTests {

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("header_merge")
            .op("client_request", (in) -> sent(Lane.BLOCKING, in), (in) -> sent(Lane.REACTIVE, in))
            .op("sent", (in) -> sent(Lane.BLOCKING, in), (in) -> sent(Lane.REACTIVE, in))
            .op("request", RequestHeadVectorTests::request)
            .elsewhere("view", "get", "change", "equal", "decode", "response")
            .tests();
    }

    private static Object sent(Lane lane, JsonNode in) {
        FakeUpstream upstream = FakeUpstream.answering(FakeUpstream.ok(""));
        try (LaneClient client = lane.client(upstream, new TestClock(), (builder) -> {
            builder.allowUserInfo(true).headers(lines(in.path("client_headers")));
            in.path("client_removes").forEach((name) -> builder.withoutHeader(name.asString()));
            // The one field that is not for a client to set: it is put to the request
            // itself.
            String host = lines(in.path("headers")).first("Host");
            if (host != null) {
                builder.interceptor((request, next) -> next.send(request.withHeader("Host", host)));
            }
        })) {
            client.request(HttpMethod.valueOf(in.path("method").asString()), in.path("url").asString(), (spec) -> {
                spec.headers(lines(in.path("headers")).without("Host"));
                RequestBody body = body(in);
                if (body != null) {
                    spec.body(body);
                }
            });
        }
        return head(upstream.request(0));
    }

    private static Object request(JsonNode in) {
        return head(Request.of(HttpMethod.valueOf(in.path("method").asString()), Url.parse(in.path("url").asString()),
                lines(in.path("headers")), body(in), Timeouts.defaults(), null, Map.of()));
    }

    private static @Nullable RequestBody body(JsonNode in) {
        if (in.has("content")) {
            return RequestBody.bytes(in.get("content").asString().getBytes(UTF_8), null);
        }
        if (in.has("content_stream")) {
            return RequestBody.stream(new ByteArrayInputStream(in.get("content_stream").asString().getBytes(UTF_8)), -1,
                    null);
        }
        return in.has("json") ? JsonConversion.defaults().write(in.get("json")) : null;
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

    private static Map<String, ?> head(Request request) {
        List<List<String>> lines = new ArrayList<>();
        OutgoingHead.of(request).forEach((name, value) -> lines.add(List.of(name, named(name, value))));
        return Map.of("headers", lines);
    }

    private static String named(String name, String value) {
        return switch (name) {
            case "User-Agent" -> value.equals("outbound") ? "${USER_AGENT}" : value;
            case "Accept-Encoding" ->
                value.equals(String.join(", ", ContentDecoder.supported())) ? "${ACCEPT_ENCODING}" : value;
            default -> value;
        };
    }

}
