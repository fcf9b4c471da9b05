package dev.outbound.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.lab.FakeUpstream.failure;
import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What interceptors can do, blocking and reactive from one body.
 */
class InterceptorContractTests {

    private static final String URL = "http://shop.test/a";

    private final TestClock clock = new TestClock();

    private FakeUpstream upstream = FakeUpstream.answering(ok("hello"));

    private final List<String> order = new ArrayList<>();

    @AfterEach
    void nothingLeaks() {
        assertThat(this.upstream.open()).isZero();
    }

    private LaneClient client(Lane lane, Interceptor... interceptors) {
        return client(lane, (builder) -> List.of(interceptors).forEach(builder::interceptor));
    }

    private LaneClient client(Lane lane, Consumer<ClientBuilder> settings) {
        return lane.client(this.upstream, this.clock, settings);
    }

    @ParameterizedTest
    @EnumSource
    void changesRequestAndResponse(Lane lane) {
        LaneClient client = client(lane,
                (request, next) -> next.send(request.withHeader("X-Tenant", "42"))
                    .map((response) -> response.withStatus(201)
                        .withHeader("X-Seen", "yes")
                        .withBody((response.text() + "!").getBytes(StandardCharsets.UTF_8))));
        Response response = client.get(URL);
        assertThat(this.upstream.request(0).fields().first("X-Tenant")).isEqualTo("42");
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.reasonPhrase()).isEqualTo("Created");
        assertThat(response.fields().first("X-Seen")).isEqualTo("yes");
        assertThat(response.text()).isEqualTo("hello!");
    }

    @ParameterizedTest
    @EnumSource
    void standsAroundAuthenticationRedirectsAndRetries(Lane lane) {
        this.upstream = FakeUpstream.answering(status(503), status(302, "Location: /b"), ok("there"));
        LaneClient client = client(lane,
                (builder) -> builder.auth(Auth.basic("u", "p"))
                    .retry(RetryPolicy.fixed(1, Duration.ofSeconds(1)))
                    .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5))
                    .interceptor((request, next) -> {
                        assertThat(request.fields().contains("Authorization")).isFalse();
                        return next.send(request).map((response) -> {
                            this.order.add(response.statusCode() + " " + response.url().path());
                            return response;
                        });
                    }));
        assertThat(client.get(URL).history()).hasSize(1);
        assertThat(this.order).containsExactly("200 /b");
    }

    @ParameterizedTest
    @EnumSource
    void answersWithoutSendingAnything(Lane lane) {
        LaneClient client = client(lane, (request, next) -> Answer
            .of(Response.of(request, 203, FieldLines.empty(), "{\"a\":1}".getBytes(StandardCharsets.UTF_8))));
        Response response = client.get("http://shop.test/{id}", 7);
        assertThat(this.upstream.requests()).isEmpty();
        assertThat(response.statusCode()).isEqualTo(203);
        assertThat(response.json().get("a").asInt()).isEqualTo(1);
        assertThat(response.context().uri()).isEqualTo("http://shop.test/{id}");
        assertThat(response.request().url().path()).isEqualTo("/7");
    }

    @ParameterizedTest
    @EnumSource
    void sendsAgain(Lane lane) {
        this.upstream = FakeUpstream.answering(status(410), ok("moved"));
        LaneClient client = client(lane,
                (request, next) -> next.send(request)
                    .then((response) -> (response.statusCode() == 410)
                            ? next.send(request.withUrl(Url.parse("http://shop.test/new"))) : Answer.of(response)));
        assertThat(client.get(URL).text()).isEqualTo("moved");
        assertThat(this.upstream.requests()).extracting((request) -> request.url().path())
            .containsExactly("/a", "/new");
    }

    @ParameterizedTest
    @EnumSource
    void recoversFromAFailure(Lane lane) {
        this.upstream = FakeUpstream.answering(failure(new ConnectionFailedException("connection refused", null)));
        LaneClient client = client(lane,
                (request, next) -> next.send(request)
                    .recover((failure) -> Answer.of(Response.of(request, 200, FieldLines.empty(),
                            failure.getClass().getSimpleName().getBytes(StandardCharsets.UTF_8)))));
        assertThat(client.get(URL).text()).isEqualTo("ConnectionFailedException");
    }

    @ParameterizedTest
    @EnumSource
    void recoversWhenTheTimeRanOut(Lane lane) {
        this.upstream = new FakeUpstream((request) -> {
            this.clock.advance(Duration.ofSeconds(60));
            return status(302, "Location: /b");
        });
        LaneClient client = client(lane,
                (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5))
                    .total(Duration.ofSeconds(30))
                    .interceptor((request, next) -> next.send(request).recover((failure) -> {
                        assertThat(failure).isInstanceOf(TotalTimeoutException.class);
                        return Answer.of(Response.of(request, 299, FieldLines.empty(), new byte[0]));
                    })));
        assertThat(client.get(URL).statusCode()).isEqualTo(299);
        assertThat(this.upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void failsTheCall(Lane lane) {
        LaneClient client = client(lane, (request, next) -> next.send(request).map(Response::raiseForStatus),
                (request, next) -> next.send(request).map((response) -> response.withStatus(404)));
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> client.get(URL))
            .satisfies((failure) -> assertThat(failure.statusCode()).isEqualTo(404));
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionOfItsOwnIsTheCallers(Lane lane) {
        LaneClient early = client(lane, (request, next) -> {
            throw new UnsupportedOperationException("early");
        });
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> early.get(URL));
        LaneClient late = client(lane, (request, next) -> next.send(request).map((response) -> {
            throw new UnsupportedOperationException("late");
        }));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> late.get(URL));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> late.stream(URL, (head) -> {
        }));
    }

    @ParameterizedTest
    @EnumSource
    void theFirstIsTheOutermostUnlessOrderedOtherwise(Lane lane) {
        LaneClient client = client(lane, noting("a"), noting("b"), new First());
        client.get(URL);
        assertThat(this.order).containsExactly("> first", "> a", "> b", "< b", "< a", "< first");
    }

    private Interceptor noting(String name) {
        return (request, next) -> {
            this.order.add("> " + name);
            return next.send(request).map((response) -> {
                this.order.add("< " + name);
                return response;
            });
        };
    }

    @Order(1)
    private final class First implements Interceptor {

        @Override
        public Answer intercept(Request request, Next next) {
            return noting("first").intercept(request, next);
        }

    }

    @ParameterizedTest
    @EnumSource
    void aDerivedClientHasThoseOfItsOriginAndItsOwn(Lane lane) {
        Client client = Client.builder()
            .transport(this.upstream.transport())
            .interceptor(noting("a"))
            .build()
            .with((builder) -> builder.interceptor(noting("b")));
        client.get(URL);
        assertThat(this.order).containsExactly("> a", "> b", "< b", "< a");
    }

    @ParameterizedTest
    @EnumSource
    void seesTheHeadOfAStreamedCall(Lane lane) {
        AtomicReference<@Nullable Response> seen = new AtomicReference<>();
        LaneClient client = client(lane, (request, next) -> next.send(request).map((response) -> {
            seen.set(response);
            return response.withHeader("X-Seen", "yes");
        }));
        AtomicReference<@Nullable AbstractResponse> head = new AtomicReference<>();
        assertThat(client.stream(URL, head::set)).isEqualTo("hello".length());
        assertThat(head.get()).isNotNull();
        assertThat(head.get().fields().first("X-Seen")).isEqualTo("yes");
        Response response = seen.get();
        assertThat(response).isNotNull();
        assertThat(response.isHeadOnly()).isTrue();
        assertThatIllegalStateException().isThrownBy(response::text).withMessageContaining("streamed");
        assertThatIllegalStateException().isThrownBy(response::bytes);
        assertThatIllegalStateException().isThrownBy(response::json);
    }

    @ParameterizedTest
    @EnumSource
    void putsABodyInThePlaceOfAStreamedOne(Lane lane) {
        LaneClient client = client(lane,
                (request, next) -> next.send(request).map((response) -> response.withBody(new byte[1000])));
        assertThat(client.stream(URL, (head) -> {
        })).isEqualTo(1000);
        LaneClient unsent = client(lane,
                (request, next) -> Answer.of(Response.of(request, 200, FieldLines.empty(), new byte[77])));
        assertThat(unsent.stream(URL, (head) -> {
        })).isEqualTo(77);
    }

    @ParameterizedTest
    @EnumSource
    void sendsAStreamedCallAgain(Lane lane) {
        this.upstream = FakeUpstream.answering(status(409).withBody("long conflict"), ok("fine"));
        LaneClient client = client(lane, (request, next) -> next.send(request)
            .then((response) -> (response.statusCode() == 409) ? next.send(request) : Answer.of(response)));
        assertThat(client.stream(URL, (head) -> assertThat(head.statusCode()).isEqualTo(200))).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void givesEverySendAFlowOfItsOwn(Lane lane) {
        int[] begun = { 0 };
        int[] closed = { 0 };
        Auth auth = (now) -> {
            begun[0]++;
            return new dev.outbound.client.auth.AuthFlow() {

                @Override
                public dev.outbound.client.auth.AuthStep start(Request request) {
                    return dev.outbound.client.auth.AuthStep.sendLast(request.withHeader("X-Round", "" + begun[0]));
                }

                @Override
                public void close() {
                    closed[0]++;
                }

            };
        };
        LaneClient client = client(lane, (builder) -> builder.auth(auth)
            .interceptor((request, next) -> next.send(request).then((response) -> next.send(request))));
        client.request(HttpMethod.GET, URL, (spec) -> {
        });
        assertThat(this.upstream.requests()).extracting((request) -> request.fields().first("X-Round"))
            .containsExactly("1", "2");
        assertThat(closed[0]).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void givesAnEarlierResponseWithTheRequestThatItAnswers(Lane lane) {
        this.upstream = FakeUpstream.answering(ok("first"), ok("second"));
        LaneClient client = client(lane, (request, next) -> next.send(request)
            .then((first) -> next.send(request.withUrl(Url.parse("http://shop.test/other"))).map((second) -> first)));
        Response response = client.get(URL);
        assertThat(response.text()).isEqualTo("first");
        assertThat(response.url().path()).isEqualTo("/a");
    }

    @ParameterizedTest
    @EnumSource
    void cannotGiveAStreamThatIsGone(Lane lane) {
        this.upstream = FakeUpstream.answering(ok("first"), ok("second"));
        LaneClient client = client(lane,
                (request, next) -> next.send(request).then((first) -> next.send(request).map((second) -> first)));
        assertThatIllegalStateException().isThrownBy(() -> client.stream(URL, (head) -> {
        })).withMessageContaining("An interceptor gave a response whose body was streamed, and is gone");
        this.upstream = FakeUpstream.answering(ok("first"),
                failure(new ConnectionFailedException("connection refused", null)));
        LaneClient falling = client(lane, (request, next) -> next.send(request)
            .then((first) -> next.send(request).recover((failure) -> Answer.of(first))));
        assertThatIllegalStateException().isThrownBy(() -> falling.stream(URL, (head) -> {
        }));
    }

    @ParameterizedTest
    @EnumSource
    void thatNeverEndIsEnded(Lane lane) {
        this.upstream = FakeUpstream.answering(failure(new ConnectionFailedException("connection refused", null)));
        LaneClient client = client(lane, InterceptorContractTests::again);
        assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("more than 100 requests");
    }

    private static Answer again(Request request, Interceptor.Next next) {
        return next.send(request).recover((failure) -> again(request, next));
    }

}
