package dev.outbound.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.lab.FakeUpstream.failure;
import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a client does, blocking and reactive from one body, against an upstream in memory
 * and on virtual time. After each test every response that was handed out must be closed
 * or aborted.
 */
class ClientContractTests {

    private final TestClock clock = new TestClock();

    private FakeUpstream upstream = FakeUpstream.answering(ok("hello"));

    record Item(String name, int price) {
    }

    @AfterEach
    void nothingLeaks() {
        assertThat(this.upstream.open()).isZero();
    }

    private LaneClient client(Lane lane, Answer... answers) {
        this.upstream = FakeUpstream.answering(answers);
        return lane.client(this.upstream, this.clock,
                (builder) -> builder.name("shop")
                    .baseUrl("http://shop.test/api")
                    .header("X-Tenant", "acme")
                    .query("v", 1)
                    .auth(Auth.basic("u", "p"))
                    .retry(RetryPolicy.fixed(2, Duration.ofSeconds(30)))
                    .total(Duration.ofMinutes(5))
                    .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5)));
    }

    @ParameterizedTest
    @EnumSource
    void mergesBaseUrlHeadersParametersAndAuthentication(Lane lane) {
        Response response = client(lane, ok("hello", "X-Answer: a")).get("/items/{id}?full=yes", "a/b c");
        Request request = this.upstream.request(0);
        assertThat(request.url().text()).isEqualTo("http://shop.test/api/items/a%2Fb%20c?full=yes&v=1");
        assertThat(request.fields().first("X-Tenant")).isEqualTo("acme");
        assertThat(request.fields().first("Authorization")).isEqualTo("Basic dTpw");
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().getFirst("x-answer")).isEqualTo("a");
        assertThat(response.context().uri()).isEqualTo("/items/{id}");
    }

    @ParameterizedTest
    @EnumSource
    void takesBracesForTextWithoutValues(Lane lane) {
        client(lane, ok("")).get("/items/{id}");
        assertThat(this.upstream.request(0).url().path()).isEqualTo("/api/items/%7Bid%7D");
    }

    @ParameterizedTest
    @EnumSource
    void letsARequestOverrideTheClient(Lane lane) {
        client(lane, status(503), ok("")).request(HttpMethod.GET, "/a",
                (spec) -> spec.header("x-tenant", "other")
                    .query("v", 2)
                    .query("v", 3)
                    .auth(null)
                    .retry(null)
                    .timeout(Duration.ofSeconds(1))
                    .total(null)
                    .attribute("k", "v"));
        assertThat(this.upstream.requests()).hasSize(1);
        Request request = this.upstream.request(0);
        assertThat(request.url().query()).isEqualTo("v=2&v=3");
        assertThat(request.fields().all("X-Tenant")).containsExactly("other");
        assertThat(request.fields().contains("Authorization")).isFalse();
        assertThat(request.timeouts().read()).hasSeconds(1);
        assertThat(request.timeouts().pool()).hasSeconds(1);
        assertThat(request.timeouts().total()).isNull();
        assertThat(request.attributes()).containsEntry("k", "v");
    }

    @ParameterizedTest
    @EnumSource
    void sendsEveryKindOfBody(Lane lane) {
        LaneClient client = client(lane, ok("{\"name\":\"n\",\"price\":3}"));
        Item item = client.post("/json", (spec) -> spec.json(new Item("n", 3))).json(Item.class);
        assertThat(item).isEqualTo(new Item("n", 3));
        client.post("/text", (spec) -> spec.text("grüße"));
        client.post("/bytes", (spec) -> spec.bytes(new byte[] { 1, 2 }, MediaType.IMAGE_PNG));
        client.post("/form", (spec) -> spec.form(Map.of("a b", List.of("1", "ä"))));
        client.post("/parts",
                (spec) -> spec.multipart((parts) -> parts.field("name", "n").file("f", "a.txt", new byte[3])));
        assertThat(this.upstream.requests()).extracting((request) -> String.valueOf(bodyOf(request).contentType()))
            .satisfies((types) -> assertThat(types.get(4)).startsWith("multipart/form-data"))
            .startsWith("application/json", "text/plain;charset=UTF-8", "image/png",
                    "application/x-www-form-urlencoded");
        assertThat(new String(bodyOf(this.upstream.request(0)).bytes())).isEqualTo("{\"name\":\"n\",\"price\":3}");
        assertThat(new String(bodyOf(this.upstream.request(3)).bytes())).isEqualTo("a+b=1&a+b=%C3%A4");
    }

    private static RequestBody bodyOf(Request request) {
        RequestBody body = request.body();
        assertThat(body).isNotNull();
        return body;
    }

    @ParameterizedTest
    @EnumSource
    void readsGenericTypesAndTrees(Lane lane) {
        Response response = client(lane, ok("[{\"name\":\"n\",\"price\":3}]", "Content-Type: text/plain")).get("/");
        assertThat(response.json(new ParameterizedTypeReference<List<Item>>() {
        })).containsExactly(new Item("n", 3));
        assertThat(response.json().get(0).get("price").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatIsNotTheJsonAskedForIsATypedFailure(Lane lane) {
        Response response = client(lane, ok("<html>s3cr3t page</html>", "Content-Type: text/html")).get("/items/{id}",
                1);
        assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> response.json(Item.class))
            .withMessageStartingWith("GET /items/{id} of client 'shop': The body cannot be read as ")
            .withMessageContaining("status 200 and content type text/html")
            .satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cr3t"));
        Response empty = client(lane, status(204)).get("/");
        assertThat(empty.hasBody()).isFalse();
        assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> empty.json(Item.class))
            .withMessageContaining("The body is empty");
    }

    @ParameterizedTest
    @EnumSource
    void raisesForStatusOnlyWhenAsked(Lane lane) {
        Response response = client(lane, status(404).withBody("gone")).get("/items/{id}", 1);
        assertThatExceptionOfType(StatusException.class).isThrownBy(response::raiseForStatus)
            .satisfies((ex) -> assertThat(((Response) ex.response()).text()).isEqualTo("gone"))
            .withMessageStartingWith("GET /items/{id} of client 'shop': Client error 404");
        assertThat(client(lane, ok("")).get("/").raiseForStatus().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void retriesAndWaitsAsThePolicySays(Lane lane) {
        Response response = client(lane, status(503), failure(new ConnectionLostException(Phase.HEAD, "lost", null)),
                ok("third"))
            .get("/a");
        assertThat(response.text()).isEqualTo("third");
        assertThat(this.clock.waits()).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(30));
        assertThat(response.context().attempt()).isEqualTo(3);
        assertThat(response.elapsed()).hasSeconds(60);
    }

    @ParameterizedTest
    @EnumSource
    void sendsARepeatedBodyWhole(Lane lane) {
        client(lane, status(503), ok("")).request(HttpMethod.PUT, "/a", (spec) -> spec.text("whole"));
        assertThat(this.upstream.requests()).hasSize(2)
            .allSatisfy((request) -> assertThat(bodyOf(request).bytes()).asString().isEqualTo("whole"));
    }

    @ParameterizedTest
    @EnumSource
    void throwsTheLastFailureWithTheEarlierOnes(Lane lane) {
        LaneClient client = client(lane, failure(new ConnectionLostException(Phase.HEAD, "one", null)),
                failure(new ConnectionLostException(Phase.HEAD, "two", null)),
                failure(new ConnectionLostException(Phase.HEAD, "three", null)));
        assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> client.get("/a"))
            .withMessageStartingWith("GET http://shop.test/api/a of client 'shop': three (phase head, attempt 3")
            .satisfies((ex) -> assertThat(ex.getSuppressed()).filteredOn(ConnectionLostException.class::isInstance)
                .hasSize(2));
    }

    @ParameterizedTest
    @EnumSource
    void followsRedirectsWithoutCredentialsAcrossOrigins(Lane lane) {
        Response response = client(lane, status(302, "Location: http://other.test/b"), ok("there")).get("/a");
        assertThat(response.text()).isEqualTo("there");
        assertThat(response.url().text()).isEqualTo("http://other.test/b");
        assertThat(response.history()).hasSize(1);
        assertThat(this.upstream.request(1).fields().first("X-Tenant")).isEqualTo("acme");
        assertThat(this.upstream.request(1).fields().contains("Authorization")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void runsAFlowOfSeveralSteps(Lane lane) {
        LaneClient client = client(lane, ok("t0k"), ok("done"));
        Auth login = (now) -> new AuthFlow() {

            private @Nullable Request call;

            @Override
            public AuthStep start(Request request) {
                this.call = request;
                return AuthStep.send(request.withUrl(Url.parse("http://shop.test/login")));
            }

            @Override
            public AuthStep responded(Response response) {
                assertThat(this.call).isNotNull();
                return AuthStep.sendLast(this.call.withHeader("X-Session", response.text()));
            }

            @Override
            public boolean readsBody() {
                return true;
            }

        };
        assertThat(client.request(HttpMethod.GET, "/a", (spec) -> spec.auth(login)).text()).isEqualTo("done");
        assertThat(this.upstream.request(1).fields().first("X-Session")).isEqualTo("t0k");
    }

    @ParameterizedTest
    @EnumSource
    void waitsForAResultOfAnotherCall(Lane lane) {
        AtomicReference<@Nullable CompletableFuture<String>> waitedFor = new AtomicReference<>();
        Auth shared = (now) -> new AuthFlow() {

            private @Nullable Request call;

            @Override
            public AuthStep start(Request request) {
                this.call = request;
                CompletableFuture<String> token = new CompletableFuture<>();
                waitedFor.set(token);
                token.completeOnTimeout("t", 30, java.util.concurrent.TimeUnit.MILLISECONDS);
                return AuthStep.await(token);
            }

            @Override
            public AuthStep awaited() {
                assertThat(this.call).isNotNull();
                return AuthStep.sendLast(this.call.withHeader("X-Token", waitedFor.get().join()));
            }

        };
        client(lane, ok("done")).request(HttpMethod.GET, "/a", (spec) -> spec.auth(shared));
        assertThat(this.upstream.request(0).fields().first("X-Token")).isEqualTo("t");
    }

    @ParameterizedTest
    @EnumSource
    void endsAtTheDeadlineInAWait(Lane lane) {
        LaneClient client = client(lane, status(503, "Retry-After: 29"));
        Response response = client.request(HttpMethod.GET, "/a", (spec) -> spec.total(Duration.ofSeconds(20)));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(this.clock.waits()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void streamsAnswersToRequestsThatWereMadeElsewhere(Lane lane) {
        LaneClient client = client(lane, status(503), ok("hello"));
        Request request = Request.of(HttpMethod.GET, Url.parse("http://shop.test/api/a"))
            .withTimeouts(Timeouts.defaults().withTotal(Duration.ofMinutes(5)));
        assertThat(client.stream(request)).isEqualTo("hello");
        assertThat(this.upstream.requests()).hasSize(2)
            .allSatisfy((sent) -> assertThat(sent.fields().contains("X-Tenant")).isFalse());
        assertThatIllegalArgumentException().isThrownBy(() -> client.stream((Request) null));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> client.stream(Request.of(HttpMethod.GET, Url.parse("http://other.test/"))))
            .withMessageContaining("outside of the base URL's origin");
    }

    @ParameterizedTest
    @EnumSource
    void severalLinesOfANameTakeThePlaceOfTheClients(Lane lane) {
        FieldLines lines = FieldLines.builder().add("x-tenant", "a").add("x-tenant", "b").build();
        client(lane, ok("")).get("/a", (spec) -> spec.headers(lines));
        assertThat(this.upstream.request(0).fields().all("X-Tenant")).containsExactly("a", "b");
        FieldLines framing = FieldLines.builder().add("Content-Length", "3").build();
        assertThatIllegalArgumentException()
            .isThrownBy(() -> client(lane, ok("")).get("/a", (spec) -> spec.headers(framing)))
            .withMessageContaining("Header Content-Length is set by the transport");
    }

    @ParameterizedTest
    @EnumSource
    void refusesABodyOverTheLimit(Lane lane) {
        LaneClient client = lane.client(this.upstream = FakeUpstream.answering(ok("0123456789")), this.clock,
                (builder) -> builder.maxResponseBody(9));
        assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> client.get("http://shop.test/"));
        assertThat(client.stream("http://shop.test/", (response) -> {
        })).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource
    void releasesAStreamHoweverItEnds(Lane lane) {
        LaneClient client = client(lane, ok("0123456789"));
        assertThat(client.stream("/a", (response) -> assertThat(response.statusCode()).isEqualTo(200))).isEqualTo(10);
        client.leave("/a", 1);
        assertThatIllegalStateException().isThrownBy(() -> client.stream("/a", (response) -> {
            throw new IllegalStateException("of the caller");
        })).withMessage("of the caller");
    }

    private static byte[] gzip(byte[] content) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream gzip = new java.util.zip.GZIPOutputStream(out)) {
            gzip.write(content);
        }
        catch (java.io.IOException ex) {
            throw new java.io.UncheckedIOException(ex);
        }
        return out.toByteArray();
    }

    private static Answer gzipped(byte[] content) {
        return new Answer(200, ok("", "Content-Encoding: gzip").fields(), gzip(content), null);
    }

    @ParameterizedTest
    @EnumSource
    void undoesContentCodings(Lane lane) {
        LaneClient client = client(lane,
                gzipped("hello".repeat(1000).getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        assertThat(client.get("/a").text()).hasSize(5000).startsWith("hellohello");
        assertThat(client.stream("/a", (response) -> {
        })).isEqualTo(5000);
        client.leave("/a", 10);
    }

    @ParameterizedTest
    @EnumSource
    void limitsWhatACodedBodyBecomes(Lane lane) {
        LaneClient client = client(lane, gzipped(new byte[20 * 1024 * 1024]));
        assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> client.get("/a"));
        assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> client.stream("/a", (response) -> {
        }));
    }

    @ParameterizedTest
    @EnumSource
    void failsOnABrokenCoding(Lane lane) {
        LaneClient client = client(lane, ok("this is not gzip", "Content-Encoding: gzip"));
        assertThatExceptionOfType(dev.outbound.client.http.DecodingException.class).isThrownBy(() -> client.get("/a"));
        assertThatExceptionOfType(dev.outbound.client.http.DecodingException.class)
            .isThrownBy(() -> client.stream("/a", (response) -> {
            }));
    }

    @ParameterizedTest
    @EnumSource
    void refusesUrlsThatLeaveTheBase(Lane lane) {
        LaneClient client = client(lane, ok(""));
        for (String url : new String[] { "https://shop.test/api/a", "http://evil.test/", "//evil.test/a", "/../admin",
                "/a/../../admin", "/%2e%2e/admin", "/..%2fadmin", "/..;/admin", "/%252e%252e/admin",
                "http://shop.test/admin", "http://u:p@shop.test/api/", "ftp://shop.test/api/" }) {
            assertThatExceptionOfType(InvalidUrlException.class).as(url).isThrownBy(() -> client.get(url));
        }
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> client.get("/users/{id}/x", ".."));
        assertThat(this.upstream.requests()).isEmpty();
        client.get("http://shop.test/api/next?page=2");
        client.get("/a/../b");
        assertThat(this.upstream.request(1).url().path()).isEqualTo("/api/b");
    }

    @ParameterizedTest
    @EnumSource
    void sendsNoCredentialsToAnotherOriginThatIsAllowed(Lane lane) {
        this.upstream = FakeUpstream.answering(ok(""));
        LaneClient client = lane.client(this.upstream, this.clock,
                (builder) -> builder.baseUrl("http://shop.test")
                    .auth(Auth.bearer("t"))
                    .header("X-Api-Key", "k")
                    .header("Accept", "text/plain")
                    .allowAbsoluteUrls(true));
        client.get("http://other.test/a");
        assertThat(this.upstream.request(0).fields().toString())
            .endsWith(", Connection: keep-alive, User-Agent: outbound, Accept: text/plain]")
            .doesNotContainIgnoringCase("authorization")
            .doesNotContainIgnoringCase("api-key");
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatCannotBeSentBeforeSendingIt(Lane lane) {
        LaneClient client = client(lane, ok(""));
        assertThatIllegalArgumentException().isThrownBy(() -> client.get("/a", (spec) -> spec.header("X", "a\r\nY: b")))
            .withMessageContaining("header X")
            .withMessageNotContaining("Y: b");
        assertThatIllegalArgumentException().isThrownBy(() -> client.get("/a", (spec) -> spec.header("X Y", "a")));
        assertThatIllegalArgumentException().isThrownBy(() -> client.get("/a", (spec) -> spec.header("Host", "evil")));
        assertThatIllegalArgumentException().isThrownBy(() -> client.get("/a\r\nX: y"));
        assertThatIllegalArgumentException().isThrownBy(() -> client.get("/a/{b}/{c}", "only one"));
        assertThatIllegalArgumentException().isThrownBy(() -> client.get("/a", "surplus"));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> client.request(HttpMethod.valueOf("GE T"), "/a", (spec) -> {
            }))
            .withMessageContaining("not a method");
        assertThatIllegalStateException().isThrownBy(() -> client.post("/a", (spec) -> spec.text("a").text("b")));
        assertThat(this.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("NullAway")
    void namesTheArgumentThatIsNull(Lane lane) {
        LaneClient client = client(lane, ok(""));
        assertThatIllegalArgumentException().isThrownBy(() -> client.get((String) null))
            .withMessage("url must not be null");
        assertThatIllegalArgumentException().isThrownBy(() -> client.request(null, "/a", (spec) -> {
        })).withMessage("method must not be null");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> client.get("/a", (java.util.function.Consumer<RequestSpec>) null))
            .withMessage("spec must not be null");
        assertThatIllegalArgumentException().isThrownBy(() -> client.get("/a/{b}", (Object) null))
            .withMessageContaining("{b}");
        assertThatIllegalArgumentException().isThrownBy(() -> client.post("/a", (spec) -> spec.json(null)))
            .withMessage("value must not be null");
        assertThatIllegalArgumentException().isThrownBy(() -> client.send(null))
            .withMessage("request must not be null");
    }

    @ParameterizedTest
    @EnumSource
    void passesOnWhatAFlowOfTheUserThrows(Lane lane) {
        LaneClient client = client(lane, ok(""));
        Auth broken = Auth.of((request) -> {
            throw new UnsupportedOperationException("broken scheme");
        });
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(() -> client.get("/a", (spec) -> spec.auth(broken)));
        Auth brokenLater = (now) -> new AuthFlow() {

            @Override
            public AuthStep start(Request request) {
                return AuthStep.send(request);
            }

            @Override
            public AuthStep responded(Response response) {
                throw new UnsupportedOperationException("broken scheme");
            }

        };
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(() -> client.get("/a", (spec) -> spec.auth(brokenLater)));
    }

    @ParameterizedTest
    @EnumSource
    void aFlowThatThrowsAtTheEndFailsTheCallAndHangsNobody(Lane lane) {
        Auth broken = (now) -> new AuthFlow() {

            @Override
            public AuthStep start(Request request) {
                return AuthStep.sendLast(request);
            }

            @Override
            public void close() {
                throw new UnsupportedOperationException("broken close");
            }

        };
        LaneClient client = client(lane, ok(""), failure(new ConnectionLostException(Phase.HEAD, "lost", null)));
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(() -> client.get("/a", (spec) -> spec.auth(broken)));
        assertThatExceptionOfType(RuntimeException.class)
            .isThrownBy(() -> client.get("/a", (spec) -> spec.auth(broken).retry(null)))
            .matches((ex) -> ex instanceof ConnectionLostException || ex instanceof UnsupportedOperationException);
    }

    @ParameterizedTest
    @EnumSource
    void asksNoFlowToAnswerAnotherOrigin(Lane lane) {
        Auth answering = (now) -> new AuthFlow() {

            @Override
            public AuthStep start(Request request) {
                return AuthStep.send(request);
            }

            @Override
            public AuthStep responded(Response response) {
                return (response.statusCode() == 401)
                        ? AuthStep.sendLast(response.request().withHeader("Authorization", "secret"))
                        : AuthStep.accept();
            }

        };
        Response response = client(lane, status(302, "Location: http://other.test/b"), status(401)).get("/a",
                (spec) -> spec.auth(answering));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(this.upstream.requests()).hasSize(2)
            .noneSatisfy((request) -> assertThat(request.fields().contains("Authorization")).isTrue());
    }

    @ParameterizedTest
    @EnumSource
    void sendsNoSecretParameterToAnotherOriginThatIsAllowed(Lane lane) {
        this.upstream = FakeUpstream.answering(ok(""));
        LaneClient client = lane.client(this.upstream, this.clock,
                (builder) -> builder.baseUrl("http://shop.test")
                    .query("api_key", "s3cr3t")
                    .query("v", 1)
                    .allowAbsoluteUrls(true));
        client.get("http://other.test/a");
        client.get("http://other.test/a", (spec) -> spec.query("x", 2));
        client.get("/a");
        assertThat(this.upstream.requests()).extracting((request) -> request.url().query())
            .containsExactly("v=1", "v=1&x=2", "api_key=s3cr3t&v=1");
    }

    @ParameterizedTest
    @EnumSource
    void namesATemplateWithoutItsQuery(Lane lane) {
        LaneClient client = client(lane, failure(new ConnectionLostException(Phase.HEAD, "lost", null)));
        assertThatExceptionOfType(ConnectionLostException.class)
            .isThrownBy(() -> client.get("/u/{id}?api_key=s3cr3t", 5))
            .withMessageStartingWith("GET /u/{id} of client 'shop'")
            .withMessageNotContaining("s3cr3t");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithoutABodyMayAnnounceOne(Lane lane) {
        String[] fields = { "Content-Length: 100000000", "Content-Encoding: gzip" };
        LaneClient client = client(lane, status(200, fields), status(304, fields), status(204, fields));
        assertThat(client.request(HttpMethod.HEAD, "/a", (spec) -> {
        }).hasBody()).isFalse();
        assertThat(client.get("/a").hasBody()).isFalse();
        assertThat(client.get("/a").hasBody()).isFalse();
    }

    private LaneClient raising(Lane lane, Answer... answers) {
        this.upstream = FakeUpstream.answering(answers);
        return lane.client(this.upstream, this.clock,
                (builder) -> builder.name("shop").baseUrl("http://shop.test").raiseForStatus(true));
    }

    @ParameterizedTest
    @EnumSource
    void raisesForStatusByItselfWhenTold(Lane lane) {
        LaneClient client = raising(lane, status(409, "Content-Type: text/plain").withBody("already there"),
                ok("fine"));
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> client.get("/a"))
            .withMessageContaining("409")
            .withMessageContaining("already there")
            .satisfies((failure) -> assertThat(((Response) failure.response()).text()).isEqualTo("already there"));
        assertThat(client.get("/a").text()).isEqualTo("fine");
    }

    @ParameterizedTest
    @EnumSource
    void raisesForTheStatusOfAStreamedCallWithABoundedExcerpt(Lane lane) {
        LaneClient client = raising(lane, status(500, "Content-Type: text/plain").withBody("disk full"),
                status(502, "Content-Type: text/plain").withBody("x".repeat(1_000_000)), ok("fine"));
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> client.stream("/a", (head) -> {
        })).withMessageContaining("disk full");
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> client.stream("/a", (head) -> {
        })).satisfies((failure) -> assertThat(failure.statusCode()).isEqualTo(502)).withMessageContaining("xxxxxxxx");
        assertThat(client.stream("/a", (head) -> {
        })).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void letsARequestSayWhetherAStatusFailsIt(Lane lane) {
        LaneClient client = raising(lane, status(404));
        assertThat(client.get("/a", (spec) -> spec.raiseForStatus(false)).statusCode()).isEqualTo(404);
        LaneClient lenient = client(lane, status(404));
        assertThatExceptionOfType(StatusException.class)
            .isThrownBy(() -> lenient.get("/a", (spec) -> spec.raiseForStatus(true)));
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatWouldFollowARedirect(Lane lane) {
        this.upstream = FakeUpstream.answering(status(303, "Location: /there?a=1"), ok("there"));
        LaneClient client = lane.client(this.upstream, this.clock, (builder) -> builder.auth(Auth.basic("u", "p")));
        Response response = client.post("http://shop.test/here", (spec) -> spec.text("body"));
        assertThat(response.statusCode()).isEqualTo(303);
        Request next = response.nextRequest().orElseThrow();
        assertThat(next.method()).isEqualTo(HttpMethod.GET);
        assertThat(next.url().text()).isEqualTo("http://shop.test/there?a=1");
        assertThat(next.body()).isNull();
        Response followed = client.send(next);
        assertThat(followed.text()).isEqualTo("there");
        assertThat(followed.nextRequest()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectThatWasFollowedLeadsNowhereElse(Lane lane) {
        this.upstream = FakeUpstream.answering(status(302, "Location: y/"), status(302, "Location: z"), ok("there"));
        LaneClient client = lane.client(this.upstream, this.clock,
                (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5)));
        Response response = client.get("http://shop.test/x/");
        assertThat(response.history()).hasSize(2).allSatisfy((earlier) -> assertThat(earlier.nextRequest()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatWouldFollowARedirectToAnotherOriginWithoutCredentials(Lane lane) {
        this.upstream = FakeUpstream.answering(status(302, "Location: https://other.test/"));
        LaneClient client = lane.client(this.upstream, this.clock,
                (builder) -> builder.auth(Auth.apiKey("X-Plain-Name", "k")).header("X-Api-Key", "s3cret"));
        Request next = client.get("http://shop.test/here").nextRequest().orElseThrow();
        assertThat(next.url().text()).isEqualTo("https://other.test/");
        assertThat(next.fields().contains("X-Plain-Name")).isFalse();
        assertThat(next.fields().contains("X-Api-Key")).isFalse();
    }

}
