package dev.outbound.mock;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The same application, in each form that it may have. */
class UpstreamTests {

    private static final RouterFunction<ServerResponse> ROUTES = RouterFunctions.route()
        .POST("/greet/{name}",
                (request) -> request.bodyToMono(String.class)
                    .flatMap((body) -> ServerResponse.status(201)
                        .header("X-Seen", request.headers().firstHeader("X-Who"))
                        .bodyValue(body + " " + request.pathVariable("name"))))
        .POST("/boom", (request) -> Mono.error(new IllegalStateException("boom")))
        .build();

    private static final RouterFunction<ServerResponse> SILENT = RouterFunctions.route()
        .GET("/never", (request) -> Mono.never())
        .GET("/stall", (request) -> ServerResponse.ok().body(Flux.just("some").concatWith(Flux.never()), String.class))
        .build();

    private static final Map<String, Supplier<Upstream>> FORMS = Map.of("RouterFunction",
            () -> WebFluxUpstream.of(ROUTES), "HttpHandler", () -> {
                HttpHandler handler = RouterFunctions.toHttpHandler(ROUTES);
                return WebFluxUpstream.of(handler);
            }, "@RestController", () -> WebFluxUpstream.ofControllers(new Greetings()), "MockMvc",
            () -> MockMvcUpstream.of(MockMvcBuilders.standaloneSetup(new Greetings()).build()));

    @TestFactory
    Stream<DynamicTest> applicationAnswersForTheRoute() {
        return FORMS.entrySet()
            .stream()
            .flatMap((form) -> Stream.of(Lane.values())
                .map((lane) -> DynamicTest.dynamicTest(form.getKey() + " " + lane,
                        () -> answers(lane, form.getValue().get()))));
    }

    /** As a server that the application runs in would answer. */
    @TestFactory
    Stream<DynamicTest> failureOfTheApplicationIsAnInternalServerError() {
        return FORMS.entrySet()
            .stream()
            .flatMap((form) -> Stream.of(Lane.values())
                .map((lane) -> DynamicTest.dynamicTest(form.getKey() + " " + lane,
                        () -> failsInside(lane, form.getValue().get()))));
    }

    private static void failsInside(Lane lane, Upstream upstream) {
        MockRouter router = MockRouter.create("http://greet.test");
        router.any("").handledBy(upstream);
        try (LaneClient client = lane.client((builder) -> router.bind(builder.baseUrl("http://greet.test")))) {
            assertThat(client.post("/boom", (spec) -> spec.text("hello")).statusCode()).isEqualTo(500);
        }
        assertThat(router).isVerified();
    }

    private static void answers(Lane lane, Upstream upstream) {
        MockRouter router = MockRouter.create("http://greet.test");
        Route mocked = router.post("/greet/nobody").reply(404);
        Route handled = router.any("").handledBy(upstream);
        try (LaneClient client = lane.client((builder) -> router.bind(builder.baseUrl("http://greet.test")))) {
            Response response = client.post("/greet/Ada", (spec) -> spec.text("hello").header("X-Who", "me"));
            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.text()).isEqualTo("hello Ada");
            assertThat(response.headers().getFirst("X-Seen")).isEqualTo("me");
            assertThat(client.post("/greet/nobody", (spec) -> spec.text("hello")).statusCode()).isEqualTo(404);
        }
        assertThat(mocked).isCalledOnce();
        assertThat(handled).isCalledOnce();
        assertThat(handled.lastCall().isPassedOn()).isTrue();
        assertThat(router).isVerified();
    }

    /** Its time is real, and nobody moves that of the client meanwhile. */
    @ParameterizedTest
    @CsvSource({ "BLOCKING, /never, HEAD", "BLOCKING, /stall, BODY", "REACTIVE, /never, HEAD",
            "REACTIVE, /stall, BODY" })
    @Timeout(20)
    void applicationThatDoesNotAnswerIsNotWaitedForWithoutEnd(Lane lane, String path, Phase phase) {
        MockRouter router = MockRouter.create("http://greet.test");
        router.get(path).handledBy(WebFluxUpstream.of(SILENT));
        try (LaneClient client = lane
            .client((builder) -> router.bind(builder.baseUrl("http://greet.test")).total(Duration.ofMillis(150)))) {
            assertThatExceptionOfType(TotalTimeoutException.class).isThrownBy(() -> client.get(path))
                .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(phase));
        }
        assertThat(router).isVerified();
    }

    @RestController
    static class Greetings {

        @PostMapping("/greet/{name}")
        ResponseEntity<String> greet(@PathVariable("name") String name, @RequestBody String body,
                @RequestHeader("X-Who") String who) {
            return ResponseEntity.status(201).header("X-Seen", who).body(body + " " + name);
        }

        @PostMapping("/boom")
        String fail() {
            throw new IllegalStateException("boom");
        }

    }

}
