package dev.outbound.client.cookie;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.http.Cookie;
import dev.outbound.client.http.CookieConflictException;
import dev.outbound.client.http.Cookies;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class CookiesVectorTests {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("cookies")
            .error("CookieConflict", CookieConflictException.class)
            .op("exchange", (in) -> exchange(Lane.BLOCKING, in), (in) -> exchange(Lane.REACTIVE, in))
            .op("lookup", CookiesVectorTests::lookup)
            .op("response", CookiesVectorTests::response)
            .tests();
    }

    private static Object exchange(Lane lane, JsonNode in) {
        CookieJar jar = jar(in.path("client_cookies"));
        List<@Nullable String> sent = new ArrayList<>();
        FakeUpstream upstream = new FakeUpstream((request) -> {
            JsonNode step = in.path("steps").path(sent.size());
            sent.add(request.fields().first("Cookie"));
            return new FakeUpstream.Answer(200, fields(step), new byte[0], null);
        });
        try (LaneClient client = lane.client(upstream, new TestClock(), (builder) -> builder.cookies(jar))) {
            in.path("steps").forEach((step) -> client.get(step.path("url").asString()));
        }
        return Map.of("sent", sent, "jar", pairs(jar.cookies()));
    }

    private static Object response(JsonNode in) {
        return Map.of("cookies", pairs(Cookies.received(fields(in), Url.parse(in.path("url").asString()), NOW)));
    }

    private static Object lookup(JsonNode in) {
        CookieJar jar = jar(in.path("cookies"));
        for (JsonNode step : in.path("steps")) {
            JsonNode arguments = step.path(1);
            switch (step.path(0).asString()) {
                case "set" -> jar.set(cookie(arguments));
                case "delete" ->
                    jar.delete(arguments.path("name").asString(), text(arguments, "domain"), text(arguments, "path"));
                case "clear" -> jar.clear(text(arguments, "domain"), text(arguments, "path"));
                case "update" -> jar.update(jar(arguments).cookies());
                default -> throw new AssertionError("unknown step " + step);
            }
        }
        Map<String, @Nullable Object> out = new HashMap<>();
        out.put("value", jar.get(in.path("name").asString(), text(in, "domain"), text(in, "path")).orElse(null));
        out.put("size", jar.size());
        return out;
    }

    private static CookieJar jar(JsonNode cookies) {
        CookieJar jar = CookieJar.create();
        cookies.propertyStream().forEach((pair) -> jar.set(pair.getKey(), pair.getValue().asString()));
        if (cookies.isArray()) {
            cookies.forEach((cookie) -> jar.set(cookie(cookie)));
        }
        return jar;
    }

    private static Cookie cookie(JsonNode cookie) {
        if (cookie.isArray()) {
            return Cookie.of(cookie.path(0).asString(), cookie.path(1).asString());
        }
        Cookie plain = Cookie.of(cookie.path("name").asString(), cookie.path("value").asString());
        String domain = text(cookie, "domain");
        String path = text(cookie, "path");
        Cookie scoped = (domain != null && !domain.isEmpty()) ? plain.withDomain(domain) : plain;
        return (path != null) ? scoped.withPath(path) : scoped;
    }

    private static FieldLines fields(JsonNode step) {
        FieldLines.Builder fields = FieldLines.builder();
        step.path("set_cookie").forEach((line) -> fields.append("Set-Cookie", line.asString()));
        return fields.build();
    }

    private static List<List<String>> pairs(Cookies cookies) {
        return cookies.stream()
            .map((cookie) -> List.of(cookie.name(), cookie.value()))
            .sorted(Comparator.comparing((List<String> pair) -> pair.get(0)).thenComparing((pair) -> pair.get(1)))
            .toList();
    }

    private static @Nullable String text(JsonNode node, String key) {
        return node.path(key).isString() ? node.path(key).asString() : null;
    }

}
