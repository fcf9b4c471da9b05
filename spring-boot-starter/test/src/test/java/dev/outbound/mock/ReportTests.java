package dev.outbound.mock;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/** The texts that people get to see, whole. */
class ReportTests {

    private final MockRouter router = MockRouter.create("https://api.test");

    @Test
    void unmatchedRequestNamesTheNearestRoutesAndTheStub() {
        this.router.get("/health").optional();
        this.router.post("/charges/{id}").json("$.amount", 42).reply(201);
        this.router.post("/charge").reply(201).times(1);
        this.router.client().post("/charge");
        assertThatExceptionOfType(UnmatchedRequestError.class)
            .isThrownBy(() -> this.router.client()
                .post("/charges/7?dry=1&api_key=s3cret", (spec) -> spec.json(Map.of("amount", 41))))
            .withMessage(
                    """
                            No route of mock router (https://api.test) matches POST https://api.test/charges/7?dry=1&api_key=******

                              #2 POST /charges/{id} where json $.amount = 42
                                  method         POST
                                  path           /charges/7
                                x json $.amount  expected 42, but was 41

                              #3 POST /charge, used up
                                  method  POST
                                x path    expected /charge, but was /charges/7

                              #1 GET /health
                                x method  expected GET, but was POST
                                x path    expected /health, but was /charges/7

                            To answer it, add:

                                router.post("/charges/7")
                                    .param("dry", "1")
                                    .param("api_key")
                                    .json(\"""
                                        {
                                          "amount" : 41
                                        }\""")
                                    .reply(200);
                            """);
    }

