package dev.outbound.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.RedirectRejectedException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TooManyRedirectsException;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

/**
 * Redirects through both drivers, with the trust that HTTPX has in servers.
 */
@ExtendWith(VectorReport.class)
class RedirectsVectorTests {

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("redirects")
            .error("TooManyRedirects", TooManyRedirectsException.class)
            .error("RemoteProtocolError", RemoteProtocolException.class)
            .error("RedirectRejected", RedirectRejectedException.class)
            .op("redirect", (in) -> redirect(Lane.BLOCKING, in), (in) -> redirect(Lane.REACTIVE, in))
            .op("chain", (in) -> chain(Lane.BLOCKING, in), (in) -> chain(Lane.REACTIVE, in))
            .tests();
    }

    private static LaneClient client(Lane lane, FakeUpstream upstream, CookieJar jar, int max) {
        return lane.client(upstream, new TestClock(), (builder) -> builder.cookies(jar)
            .redirects((max < 0) ? RedirectPolicy.none() : RedirectPolicy.of(RedirectMode.FOLLOW, max).trusting()));
    }

    private static Object redirect(Lane lane, JsonNode in) {
        CookieJar jar = CookieJar.create();
        in.path("client_cookies")
            .propertyStream()
            .forEach((pair) -> jar.set(pair.getKey(), pair.getValue().asString()));
        FakeUpstream upstream = FakeUpstream.answering(redirect(in.path("response")), FakeUpstream.ok(""));
        Request request = request(in.path("request"));
        try (LaneClient client = client(lane, upstream, jar, 20)) {
            client.send(request);
        }
        if (upstream.requests().size() == 1) {
            return Map.of("followed", false);
        }
        Request next = upstream.request(1);
        Map<String, @Nullable Object> out = new HashMap<>();
        out.put("followed", true);
        out.put("method", next.method().name());
        out.put("url", next.url().text());
        out.put("headers", onTheWire(next));
        out.put("removed", removed(onTheWire(upstream.request(0)), onTheWire(next)));
        RequestBody body = next.body();
        byte[] bytes = (body != null) ? body.bytes() : null;
        out.put("body", (bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : null);
        return out;
    }

    private static Answer redirect(JsonNode response) {
        FieldLines.Builder fields = FieldLines.builder();
        if (response.hasNonNull("location")) {
            fields.append("Location", response.path("location").asString());
        }
        response.path("set_cookie").forEach((line) -> fields.append("Set-Cookie", line.asString()));
        return new Answer(response.path("status").asInt(), fields.build(), new byte[0], null);
    }

    private static Request request(JsonNode request) {
        FieldLines.Builder fields = FieldLines.builder();
        request.path("headers").forEach((line) -> fields.append(line.get(0).asString(), line.get(1).asString()));
        RequestBody body = request.hasNonNull("body")
                ? RequestBody.bytes(request.path("body").asString().getBytes(StandardCharsets.UTF_8), null) : null;
        return Request.of(HttpMethod.valueOf(request.path("method").asString()),
                Url.parse(request.path("url").asString()), fields.build(), body, Timeouts.defaults(), null, Map.of());
    }

    /** With the lines that every transport adds. */
    private static List<List<String>> onTheWire(Request request) {
        List<List<String>> lines = new ArrayList<>();
        if (!request.fields().contains("Host")) {
            lines.add(List.of("Host", request.url().authority()));
        }
        request.fields().forEach((name, value) -> lines.add(List.of(name, value)));
        RequestBody body = request.body();
        if (body != null) {
            lines.add(List.of("Content-Length", Long.toString(body.contentLength())));
        }
        return lines;
    }

    private static List<String> removed(List<List<String>> before, List<List<String>> after) {
        List<String> kept = after.stream().map((line) -> line.get(0).toLowerCase(Locale.ROOT)).toList();
        return before.stream()
            .map((line) -> line.get(0).toLowerCase(Locale.ROOT))
            .filter((name) -> !kept.contains(name))
            .sorted()
            .toList();
    }

    private static Object chain(Lane lane, JsonNode in) {
        FakeUpstream upstream = new FakeUpstream((request) -> answer(in, request));
        boolean follow = in.path("follow").asBoolean(false);
        int max = in.path("max_redirects").asInt(20);
        try (LaneClient client = client(lane, upstream, CookieJar.none(), follow ? max : -1)) {
            Response response = client.send(
                    Request.of(HttpMethod.valueOf(in.path("method").asString()), Url.parse(in.path("url").asString())));
            List<List<String>> calls = upstream.requests()
                .stream()
                .map((request) -> List.of(request.method().name(), request.url().text()))
                .toList();
            return Map.of("status", response.statusCode(), "url", response.url().text(), "history",
                    response.history().stream().map(Response::statusCode).toList(), "history_depths",
                    response.history().stream().map((earlier) -> earlier.history().size()).toList(), "calls", calls,
                    "requests_sent", calls.size());
        }
    }

    private static Answer answer(JsonNode in, Request request) {
        for (JsonNode rule : in.path("server")) {
            boolean method = rule.get(0).asString().equals("*")
                    || rule.get(0).asString().equals(request.method().name());
            if (method && rule.get(1).asString().equals(request.url().text())) {
                return new Answer(rule.get(2).asInt(),
                        rule.get(3).isNull() ? FieldLines.empty()
                                : FieldLines.builder().add("Location", rule.get(3).asString()).build(),
                        new byte[0], null);
            }
        }
        return FakeUpstream.ok("");
    }

}
