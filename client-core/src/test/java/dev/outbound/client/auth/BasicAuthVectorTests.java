package dev.outbound.client.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class BasicAuthVectorTests {

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("basic_auth")
            .op("header", (in) -> Map.of("authorization", header(in)))
            .op("sent", (in) -> sent(Lane.BLOCKING, in), (in) -> sent(Lane.REACTIVE, in))
            .op("proxy", this::proxy)
            .tests();
    }

    private static String header(JsonNode in) {
        String username = in.path("username").asString();
        String password = in.path("password").asString();
        Auth auth = in.path("bytes").asBoolean(false)
                ? Auth.basic(Base64.getDecoder().decode(username), Base64.getDecoder().decode(password))
                : Auth.basic(username, password);
        return Script.start(auth, Script.get("http://a.test/")).authorization();
    }

    private Map<String, @Nullable Object> sent(Lane lane, JsonNode in) {
        FakeUpstream upstream = FakeUpstream.answering(FakeUpstream.ok(""));
        LaneClient client = lane.client(upstream, new TestClock(), (builder) -> {
            builder.allowUserInfo(true);
            if (in.hasNonNull("base_url")) {
                builder.baseUrl(in.path("base_url").asString());
            }
            builder.auth(auth(in.get("client_auth")));
        });
        client.request(HttpMethod.GET, in.path("url").asString(), (spec) -> {
            if (in.has("request_auth")) {
                spec.auth(auth(in.get("request_auth")));
            }
            in.path("headers").forEach((line) -> spec.header(line.get(0).asString(), line.get(1).asString()));
        });
        return authorization("authorization", upstream.request(0), "Authorization");
    }

    private @Nullable Auth auth(@Nullable JsonNode auth) {
        if (auth == null || auth.isNull()) {
            return null;
        }
        return switch (auth.path("kind").asString()) {
            case "basic" -> Auth.basic(auth.path("username").asString(), auth.path("password").asString());
            case "function" -> Auth.of((request) -> request.withHeader(auth.path("header").asString("Authorization"),
                    auth.path("value").asString()));
            case "netrc" -> Auth.netrc(file(auth.path("file").asString()));
            default -> throw new AssertionError("Unknown auth " + auth);
        };
    }

    private Path file(String text) {
        try {
            return Files.writeString(Files.createTempFile(this.folder, "netrc", ""), text);
        }
        catch (IOException ex) {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    private Map<String, @Nullable Object> proxy(JsonNode in) {
        Url url = Url.parse(in.path("url").asString());
        JsonNode given = in.path("auth");
        BasicAuth auth = given.isArray()
                ? new BasicAuth(Challenger.PROXY, given.get(0).asString(), given.get(1).asString())
                : BasicAuth.ofUserInfo(Challenger.PROXY, url);
        Request request = Script.get("http://a.test/");
        Map<String, @Nullable Object> out = authorization("proxy_authorization",
                (auth != null) ? auth.sign(request) : request, "Proxy-Authorization");
        out.put("url", url.withoutUserInfo().text());
        return out;
    }

    private static Map<String, @Nullable Object> authorization(String key, Request request, String field) {
        Map<String, @Nullable Object> out = new HashMap<>();
        out.put(key, request.fields().first(field));
        return out;
    }

}