    @Test
    void secretsInBodiesAreNotShown() {
        this.router.post("/login").json("{\"user\": \"ada\", \"password\": \"right1\", \"apiKey\": [1234]}");
        this.router.post("/login").json("$.password", "right1").text(Lookup.equalTo("api_key=right2"));
        this.router.post("/login").content("secret=right2".getBytes(StandardCharsets.UTF_8));
        assertThatExceptionOfType(UnmatchedRequestError.class)
            .isThrownBy(() -> this.router.client()
                .post("/login", (spec) -> spec.json(Map.of("user", "ada", "password", "s3cret", "apiKey", 4711))))
            .withMessageContaining("expected {\"apiKey\":[\"****** (4 characters)\"],\"password\":\"****** "
                    + "(6 characters)\",\"user\":\"ada\"}, but was {\"apiKey\":\"****** (4 characters)\","
                    + "\"password\":\"****** (6 characters)\",\"user\":\"ada\"}")
            .withMessageContaining("expected \"****** (6 characters)\", but was \"****** (6 characters)\"")
            .withMessageContaining(
                    "    .jsonContaining(\"\"\"\n            {\n              \"user\" : \"ada\"\n            }\"\"\")\n")
            .withMessageNotContainingAny("s3cret", "4711", "right1", "right2", "1234");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "a/b | /users/a%2Fb", "a%20b | /users/a%2520b", "a?b#c | /users/a%3Fb%23c",
            "{x} | /users/%7Bx%7D", "ü b | /users/ü b" })
    void stubIsTheRouteOfThatRequestAndNoOther(String value, String stub) {
        assertThatExceptionOfType(UnmatchedRequestError.class)
            .isThrownBy(() -> this.router.client().get("/users/{id}", value))
            .withMessageContaining("router.get(\"" + stub + "\")\n");
        this.router.get(stub).reply(204);
        assertThat(this.router.client().get("/users/{id}", value).statusCode()).isEqualTo(204);
    }

    @Test
    void stubOfABodyIsJavaOrLeftOut() {
        assertThat(stub(RequestBody.bytes("\"a\"".getBytes(StandardCharsets.UTF_8), MediaType.APPLICATION_JSON)))
            .isEqualTo("router.post(\"/a\")\n    .json(\"\\\"a\\\"\")\n    .reply(200);");
        assertThat(stub(RequestBody.bytes(new byte[] { (byte) 0xff, 0 }, MediaType.APPLICATION_OCTET_STREAM)))
            .isEqualTo("router.post(\"/a\")\n    .reply(200);");
        assertThat(stub(RequestBody.text("password=s3cret"))).isEqualTo("router.post(\"/a\")\n    .reply(200);");
    }

    private static String stub(RequestBody body) {
        Request request = Request.of(HttpMethod.POST, Url.parse("https://api.test/a")).withBody(body);
        return Stub.of(SentRequest.of(request, Objects.requireNonNull(body.bytes())), BaseUrl.of("https://api.test"));
    }

    @Test
    void responderThatFailsFailsTheTestAlthoughItsErrorWasSwallowed() {
        this.router.get("/a").answer((request) -> {
            throw new AssertionError("not so");
        });
        assertThat(catchThrowable(() -> this.router.client().get("/a?token=s3cret"))).hasMessage("not so");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(this.router::verify).withMessage("""
                Route GET /a could not answer GET https://api.test/a?token=******, as its responder failed: \
                java.lang.AssertionError: not so

                To answer with a failure, return Reply.failure(…).""");
        this.router.reset();
        this.router.allowUncalled().verify();
    }

    @Test
    void responderMayThrowWhatAnEngineWould() {
        this.router.get("/a").answer((request) -> {
            throw new ConnectionLostException(Phase.HEAD, "gone", null);
        });
        assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> this.router.client().get("/a"));
        assertThat(this.router).attempts(1);
        this.router.verify();
    }

    @Test
    void requestThatIsRepeatedIsToldOnce() {
        for (int i = 0; i < 3; i++) {
            assertThat(catchThrowable(() -> this.router.client().get("/a"))).isNotNull();
        }
        assertThatExceptionOfType(AssertionError.class).isThrownBy(this.router::verify).withMessage("""
                No route of mock router (https://api.test) matches GET https://api.test/a

                  It has no routes.

                To answer it, add:

                    router.get("/a")
                        .reply(200);

                It came 3 times.""");
    }

    @Test
    void routerWithoutRoutesSaysSo() {
        assertThatExceptionOfType(UnmatchedRequestError.class)
            .isThrownBy(() -> this.router.client().get("/a", (spec) -> spec.header("Authorization", "Bearer s3cret")))
            .withMessage("""
                    No route of mock router (https://api.test) matches GET https://api.test/a

                      It has no routes.

                    To answer it, add:

                        router.get("/a")
                            .reply(200);
                    """);
    }

    @Test
    void secretsAreNotShown() {
        this.router.get("/a").header("Authorization", "Bearer right").cookie("sid", "s1");
        assertThatExceptionOfType(UnmatchedRequestError.class)
            .isThrownBy(() -> this.router.client()
                .get("/a", (spec) -> spec.header("Authorization", "Bearer s3cret").cookie("sid", "s2")))
            .withMessageContaining(
                    "x header authorization  expected ****** (12 characters), but was ****** (13 characters)")
            .withMessageNotContainingAny("s3cret", "right", "s1", "s2");
    }

    @Test
    void verdictTellsEverythingThatIsWrong() {
        this.router.get("/a").reply(200).then(201).then(202);
        this.router.any("/a").header("X-A", "1");
        this.router.get("/a").header("X-A", "1").header("X-B", "1").named("narrow");
        this.router.delete("/c");
        this.router.put("/optional").optional();
        this.router.client().get("/a");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(this.router::verify).withMessage("""
                Routes of mock router (https://api.test) that were not called as they should:

                  #1 GET /a: answered 1 call, and has 2 replies left
                  #2 /a where header x-a 1
                  #3 'narrow' (GET /a where header x-a 1 and header x-b 1): cannot be reached, as #2 takes all of its \
                requests before. Register it before #2, or narrow that one
                  #4 DELETE /c

                Call them, remove them, or mark them with optional().""");
    }

    @Test
    void requestThatFoundNoRouteFailsTheTestAlthoughItsErrorWasSwallowed() {
        Throwable[] swallowed = new Throwable[1];
        try {
            this.router.client().get("/a");
        }
        catch (Throwable ex) {
            swallowed[0] = ex;
        }
        assertThat(swallowed[0]).isNotInstanceOf(ClientException.class);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(this.router::verify)
            .withMessageStartingWith("No route of mock router (https://api.test) matches GET https://api.test/a");
        assertThat(this.router.unmatchedRequests()).hasSize(1);
    }

    @Test
    void routerThatNobodyCalledSaysWhoMayBypassIt() {
        this.router.get("/a");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(this.router::verify).withMessage("""
                Routes of mock router (https://api.test) that were not called as they should:

                  #1 GET /a

                Call them, remove them, or mark them with optional(). No request at all came to this router: \
                code that builds its own client does not come here.""");
    }

    @Test
    void strictnessIsRelaxedForAWholeRouter() {
        this.router.otherwise(Reply.of(404)).allowUncalled().get("/never");
        assertThat(this.router.client().get("/a").statusCode()).isEqualTo(404);
        this.router.verify();
        assertThat(this.router).attempts(1);
    }

}
