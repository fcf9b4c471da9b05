package dev.outbound.client.interop;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.LaneException;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.Http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * nginx, on every engine.
 */
@Tag("interop")
@Tag("slow")
@Timeout(30)
@ExtendWith(InteropServers.class)
class NginxTests {

    private static LaneClient client(EngineLane lane, Nginx nginx, Consumer<ClientBuilder> settings) {
        return lane.client((builder) -> {
            builder.name("interop").baseUrl(nginx.url()).maxConnections(2);
            settings.accept(builder);
        });
    }

    private static LaneClient client(EngineLane lane, Nginx nginx) {
        return client(lane, nginx, (builder) -> {
        });
    }

    private static LaneClient secure(EngineLane lane, Nginx nginx, Http2 http2) {
        return client(lane, nginx,
                (b) -> b.baseUrl(nginx.secureUrl())
                    .sslContext(Nginx.CERTIFICATES.client())
                    .http2(http2)
                    .retry(RetryPolicy.fixed(3, Duration.ofMillis(20)))
                    .retryBudget(null));
    }

    private static String header(Response response, String name) {
        return String.valueOf(response.headers().getFirst(name));
    }

    @ParameterizedTest
    @EnumSource
    void getsAndPosts(EngineLane lane, Nginx nginx) {
        try (LaneClient client = client(lane, nginx)) {
            Response text = client.get("/text.txt");
            assertThat(text.text()).isEqualTo(Nginx.TEXT);
            assertThat(header(text, "Server")).startsWith("nginx");
            Response form = client.post("/echo", (spec) -> spec.form(Map.of("a", "b c")));
            assertThat(form.text()).isEqualTo("sunk");
            assertThat(header(form, "X-Body")).isEqualTo("a=b+c");
            assertThat(header(form, "X-Content-Type")).isEqualTo("application/x-www-form-urlencoded");
            assertThat(client.get("/nothing").statusCode()).isEqualTo(204);
            assertThat(client.get("/not-there").statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource
    void decodesGzip(EngineLane lane, Nginx nginx) {
        try (LaneClient client = client(lane, nginx)) {
            Response response = client.get("/text.txt");
            assertThat(header(response, "Content-Encoding")).isEqualTo("gzip");
            assertThat(response.text()).isEqualTo(Nginx.TEXT);
            assertThat(client.stream("/text.txt", (head) -> assertThat(head.statusCode()).isEqualTo(200)))
                .isEqualTo(Nginx.TEXT.length());
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersOfHeadAndOf304HaveNoBody(EngineLane lane, Nginx nginx) {
        try (LaneClient client = client(lane, nginx)) {
            Response head = client.request(HttpMethod.HEAD, "/text.txt",
                    (spec) -> spec.header("Accept-Encoding", "identity"));
            assertThat(head.headers().getContentLength()).isEqualTo(Nginx.TEXT.length());
            assertThat(head.bytes()).isEmpty();
            Response unchanged = client.get("/text.txt",
                    (spec) -> spec.header("If-None-Match", header(head, HttpHeaders.ETAG)));
            assertThat(unchanged.statusCode()).isEqualTo(304);
            assertThat(unchanged.bytes()).isEmpty();
            Response next = client.get("/text.txt");
            assertThat(next.text()).isEqualTo(Nginx.TEXT);
            if (lane.engine() != Engine.JDK) {
                assertThat(header(next, "X-Connection")).isEqualTo(header(head, "X-Connection"))
                    .isEqualTo(header(unchanged, "X-Connection"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void storesAnUploadOfUnknownLength(EngineLane lane, Nginx nginx) {
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        String path = "/store/" + lane;
        try (LaneClient client = client(lane, nginx)) {
            Response stored = client.request(HttpMethod.PUT, path,
                    (spec) -> spec.body(RequestBody.stream(new ByteArrayInputStream(content), -1)));
            assertThat(stored.statusCode()).isEqualTo(201);
            assertThat(client.get(path).bytes()).isEqualTo(content);
            assertThat(client.request(HttpMethod.PUT, path, (spec) -> spec.bytes(content)).statusCode()).isEqualTo(204);
            assertThat(client.request(HttpMethod.DELETE, path, (spec) -> {
            }).statusCode()).isEqualTo(204);
        }
    }

    /**
     * On the JDK's client nothing is promised: see {@link LaneException#EARLY_ANSWER}.
     */
    @ParameterizedTest
    @EnumSource(names = { "HTTP_COMPONENTS", "REACTOR" })
    void anUploadBeyondTheLimitIsAnsweredWith413(EngineLane lane, Nginx nginx) {
        byte[] content = new byte[8_000_000];
        try (LaneClient client = client(lane, nginx)) {
            assertThat(client.post("/echo", (spec) -> spec.bytes(content)).statusCode()).isEqualTo(413);
            assertThat(
                    client.post("/echo", (spec) -> spec.body(RequestBody.stream(new ByteArrayInputStream(content), -1)))
                        .statusCode())
                .isEqualTo(413);
            assertThat(client.get("/text.txt").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeadBeyondTheLimitsIsAnswered(EngineLane lane, Nginx nginx) {
        try (LaneClient client = client(lane, nginx)) {
            assertThat(client.get("/text.txt?q=" + "x".repeat(9000)).statusCode()).isEqualTo(414);
            assertThat(client.get("/text.txt", (spec) -> spec.header("X-Long", "x".repeat(9000))).statusCode())
                .isEqualTo(400);
            assertThat(client.get("/text.txt").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void retriesWhereTheRateIsLimited(EngineLane lane, Nginx nginx) {
        try (LaneClient client = client(lane, nginx,
                (b) -> b.retry(RetryPolicy.fixed(5, Duration.ofMillis(60))).retryBudget(null))) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/seldom/text.txt").statusCode()).isEqualTo(200);
            }
            LaneClient unwilling = client.with((b) -> b.retry(RetryPolicy.none()));
            Set<Integer> codes = new LinkedHashSet<>();
            for (int i = 0; i < 10; i++) {
                codes.add(unwilling.get("/seldom/text.txt").statusCode());
            }
            assertThat(codes).as("there is a limit").contains(429);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHundredCallsReuseConnectionsUntilTheServerClosesThem(EngineLane lane, Nginx nginx) {
        Set<String> connections = new LinkedHashSet<>();
        try (LaneClient client = client(lane, nginx)) {
            for (int i = 0; i < 100; i++) {
                Response response = client.get("/text.txt?" + i);
                assertThat(response.text()).isEqualTo(Nginx.TEXT);
                connections.add(header(response, "X-Connection"));
            }
        }
        // The JDK opens another one where the last is still on its way back to its pool.
        int fewest = 100 / Nginx.REQUESTS_PER_CONNECTION;
        assertThat(connections).hasSizeBetween(fewest, (lane.engine() == Engine.JDK) ? 2 * fewest : fewest);
    }

    @ParameterizedTest
    @EnumSource
    void noCallThatCanBeRetriedFailsWhileNginxReloads(EngineLane lane, Nginx nginx) {
        try (LaneClient client = client(lane, nginx,
                (b) -> b.retry(RetryPolicy.fixed(3, Duration.ofMillis(20))).retryBudget(null))) {
            for (int i = 0; i < 120; i++) {
                if (i % 40 == 10) {
                    nginx.reload();
                }
                assertThat(client.get("/text.txt").text()).isEqualTo(Nginx.TEXT);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void followsRedirects(EngineLane lane, Nginx nginx) {
        try (LaneClient client = client(lane, nginx, (b) -> b.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 3)))) {
            Response response = client.get("/old");
            assertThat(response.text()).isEqualTo(Nginx.TEXT);
            assertThat(response.history()).extracting(Response::statusCode).containsExactly(301);
        }
    }

    @ParameterizedTest
    @EnumSource
    void speaksTlsWithACertificateThatIsTrusted(EngineLane lane, Nginx nginx) {
        try (LaneClient client = secure(lane, nginx, Http2.OFF)) {
            for (int i = 0; i < 2 * Nginx.REQUESTS_PER_CONNECTION; i++) {
                Response response = client.get("/text.txt");
                assertThat(response.text()).isEqualTo(Nginx.TEXT);
                assertThat(response.httpVersion()).isEqualTo("HTTP/1.1");
            }
        }
        try (LaneClient distrustful = client(lane, nginx, (b) -> b.baseUrl(nginx.secureUrl()))) {
            assertThatExceptionOfType(CertificateRejectedException.class)
                .isThrownBy(() -> distrustful.get("/text.txt"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "HTTP_COMPONENTS", mode = EnumSource.Mode.EXCLUDE)
    void speaksHttp2WhereTheServerChoosesIt(EngineLane lane, Nginx nginx) {
        byte[] content = new byte[3_000_000];
        new Random(2).nextBytes(content);
        String path = "/store/h2-" + lane;
        try (LaneClient client = secure(lane, nginx, Http2.NEGOTIATED)) {
            Response text = client.get("/text.txt");
            assertThat(text.httpVersion()).isEqualTo("HTTP/2");
            assertThat(header(text, "Content-Encoding")).isEqualTo("gzip");
            assertThat(text.text()).isEqualTo(Nginx.TEXT);
            assertThat(client
                .request(HttpMethod.PUT, path,
                        (spec) -> spec.body(RequestBody.stream(new ByteArrayInputStream(content), -1)))
                .statusCode()).isEqualTo(201);
            assertThat(client.get(path).bytes()).isEqualTo(content);
            for (int i = 0; i < 3 * Nginx.REQUESTS_PER_CONNECTION; i++) {
                assertThat(client.get("/text.txt").text()).isEqualTo(Nginx.TEXT);
            }
        }
    }

}
