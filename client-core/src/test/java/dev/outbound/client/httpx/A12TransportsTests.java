package dev.outbound.client.httpx;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpEntity;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.client.MockMvcClientHttpRequestFactory;
import org.springframework.test.web.servlet.client.MockMvcHttpConnector;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import dev.outbound.client.Client;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;
import dev.outbound.client.transport.application.ApplicationTransport;
import dev.outbound.client.transport.httpcomponents.HttpComponentsTransport;
import dev.outbound.client.transport.reactor.ReactorTransport;
import dev.outbound.client.transport.spring.ConnectorTransport;
import dev.outbound.client.transport.spring.RequestFactoryTransport;

import static dev.outbound.client.lab.FakeUpstream.failure;
import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class A12TransportsTests extends AbstractFeatureTests {

    private final RouterFunction<ServerResponse> app = RouterFunctions.route()
        .GET("/echo/{name}",
                (request) -> ServerResponse.ok()
                    .bodyValue(request.path() + " " + request.pathVariable("name") + " " + request.uri().getRawQuery()
                            + " " + request.headers().firstHeader("x-MIXED")))
        .POST("/count",
                (request) -> request.bodyToFlux(byte[].class)
                    .map((bytes) -> bytes.length)
                    .reduce(0, Integer::sum)
                    .flatMap((sum) -> ServerResponse.ok().bodyValue(String.valueOf(sum))))
        .GET("/endless",
                (request) -> ServerResponse.ok()
                    .body(Flux.<String>generate((sink) -> sink.next("line\n")), String.class))
        .build();

    private LaneClient inProcess(Lane lane) {
        ApplicationTransport transport = ApplicationTransport.of(this.app);
        return lane.client((builder) -> builder.baseUrl("http://testserver")
            .transport(transport.blocking())
            .reactiveTransport(transport));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A12 interface: one method, below cookies, authentication and redirects, for each request")
    void theInterface(Lane lane) {
        this.upstream = FakeUpstream.answering(status(302, "Location: /b", "Set-Cookie: a=1; Path=/"), ok(""));
        client(lane, (builder) -> builder.auth(Auth.bearer("t")).redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1)))
            .get("http://shop.test/a");
        assertThat(this.upstream.requests()).hasSize(2)
            .allSatisfy((request) -> assertThat(request.fields().first("Authorization")).isEqualTo("Bearer t"));
        assertThat(sent().fields().first("Cookie")).isEqualTo("a=1");
    }

    @Test
    @DisplayName("A12 HTTPTransport: the engines' transports, each with its settings and figures of its pool")
    void engines() {
        TransportSettings settings = TransportSettings.defaults("shop").withMaxConnections(2);
        try (RawServer server = echo();
                HttpComponentsTransport blocking = HttpComponentsTransport.of(settings);
                Client client = Client.builder().transport(blocking).build()) {
            client.get(server.url());
            assertThat(blocking.idle()).isEqualTo(1);
        }
        try (RawServer server = echo();
                ReactorTransport reactive = ReactorTransport.of(settings);
                LaneClient client = Lane.REACTIVE.client((builder) -> builder.reactiveTransport(reactive))) {
            client.get(server.url());
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A12 retries=n: of what could not connect, whatever the method; with a policy, of much more")
    void connectRetries(Lane lane) {
        this.upstream = FakeUpstream.answering(failure(new ConnectionFailedException("refused", null)),
                failure(new ConnectionFailedException("refused", null)), ok("at last"));
        LaneClient client = client(lane, (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ofSeconds(1))));
        assertThat(client.post("http://shop.test/", (spec) -> spec.text("a")).text()).isEqualTo("at last");
        assertThat(this.clock.waits()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A12 passing a transport to the client: it takes the engine's place; limits of a call reach it")
    void givenTransport(Lane lane) {
        Response response = client(lane, (builder) -> builder.timeout(Duration.ofSeconds(7)))
            .get("http://nowhere.invalid/");
        assertThat(response.text()).isEqualTo("answer");
        assertThat(sent().timeouts().read()).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A12 MockTransport(handler): a function, of both clients; the body is in memory")
    void function(Lane lane) {
        Transports mock = Transports.of((request) -> Response.of(request, 201,
                (request.body() != null) ? request.body() : RequestBody.text("")));
        try (LaneClient client = lane.client((builder) -> builder.transports(mock))) {
            Response response = client.post("http://shop.test/", (spec) -> spec.text("echoed"));
            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.text()).isEqualTo("echoed");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A12 ASGITransport: a WebFlux application in the process; what it throws comes out")
    void application(Lane lane) {
        assertThat(inProcess(lane).get("/echo/a%20b?q=c%2Fd", (spec) -> spec.header("X-Mixed", "1")).text())
            .isEqualTo("/echo/a%20b a b q=c%2Fd 1");
        ApplicationTransport broken = ApplicationTransport
            .of((request, response) -> Mono.error(new IllegalStateException("of the application")));
        assertThatIllegalStateException()
            .isThrownBy(() -> lane.client((builder) -> builder.transport(broken.blocking()).reactiveTransport(broken))
                .get("http://testserver/"))
            .withMessage("of the application");
        assertThat(inProcess(lane).get("/missing").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A12 ASGI body: streamed both ways, where HTTPX buffers answers; HEAD has none")
    void applicationBody(Lane lane) {
        byte[] upload = new byte[200_000];
        assertThat(inProcess(lane).post("/count", (spec) -> spec.bytes(upload)).text()).isEqualTo("200000");
        inProcess(lane).leave("/endless", 1000);
        assertThat(inProcess(lane).request(HttpMethod.HEAD, "/echo/a", PLAIN).hasBody()).isFalse();
    }

    @RestController
    private static final class Controller {

        @PostMapping("/echo/{name}")
        String echo(@PathVariable("name") String name, @RequestParam("q") String q, HttpEntity<String> request) {
            return name + " " + q + " " + request.getBody() + " " + request.getHeaders().getFirst("X-A");
        }

        @GetMapping("/broken")
        String broken() {
            throw new IllegalStateException("of the application");
        }

    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A12 WSGITransport: a servlet application in the process, through MockMvc; answers are buffered")
    void servletApplication(Lane lane) {
        MockMvc application = MockMvcBuilders.standaloneSetup(new Controller()).build();
        try (LaneClient client = lane.client((builder) -> builder.baseUrl("http://testserver")
            .transport(RequestFactoryTransport.of(new MockMvcClientHttpRequestFactory(application)))
            .reactiveTransport(ConnectorTransport.of(new MockMvcHttpConnector(application))))) {
            assertThat(client.post("/echo/a%20b?q=c%2Fd", (spec) -> spec.text("body").header("X-A", "1")).text())
                .isEqualTo("a b c/d body 1");
            assertThat(client.get("/missing").statusCode()).isEqualTo(404);
            if (lane == Lane.BLOCKING) {
                assertThat(client.get("/broken").statusCode()).as("Spring's factory makes it an answer").isEqualTo(500);
            }
            else {
                assertThatExceptionOfType(RequestException.class).isThrownBy(() -> client.get("/broken"))
                    .withStackTraceContaining("of the application");
            }
        }
    }

    @Test
    @DisplayName("A12 custom transports: may wrap others; the response knows its request")
    void wrapping() {
        List<Request> seen = new ArrayList<>();
        Transport inner = this.upstream.transport();
        Transport wrapper = (request, cancellation) -> {
            seen.add(request);
            return inner.send(request.withHeader("X-Wrapped", "1"), cancellation);
        };
        try (Client client = Client.builder().transport(wrapper).build()) {
            Response response = client.get("http://shop.test/a");
            assertThat(response.bytes()).isEqualTo("answer".getBytes(StandardCharsets.UTF_8));
            assertThat(response.request().url().path()).isEqualTo("/a");
        }
        assertThat(seen).hasSize(1);
        assertThat(sent().fields().first("X-Wrapped")).isEqualTo("1");
    }

}
