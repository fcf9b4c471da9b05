package dev.outbound.client.interop;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * httpbin, on every engine.
 */
@Tag("interop")
@Tag("slow")
@Timeout(30)
@ExtendWith(InteropServers.class)
class HttpbinTests {

    private static LaneClient client(EngineLane lane, Httpbin httpbin, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            builder.name("interop").baseUrl(httpbin.url()).maxConnections(2);
            settings.accept(builder);
        });
    }

    private static LaneClient client(EngineLane lane, Httpbin httpbin) {
        return client(lane, httpbin, (builder) -> {
        });
    }

    @ParameterizedTest
    @EnumSource
    void get(EngineLane lane, Httpbin httpbin) {
        try (LaneClient client = client(lane, httpbin)) {
            JsonNode seen = client.get("/get", (spec) -> spec.query("q", "a b&c/ü").header("X-Own", "1")).json();
            assertThat(seen.at("/args/q").asString()).isEqualTo("a b&c/ü");
            assertThat(seen.at("/headers/X-Own").asString()).isEqualTo("1");
            assertThat(seen.at("/headers/Host").asString()).isEqualTo("127.0.0.1:" + httpbin.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void bodies(EngineLane lane, Httpbin httpbin) {
        try (LaneClient client = client(lane, httpbin)) {
            JsonNode json = client.post("/post", (spec) -> spec.json(Map.of("name", "ü"))).json();
            assertThat(json.at("/json/name").asString()).isEqualTo("ü");
            JsonNode form = client.request(HttpMethod.PUT, "/put", (spec) -> spec.form(Map.of("a", "b&c"))).json();
            assertThat(form.at("/form/a").asString()).isEqualTo("b&c");
            JsonNode multipart = client
                .request(HttpMethod.PATCH, "/patch",
                        (spec) -> spec
                            .multipart((parts) -> parts.field("a", "b").file("f", "ü.txt", "file".getBytes())))
                .json();
            assertThat(multipart.at("/form/a").asString()).isEqualTo("b");
            assertThat(multipart.at("/files/f").asString()).isEqualTo("file");
            JsonNode deleted = client.request(HttpMethod.DELETE, "/delete", (spec) -> spec.text("why")).json();
            assertThat(deleted.at("/data").asString()).isEqualTo("why");
        }
    }

    @ParameterizedTest
    @EnumSource
    void encodings(EngineLane lane, Httpbin httpbin) {
        try (LaneClient client = client(lane, httpbin)) {
            for (Map.Entry<String, String> encoding : Map
                .of("gzip", "gzipped", "deflate", "deflated", "brotli", "brotli")
                .entrySet()) {
                Response response = client.get("/" + encoding.getKey());
                assertThat(response.headers().getFirst("Content-Encoding"))
                    .isEqualTo(encoding.getKey().equals("brotli") ? "br" : encoding.getKey());
                assertThat(response.json().get(encoding.getValue()).asBoolean()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void statuses(EngineLane lane, Httpbin httpbin) {
        try (LaneClient client = client(lane, httpbin)) {
            for (int code : new int[] { 200, 204, 304, 400, 404, 418, 429, 500, 503 }) {
                assertThat(client.get("/status/" + code).statusCode()).isEqualTo(code);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void redirects(EngineLane lane, Httpbin httpbin) {
        try (LaneClient client = client(lane, httpbin, (b) -> b.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5)))) {
            Response response = client.get("/redirect/3");
            assertThat(response.url().path()).isEqualTo("/get");
            assertThat(response.history()).hasSize(3);
            assertThat(client.get("/absolute-redirect/2").history()).hasSize(2);
            JsonNode kept = client
                .post("/redirect-to", (spec) -> spec.query("url", "/post").query("status_code", 307).text("again"))
                .json();
            assertThat(kept.at("/data").asString()).isEqualTo("again");
        }
    }

    @ParameterizedTest
    @EnumSource
    void cookies(EngineLane lane, Httpbin httpbin) {
        try (LaneClient client = client(lane, httpbin,
                (b) -> b.cookies(CookieJar.create()).redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5)))) {
            assertThat(client.get("/cookies/set?a=1&b=2").json().at("/cookies").toString())
                .isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
            assertThat(client.get("/cookies/delete?a").json().at("/cookies").toString()).isEqualTo("{\"b\":\"2\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void authentication(EngineLane lane, Httpbin httpbin) {
        try (LaneClient client = client(lane, httpbin)) {
            LaneClient basic = client.with((b) -> b.auth(Auth.basic("user", "pa:ss")));
            assertThat(basic.get("/basic-auth/user/pa:ss").json().get("authenticated").asBoolean()).isTrue();
            assertThat(basic.get("/basic-auth/user/other").statusCode()).isEqualTo(401);
            LaneClient bearer = client.with((b) -> b.auth(Auth.bearer("t0k")));
            assertThat(bearer.get("/bearer").json().get("token").asString()).isEqualTo("t0k");
        }
    }

    @ParameterizedTest
    @EnumSource
    void digest(EngineLane lane, Httpbin httpbin) {
        try (LaneClient client = client(lane, httpbin,
                (b) -> b.cookies(CookieJar.create()).auth(Auth.digest("user", "secret")))) {
            for (String algorithm : List.of("MD5", "SHA-256", "SHA-512")) {
                for (int i = 0; i < 2; i++) {
                    Response response = client.get("/digest-auth/auth/user/secret/" + algorithm);
                    assertThat(response.statusCode()).as(algorithm).isEqualTo(200);
                    assertThat(response.json().get("authenticated").asBoolean()).isTrue();
                }
            }
            assertThat(client.get("/digest-auth/auth/user/other/MD5").statusCode()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource
    void delay(EngineLane lane, Httpbin httpbin) {
        try (LaneClient client = client(lane, httpbin)) {
            assertThatExceptionOfType(ReadTimeoutException.class)
                .isThrownBy(() -> client.get("/delay/1", (spec) -> spec.timeout(Duration.ofMillis(200))));
            assertThat(client.get("/get").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void streams(EngineLane lane, Httpbin httpbin) {
        try (LaneClient client = client(lane, httpbin)) {
            assertThat(client.get("/stream/20").lines()).hasSize(20);
            assertThat(client.read("/stream/20", StreamedResponse::lines, ReactiveStreamedResponse::lines)).hasSize(20)
                .allSatisfy((line) -> assertThat(line).startsWith("{"));
            assertThat(client.get("/stream-bytes/100000?seed=1").bytes()).hasSize(100_000);
            assertThat(client.get("/bytes/5000?seed=1").bytes()).hasSize(5000);
        }
    }

}
