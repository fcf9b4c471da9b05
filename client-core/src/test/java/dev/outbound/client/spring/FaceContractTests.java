package dev.outbound.client.spring;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.ObservationContextAssert;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.lab.FakeUpstream.failure;
import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What every call through one of Spring's APIs has of the client behind it, from one body
 * for both, against an upstream in memory.
 */
class FaceContractTests {

    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private FakeUpstream upstream = FakeUpstream.answering(ok(""));

    @AfterEach
    void nothingLeaks() {
        assertThat(this.upstream.open()).isZero();
    }

    private Face.Caller caller(Face face, Answer... answers) {
        this.upstream = FakeUpstream.answering(answers);
        return face.over(this.upstream, this.registry, this::configure);
    }

    private void configure(ClientBuilder builder) {
        builder.name("shop")
            .baseUrl("http://shop.test/api")
            .header("X-Tenant", "acme")
            .query("v", 1)
            .auth(Auth.basic("u", "p"))
            .observations(this.registry)
            .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5))
            .retry(RetryPolicy.fixed(2, Duration.ZERO));
    }

    private static String text(Request request) {
        RequestBody body = request.body();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            assertThat(body).isNotNull();
            body.writeTo(bytes);
        }
        catch (IOException ex) {
            throw new AssertionError(ex);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void hasBaseUrlHeadersParametersAndAuthenticationOnce(Face face) {
        ResponseEntity<String> response = caller(face, ok("hello", "X-Answer: 42")).get("/items/{id}?q={q}", "a/b",
                "ä");
        assertThat(response.getBody()).isEqualTo("hello");
        assertThat(response.getHeaders().getFirst("X-Answer")).isEqualTo("42");
        Request request = this.upstream.request(0);
        assertThat(request.url().text()).isEqualTo("http://shop.test/api/items/a%2Fb?q=%C3%A4&v=1");
        assertThat(request.fields().all("X-Tenant")).containsExactly("acme");
        assertThat(request.fields().all("Authorization")).hasSize(1);
        assertThat(request.fields().all("User-Agent")).hasSize(1);
        assertThat(request.template()).isEqualTo("/items/{id}?q={q}");
    }

    @ParameterizedTest
    @EnumSource
    void headersOfTheCallTakeThePlaceOfTheClients(Face face) {
        caller(face, ok("")).get("/a", (headers) -> headers.addAll("x-tenant", List.of("a", "b")));
        assertThat(this.upstream.request(0).fields().all("X-Tenant")).containsExactly("a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void sendsABodyOfAnObjectAgain(Face face) {
        this.upstream = FakeUpstream.answering(status(503), ok("done"));
        Face.Caller caller = face.over(this.upstream, this.registry, (builder) -> {
            configure(builder);
            builder.header("Idempotency-Key", "k");
        });
        assertThat(caller.post("/a", Map.of("name", "n"))).isEqualTo("done");
        assertThat(this.upstream.requests()).hasSize(2).allSatisfy((request) -> {
            assertThat(text(request)).isEqualTo("{\"name\":\"n\"}");
            assertThat(request.fields().all("Content-Type")).containsExactly("application/json");
            assertThat(request.fields().contains("Content-Length")).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void followsARedirectWithTheBodyOfAnObject(Face face) {
        Face.Caller caller = caller(face, status(307, "Location: /api/b"), ok("there"));
        assertThat(caller.post("/a", Map.of("name", "n"))).isEqualTo("there");
        assertThat(text(this.upstream.request(1))).isEqualTo("{\"name\":\"n\"}");
    }

    @ParameterizedTest
    @EnumSource
    void sendsAOneShotBodyOnce(Face face) {
        this.upstream = FakeUpstream.answering(status(503));
        Face.Caller caller = face.over(this.upstream, this.registry, (builder) -> {
            configure(builder);
            builder.header("Idempotency-Key", "k");
        });
        Throwable thrown = catchThrowable(() -> caller.postOnce("/a", "once"));
        assertThat(thrown).isInstanceOfAny(HttpServerErrorException.ServiceUnavailable.class,
                WebClientResponseException.ServiceUnavailable.class);
        assertThat(this.upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void keepsItsPromisesBehindAnInterceptor(Face face) {
        Face.Caller caller = caller(face, status(307, "Location: /api/b"), ok("there")).adding("X-Trace", "t");
        assertThat(caller.post("/a", Map.of("name", "n"))).isEqualTo("there");
        assertThat(this.upstream.requests()).hasSize(2).allSatisfy((request) -> {
            assertThat(request.fields().all("X-Trace")).containsExactly("t");
            assertThat(request.fields().all("X-Tenant")).containsExactly("acme");
            assertThat(text(request)).isEqualTo("{\"name\":\"n\"}");
        });
        assertOneObservation();
    }

    @ParameterizedTest
    @EnumSource
    void decodesOnce(Face face) throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
            gzip.write("hello hello hello hello hello".getBytes(StandardCharsets.UTF_8));
        }
        Answer answer = new Answer(200,
                FieldLines.builder()
                    .add("Content-Encoding", "gzip")
                    .add("Content-Length", Integer.toString(coded.size()))
                    .build(),
                coded.toByteArray(), null);
        Face.Caller caller = caller(face, answer);
        assertThat(caller.bytes("/a")).asString().isEqualTo("hello hello hello hello hello");
        HttpHeaders headers = caller.get("/a").getHeaders();
        assertThat(headers.containsHeader("Content-Encoding")).isFalse();
        assertThat(headers.containsHeader("Content-Length")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void failsAsUsersOfTheApiExpect(Face face) {
        ReadTimeoutException failure = new ReadTimeoutException(Phase.HEAD, "no head for 5 s", null);
        Face.Caller caller = caller(face, failure(failure));
        Throwable thrown = catchThrowable(() -> caller.post("/items", "x"));
        if (face == Face.REST_CLIENT) {
            assertThat(thrown).isInstanceOf(ResourceAccessException.class)
                .cause()
                .isInstanceOf(SocketTimeoutException.class)
                .hasCause(failure);
        }
        else {
            assertThat(thrown).isInstanceOf(WebClientRequestException.class).hasCause(failure);
        }
        assertThat(failure).hasMessageContainingAll("POST", "http://shop.test/api/items", "client 'shop'",
                "no head for 5 s");
    }

    @ParameterizedTest
    @EnumSource
    void aStatusIsAnExceptionOfTheApi(Face face) {
        this.upstream = FakeUpstream.answering(status(500));
        Face.Caller caller = face.over(this.upstream, this.registry, (builder) -> {
            configure(builder);
            builder.raiseForStatus(true);
        });
        Throwable thrown = catchThrowable(() -> caller.post("/a", "x"));
        assertThat(thrown).isInstanceOfAny(HttpServerErrorException.InternalServerError.class,
                WebClientResponseException.InternalServerError.class);
    }

    @ParameterizedTest
    @EnumSource
    void staysOnTheOriginOfTheBaseUrl(Face face) {
        Face.Caller caller = caller(face, ok(""));
        Throwable thrown = catchThrowable(() -> caller.get("http://evil.test/a"));
        assertThat((face == Face.REST_CLIENT) ? thrown : thrown.getCause()).isInstanceOf(InvalidUrlException.class)
            .hasMessageContaining("outside of the base URL's origin");
        Throwable climbing = catchThrowable(() -> caller.get("/{id}", "../../admin/.."));
        assertThat(this.upstream.requests()).allSatisfy(
                (request) -> assertThat(request.url().text()).startsWith("http://shop.test/api/..%2F..%2Fadmin"));
        assertThat(climbing).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void releasesABodyThatNobodyWants(Face face) {
        assertThat(caller(face, ok("a body")).ignoreBody("/a")).isEqualTo(200);
        assertThat(this.upstream.open()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void isOneObservationWithTheTagsOfTheClient(Face face) {
        caller(face, status(503), ok("a")).get("/items/{id}?q=1", 7);
        assertOneObservation().hasLowCardinalityKeyValue("client.name", "shop")
            .hasLowCardinalityKeyValue("uri", "/items/{id}")
            .hasLowCardinalityKeyValue("method", "GET")
            .hasLowCardinalityKeyValue("status", "200")
            .hasLowCardinalityKeyValue("outcome", "SUCCESS")
            .hasLowCardinalityKeyValue("exception", "none")
            .hasHighCardinalityKeyValue("http.url", "http://shop.test/api/items/7");
        TestObservationRegistryAssert.assertThat(this.registry)
            .hasNumberOfObservationsWithNameEqualTo("http.client.attempts", 1)
            .hasObservationWithNameEqualTo("http.client.attempts")
            .that()
            .hasParentObservationContextMatching((parent) -> parent.getName().equals("http.client.requests"))
            .hasBeenStopped();
    }

    @ParameterizedTest
    @EnumSource
    void aFailureIsObservedByItsOwnName(Face face) {
        Face.Caller caller = caller(face, failure(new ReadTimeoutException(Phase.HEAD, "no head", null)));
        assertThat(catchThrowable(() -> caller.post("/12345", "x"))).isNotNull();
        assertOneObservation().hasLowCardinalityKeyValue("exception", "ReadTimeoutException")
            .hasLowCardinalityKeyValue("uri", "UNTEMPLATED")
            .hasLowCardinalityKeyValue("outcome", "UNKNOWN")
            .hasLowCardinalityKeyValue("status", "CLIENT_ERROR");
    }

    @ParameterizedTest
    @EnumSource
    void aStatusIsNoExceptionInTheObservation(Face face) {
        Face.Caller caller = caller(face, status(404));
        assertThat(catchThrowable(() -> caller.get("/a"))).isNotNull();
        assertOneObservation().hasLowCardinalityKeyValue("exception", "none")
            .hasLowCardinalityKeyValue("status", "404");
    }

    private ObservationContextAssert<?> assertOneObservation() {
        return TestObservationRegistryAssert.assertThat(this.registry)
            .hasNumberOfObservationsWithNameEqualTo("http.client.requests", 1)
            .hasObservationWithNameEqualTo("http.client.requests")
            .that()
            .hasBeenStarted()
            .hasBeenStopped();
    }

    @ParameterizedTest
    @EnumSource
    void theClientObservesWhereTheApiDoesNot(Face face) {
        this.upstream = FakeUpstream.answering(ok("a"));
        face.over(this.upstream, ObservationRegistry.NOOP, this::configure).get("/items/{id}", 7);
        assertOneObservation().hasLowCardinalityKeyValue("client.name", "shop")
            .hasLowCardinalityKeyValue("uri", "/items/{id}");
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedHeaderIsNamed(Face face) {
        Face.Caller caller = caller(face, ok(""));
        assertThatExceptionOfType(RuntimeException.class)
            .isThrownBy(() -> caller.get("/a", (headers) -> headers.set("Connection", "close")))
            .withStackTraceContaining("Header Connection is set by the transport");
        assertThat(this.upstream.requests()).isEmpty();
        assertThat(catchThrowable(() -> caller.get("/a", (headers) -> headers.set("X-A", "a\nb"))))
            .isNotInstanceOf(ClientException.class)
            .hasStackTraceContaining("header X-A cannot be sent");
    }

}
