package dev.outbound.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.transport.application.ApplicationTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * An application in the same process, called by both clients.
 */
@Timeout(20)
class ApplicationTransportTests {

    private final AtomicInteger produced = new AtomicInteger();

    private final AtomicReference<String> seen = new AtomicReference<>("");

    private final RouterFunction<ServerResponse> routes = RouterFunctions.route()
        .GET("/items/{id}",
                (request) -> ServerResponse.ok()
                    .header("X-Query", request.queryParam("q").orElse(""))
                    .cookie(ResponseCookie.from("c", "1").build())
                    .bodyValue("item " + request.pathVariable("id")))
        .POST("/count", this::count)
        .GET("/endless", (request) -> ServerResponse.ok()
            .contentType(MediaType.TEXT_PLAIN)
            .body(Flux.generate((sink) -> sink.next("line " + this.produced.incrementAndGet() + "\n")), String.class))
        .GET("/silent", (request) -> Mono.never())
        .GET("/stalls", (request) -> ServerResponse.ok().body(Flux.just("some").concatWith(Flux.never()), String.class))
        .GET("/empty", (request) -> ServerResponse.noContent().build())
        .build();

    private Mono<ServerResponse> count(ServerRequest request) {
        this.seen.set(request.headers().firstHeader("Content-Type") + " " + request.headers().firstHeader("Host"));
        return request.bodyToFlux(byte[].class)
            .map((bytes) -> bytes.length)
            .reduce(0, Integer::sum)
            .flatMap((sum) -> ServerResponse.ok().bodyValue(String.valueOf(sum)));
    }

    private LaneClient client(Lane lane, ApplicationTransport transport) {
        return lane.client((builder) -> builder.baseUrl("http://shop.test")
            .transport(transport.blocking())
            .reactiveTransport(transport)
            .total(Duration.ofSeconds(10)));
    }

    private LaneClient client(Lane lane) {
        return client(lane, ApplicationTransport.of(this.routes));
    }

    @ParameterizedTest
    @EnumSource
    void answersAsOverASocket(Lane lane) {
        Response response = client(lane).get("/items/{id}?q=a%20b", 7);
        assertThat(response.text()).isEqualTo("item 7");
        assertThat(response.headers().getFirst("X-Query")).isEqualTo("a b");
        assertThat(response.headers().getFirst("Set-Cookie")).isEqualTo("c=1");
        assertThat(client(lane).get("/empty").statusCode()).isEqualTo(204);
        assertThat(client(lane).get("/nowhere").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource
    void streamsAnUpload(Lane lane) {
        byte[] chunk = "0123456789".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        RequestBody body = new RequestBody() {

            @Override
            public MediaType contentType() {
                return MediaType.APPLICATION_OCTET_STREAM;
            }

            @Override
            public void writeTo(java.io.OutputStream out) throws java.io.IOException {
                for (int i = 0; i < 100; i++) {
                    out.write(chunk);
                }
            }

        };
        assertThat(client(lane).post("/count", (spec) -> spec.body(body)).text()).isEqualTo("1000000");
        assertThat(this.seen.get()).isEqualTo("application/octet-stream shop.test");
    }

    @ParameterizedTest
    @EnumSource
    void leavesAnEndlessBody(Lane lane) {
        client(lane).leave("/endless", 1000);
        assertThat(this.produced.get()).isBetween(90, 5000);
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheDeadline(Lane lane) {
        for (String path : new String[] { "/silent", "/stalls" }) {
            assertThatExceptionOfType(TotalTimeoutException.class)
                .isThrownBy(() -> client(lane).get(path, (spec) -> spec.total(Duration.ofMillis(100))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesOnWhatTheApplicationThrows(Lane lane) {
        HttpHandler broken = (request, response) -> Mono.error(new IllegalStateException("broken application"));
        assertThatIllegalStateException().isThrownBy(() -> client(lane, ApplicationTransport.of(broken)).get("/"))
            .withMessage("broken application");
    }

}
