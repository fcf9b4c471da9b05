package dev.outbound.client.httpx;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.ClientSettings;
import dev.outbound.client.Outbound;
import dev.outbound.client.PublicApi;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class A01TopLevelFunctionsTests extends AbstractFeatureTests {

    /** The client behind the one-off calls; closing it does nothing. */
    private static LaneClient oneOff(Lane lane) {
        return (lane == Lane.BLOCKING) ? new LaneClient.Blocking(Outbound.client())
                : new LaneClient.Reactive(Outbound.reactive());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A1 get, options, head, delete: with parameters, headers, cookies; a body is allowed, too")
    void withoutBodies(Lane lane) {
        try (RawServer server = echo()) {
            for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.OPTIONS, HttpMethod.HEAD, HttpMethod.DELETE)) {
                Response response = oneOff(lane).request(method, server.url("/a"),
                        (spec) -> spec.query("q", 1).header("X-A", "b").cookie("c", "d"));
                assertThat(response.statusCode()).isEqualTo(200);
            }
            assertThat(server.requests()).hasSize(4)
                .allSatisfy((head) -> assertThat(head).contains(" /a?q=1 HTTP/1.1\r\n", "X-A: b\r\n", "Cookie: c=d\r\n")
                    .doesNotContainIgnoringCase("content-length"));
            assertThat(oneOff(lane).request(HttpMethod.DELETE, server.url("/a"), (spec) -> spec.text("why")).text())
                .startsWith("DELETE /a HTTP/1.1\r\n")
                .endsWith("\r\n\r\nwhy");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A1 post, put, patch")
    void withBodies(Lane lane) {
        try (RawServer server = echo()) {
            for (HttpMethod method : List.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH)) {
                assertThat(oneOff(lane).request(method, server.url("/a"), (spec) -> spec.json(List.of(1, 2))).text())
                    .startsWith(method + " /a HTTP/1.1\r\n")
                    .containsIgnoringCase("Content-Type: application/json\r\n")
                    .containsIgnoringCase("Content-Length: 5\r\n")
                    .endsWith("\r\n\r\n[1,2]");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A1 request(method, url, …): any method, sent as it is written")
    void anyMethod(Lane lane) {
        try (RawServer server = echo()) {
            for (String method : List.of("PURGE", "report")) {
                assertThat(oneOff(lane).request(HttpMethod.valueOf(method), server.url("/a"), PLAIN).text())
                    .startsWith(method + " /a HTTP/1.1\r\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A1 stream(method, url, …): unread when it begins, closed however it ends")
    void streams(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\nfirst");
            connection.hold();
        })) {
            oneOff(lane).leave(server.url("/"), 5);
            server.awaitOpen(0);
            assertThatIllegalStateException().isThrownBy(() -> oneOff(lane).stream(server.url("/"), (response) -> {
                throw new IllegalStateException("of the caller");
            })).withMessage("of the caller");
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A1 lifetime: no cookie is remembered; connections are pooled, which HTTPX does not do here")
    void lifetime(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> connection
            .forEachRequest((request) -> connection.respond(200, request, "Set-Cookie: a=1; Path=/")))) {
            oneOff(lane).get(server.url("/"));
            assertThat(oneOff(lane).get(server.url("/")).text()).doesNotContain("Cookie:");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A1 passed to the throw-away client: what a call may say; the rest takes a client of its own")
    void everythingThatACallMaySay(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /from")) {
                connection.respond(302, "", "Location: /to");
            }
            else {
                connection.respond(200, request);
            }
        }))) {
            Response response = oneOff(lane).get(server.url("/from"),
                    (spec) -> spec.cookie("a", "1")
                        .auth(Auth.bearer("t0k"))
                        .timeout(Duration.ofSeconds(3))
                        .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1)));
            assertThat(response.text()).startsWith("GET /to ")
                .contains("Cookie: a=1\r\n", "Authorization: Bearer t0k\r\n");
            assertThat(response.request().timeouts().read()).isEqualTo(Duration.ofSeconds(3));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A1 defaults: 5 seconds for each part, and 30 for all; redirects are not followed")
    void defaults(Lane lane) {
        ClientSettings settings = oneOff(lane).settings();
        Duration five = Duration.ofSeconds(5);
        assertThat(settings.timeouts())
            .isEqualTo(Timeouts.none().withAll(five).withTls(five).withTotal(Duration.ofSeconds(30)));
        assertThat(settings.redirects().mode()).isEqualTo(RedirectMode.NONE);
        assertThat(settings.transport().sslContext()).as("certificates are checked, by the JVM's trust").isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A1 bad URL: refused before anything is sent")
    void badUrl(Lane lane) {
        for (String url : List.of("invalid://example.org", "example.org", "http://", "http://exam\u0000ple.org",
                "https://example.org:port/")) {
            assertThatExceptionOfType(InvalidUrlException.class).as(url).isThrownBy(() -> oneOff(lane).get(url));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A1 lazy network import: an engine is made by the first call")
    void noEngineBeforeTheFirstCall(Lane lane) {
        List<String> made = new ArrayList<>();
        Transports transports = new Transports() {

            @Override
            public Transport blocking(TransportSettings settings) {
                made.add("blocking");
                return A01TopLevelFunctionsTests.this.upstream.transport();
            }

            @Override
            public ReactiveTransport reactive(TransportSettings settings) {
                made.add("reactive");
                return A01TopLevelFunctionsTests.this.upstream.reactiveTransport();
            }

        };
        try (LaneClient client = lane.client((builder) -> builder.transports(transports))) {
            assertThat(made).isEmpty();
            client.get("http://example.org/");
            client.get("http://example.org/");
            assertThat(made).containsExactly(lane.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    @Test
    @DisplayName("A1 public surface: everything public is listed and reviewed")
    void publicSurface() {
        PublicApi.ofModuleOf(getClass()).assertReviewed();
    }

}
