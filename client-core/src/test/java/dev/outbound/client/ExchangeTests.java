package dev.outbound.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpMethod;

import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.guard.Guard;
import dev.outbound.client.guard.GuardSettings;
import dev.outbound.client.guard.Passage;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.BodyReading;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RedirectRejectedException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TooManyRedirectsException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.Url;
import dev.outbound.client.retry.RetryDecision;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.transport.TransportResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of a call as scripts of events and steps: no driver, no transport, no time
 * but what the script says.
 */
class ExchangeTests {

    private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);

    private RetryPolicy retry = RetryPolicy.fixed(2, Duration.ofMillis(100));

    private @Nullable RetryBudget budget;

    private RedirectPolicy redirects = RedirectPolicy.of(RedirectMode.FOLLOW, 3);

    private AuthFlow auth = AuthStep::sendLast;

    private boolean streamed;

    private List<Interceptor> interceptors = List.of();

    private List<Hook> hooks = List.of();

    private boolean raisesForStatus;

    private Guard guard = Guard.of(GuardSettings.none());

    private long now = 5000;

    private final CallStatistics statistics = new CallStatistics();

    private Exchange exchange(Request request) {
        return new Exchange(
                new Exchange.Policies("shop", this.interceptors, this.retry, this.budget, new Redirects(this.redirects),
                        CallCookies.NONE, this.hooks, Limits.defaults().withBody(1000), this.raisesForStatus,
                        BodyReading.defaults(), this.statistics, () -> 0.5),
                (time) -> this.auth, request, this.streamed, null,
                this.guard.isOpen() ? null : new Passage(this.guard));
    }

    private static Request get(String url) {
        return Request.of(HttpMethod.GET, Url.parse(url)).withHeader("Authorization", "Basic c2VjcmV0");
    }

    private static Request post(String url) {
        return get(url).withMethod(HttpMethod.POST).withBody(RequestBody.text("hello"));
    }

    private static ResponseHead head(int status, String... lines) {
        FieldLines.Builder fields = FieldLines.builder();
        for (int i = 0; i < lines.length; i += 2) {
            fields.add(lines[i], lines[i + 1]);
        }
        return TransportResponse.of(status, fields.build(), new byte[0]);
    }

    private Request start(Exchange exchange) {
        return sent(exchange.start(this.now, 0));
    }

    private static Request sent(Step step) {
        assertThat(step).isInstanceOf(Step.Send.class);
        return ((Step.Send) step).request();
    }

    private static Duration paused(Step step) {
        assertThat(step).isInstanceOf(Step.Pause.class);
        return Duration.ofNanos(((Step.Pause) step).nanos());
    }

    private static RequestException failed(Step step) {
        assertThat(step).isInstanceOf(Step.Fail.class);
        return (RequestException) ((Step.Fail) step).failure();
    }

    private Response delivered(Exchange exchange, Step step) {
        assertThat(step).isInstanceOf(Step.Buffer.class);
        Step last = exchange.buffered("body".getBytes(StandardCharsets.US_ASCII), this.now);
        assertThat(last).isInstanceOf(Step.Deliver.class);
        return ((Step.Deliver) last).response();
    }

    @Test
    void sendsBuffersAndDelivers() {
        Exchange exchange = exchange(get("http://shop.test/a"));
        assertThat(start(exchange).url().text()).isEqualTo("http://shop.test/a");
        Response response = delivered(exchange, exchange.responded(head(200), this.now));
        assertThat(response.text()).isEqualTo("body");
        assertThat(response.history()).isEmpty();
    }

    @Test
    void everyFailureKnowsItsCall() {
        this.retry = RetryPolicy.none();
        Exchange exchange = exchange(get("http://shop.test/a?token=secret"));
        start(exchange);
        RequestException failure = failed(exchange
            .failed(new ConnectionLostException(Phase.HEAD, "closed by shop.test:80", null), this.now + 1500 * MILLIS));
        assertThat(failure).hasMessage("GET http://shop.test/a of client 'shop': closed by shop.test:80"
                + " (phase head, attempt 1, after 1.500 s)");
    }

    @Test
    void closedCountsOnce() {
        Exchange exchange = exchange(get("http://shop.test/a"));
        start(exchange);
        exchange.responded(head(500), this.now);
        exchange.closed(null, this.now + 7);
        exchange.closed(null, this.now + 9);
        assertThat(this.statistics.calls()).isEqualTo(1);
        assertThat(this.statistics.time()).hasNanos(7);
        assertThat(this.statistics.lastFailure()).isEqualTo("status 500");
    }

    @Nested
    class Retries {

        @Test
        void waitsAndSendsTheSameRequestAgain() {
            Exchange exchange = exchange(get("http://shop.test/a"));
            Request first = start(exchange);
            assertThat(paused(exchange.responded(head(503), now))).hasMillis(100);
            assertThat(sent(exchange.resumed(now))).isSameAs(first);
            assertThat(exchange.attempts()).isEqualTo(2);
        }

        @Test
        void deliversTheLastResponseWhenAttemptsAreUsedUp() {
            Exchange exchange = exchange(get("http://shop.test/a"));
            start(exchange);
            for (int i = 0; i < 2; i++) {
                paused(exchange.responded(head(503), now));
                exchange.resumed(now);
            }
            assertThat(delivered(exchange, exchange.responded(head(503), now)).statusCode()).isEqualTo(503);
            assertThat(exchange.suppressed()).isEqualTo(RetryDecision.Reason.ATTEMPTS);
            assertThat(statistics.retries()).isEqualTo(2);
        }

        @Test
        void throwsTheLastFailureWithTheEarlierOnes() {
            Exchange exchange = exchange(get("http://shop.test/a"));
            start(exchange);
            RequestException first = new ConnectionLostException(Phase.HEAD, "first", null);
            paused(exchange.failed(first, now));
            exchange.resumed(now);
            paused(exchange.failed(new ConnectionLostException(Phase.HEAD, "second", null), now));
            exchange.resumed(now);
            RequestException last = failed(
                    exchange.failed(new ConnectionLostException(Phase.HEAD, "third", null), now));
            assertThat(last.detail()).isEqualTo("third");
            assertThat(last.context()).isNotNull();
            assertThat(last.getSuppressed()).hasSize(2).startsWith(first);
        }

        @Test
        void repeatsABodyThatBroke() {
            Exchange exchange = exchange(get("http://shop.test/a"));
            start(exchange);
            assertThat(exchange.responded(head(200), now)).isInstanceOf(Step.Buffer.class);
            paused(exchange.failed(new ConnectionLostException(Phase.BODY, "reset", null), now));
            sent(exchange.resumed(now));
            assertThat(delivered(exchange, exchange.responded(head(200), now)).statusCode()).isEqualTo(200);
        }

        @Test
        void doesNotRepeatAPost() {
            Exchange exchange = exchange(post("http://shop.test/a"));
            start(exchange);
            assertThat(exchange.responded(head(503), now)).isInstanceOf(Step.Buffer.class);
            assertThat(exchange.suppressed()).isEqualTo(RetryDecision.Reason.METHOD);
        }

        @Test
        void repeatsAPostOfWhichNothingWasSent() {
            Exchange exchange = exchange(post("http://shop.test/a"));
            start(exchange);
            paused(exchange.failed(new ConnectionFailedException("refused", null), now));
        }

        @Test
        void repeatsAPostWithIdempotencyKey() {
            Exchange exchange = exchange(post("http://shop.test/a").withHeader("Idempotency-Key", "k"));
            start(exchange);
            paused(exchange.responded(head(503), now));
        }

        @Test
        void neverSendsABodyTwiceThatCannotBe() {
            Request request = post("http://shop.test/a")
                .withBody(RequestBody.stream(new java.io.ByteArrayInputStream(new byte[3]), 3))
                .withHeader("Idempotency-Key", "k");
            Exchange exchange = exchange(request);
            start(exchange);
            assertThat(exchange.responded(head(503), now)).isInstanceOf(Step.Buffer.class);
            assertThat(exchange.suppressed()).isEqualTo(RetryDecision.Reason.BODY);
        }

        @Test
        void obeysRetryAfter() {
            Exchange exchange = exchange(get("http://shop.test/a"));
            start(exchange);
            assertThat(paused(exchange.responded(head(503, "Retry-After", "7"), now))).hasSeconds(7);
        }

        @Test
        void deliversAtOnceWhenRetryAfterIsTooLong() {
            Exchange exchange = exchange(get("http://shop.test/a").withTimeouts(Timeouts.defaults().withTotal(null)));
            start(exchange);
            assertThat(exchange.responded(head(503, "Retry-After", "31"), now)).isInstanceOf(Step.Buffer.class);
            assertThat(exchange.suppressed()).isEqualTo(RetryDecision.Reason.RETRY_AFTER);
        }

        @Test
        void deliversAtOnceWhenTheDeadlineComesFirst() {
            Exchange exchange = exchange(
                    get("http://shop.test/a").withTimeouts(Timeouts.defaults().withTotal(Duration.ofSeconds(5))));
            start(exchange);
            assertThat(exchange.responded(head(503, "Retry-After", "5"), now)).isInstanceOf(Step.Buffer.class);
            assertThat(exchange.suppressed()).isEqualTo(RetryDecision.Reason.DEADLINE);
        }

        @Test
        void stopsWhenTheBudgetIsUsedUp() {
            budget = new RetryBudget(0, 0);
            for (int i = 0; i < 10; i++) {
                assertThat(budget.withdraw(now)).isTrue();
            }
            Exchange exchange = exchange(get("http://shop.test/a"));
            start(exchange);
            assertThat(exchange.responded(head(503), now)).isInstanceOf(Step.Buffer.class);
            assertThat(exchange.suppressed()).isEqualTo(RetryDecision.Reason.BUDGET);
        }

        @Test
        void countsPerCallAndNotPerHop() {
            Exchange exchange = exchange(get("http://shop.test/a"));
            start(exchange);
            paused(exchange.responded(head(503), now));
            exchange.resumed(now);
            sent(exchange.responded(head(302, "Location", "/b"), now));
            paused(exchange.responded(head(503), now));
            assertThat(sent(exchange.resumed(now)).url().path()).isEqualTo("/b");
            assertThat(exchange.responded(head(503), now)).isInstanceOf(Step.Buffer.class);
            assertThat(exchange.suppressed()).isEqualTo(RetryDecision.Reason.ATTEMPTS);
        }

    }

    @Nested
    class Following {

        private Step redirected(Request request, int status, String location) {
            Exchange exchange = exchange(request);
            start(exchange);
            return exchange.responded(head(status, "Location", location), now);
        }

        @Test
        void isOffUnlessAskedFor() {
            redirects = RedirectPolicy.none();
            assertThat(redirected(get("http://shop.test/a"), 302, "/b")).isInstanceOf(Step.Buffer.class);
        }

        @Test
        void keepsCredentialsOnTheSameOrigin() {
            Request next = sent(redirected(get("http://shop.test/a"), 302, "/b?x=1"));
            assertThat(next.url().text()).isEqualTo("http://shop.test/b?x=1");
            assertThat(next.fields().first("Authorization")).isNotNull();
        }

        @Test
        void dropsCredentialsOnAnotherOrigin() {
            Request request = get("http://shop.test/a").withHeader("X-Api-Key", "k")
                .withHeader("Cookie", "c=1")
                .withHeader("X-Own", "o")
                .withHeader("Accept", "text/plain");
            redirects = redirects.withCredentialHeaders(java.util.Set.of("x-own"));
            for (String location : new String[] { "http://other.test/b", "http://shop.test:8080/b",
                    "https://shop.test/b" }) {
                Request next = sent(redirected(request, 302, location));
                assertThat(next.fields().toString()).isEqualTo("[Accept: text/plain]");
            }
        }

        @Test
        void dropsWhatAuthenticationAddedOnAnotherOrigin() {
            auth = (request) -> AuthStep.sendLast(request.withHeader("X-Tenant-Id", "secret"));
            Request next = sent(redirected(get("http://shop.test/a"), 302, "http://other.test/b"));
            assertThat(next.fields().isEmpty()).isTrue();
            assertThat(sent(redirected(get("http://shop.test/a"), 302, "/b")).fields().first("X-Tenant-Id"))
                .isEqualTo("secret");
        }

        @Test
        void neverBringsCredentialsBack() {
            Exchange exchange = exchange(get("http://shop.test/a"));
            start(exchange);
            sent(exchange.responded(head(302, "Location", "http://other.test/b"), now));
            Request back = sent(exchange.responded(head(302, "Location", "http://shop.test/c"), now));
            assertThat(back.fields().contains("Authorization")).isFalse();
        }

        @Test
        void refusesToLeaveHttps() {
            assertThat(failed(redirected(get("https://shop.test/a"), 302, "http://shop.test/a")))
                .isInstanceOf(RedirectRejectedException.class)
                .hasMessageContaining("https for http");
        }

        @Test
        void refusesAnotherOriginInSameOriginMode() {
            redirects = RedirectPolicy.of(RedirectMode.SAME_ORIGIN, 3);
            assertThat(failed(redirected(get("http://shop.test/a"), 302, "http://other.test/")))
                .isInstanceOf(RedirectRejectedException.class)
                .hasMessageContaining("redirects.mode: follow");
        }

        @Test
        void refusesToSendABodyToAnotherOrigin() {
            assertThat(failed(redirected(post("http://shop.test/a"), 307, "http://other.test/")))
                .isInstanceOf(RedirectRejectedException.class);
        }

        @Test
        void failsOnWhatIsNoUrl() {
            for (String location : new String[] { "http://[bad", "ftp://shop.test/", "http://shop.test:99999/" }) {
                assertThat(failed(redirected(get("http://shop.test/a"), 302, location)))
                    .isInstanceOf(RemoteProtocolException.class);
            }
        }

        @Test
        void changesMethodsAsBrowsersDo() {
            assertMethod(301, HttpMethod.POST, HttpMethod.GET);
            assertMethod(301, HttpMethod.PUT, HttpMethod.PUT);
            assertMethod(302, HttpMethod.POST, HttpMethod.GET);
            assertMethod(302, HttpMethod.HEAD, HttpMethod.HEAD);
            assertMethod(303, HttpMethod.DELETE, HttpMethod.GET);
            assertMethod(307, HttpMethod.POST, HttpMethod.POST);
            assertMethod(308, HttpMethod.PUT, HttpMethod.PUT);
        }

        private void assertMethod(int status, HttpMethod before, HttpMethod after) {
            Request next = sent(
                    redirected(post("http://shop.test/a").withMethod(before).withHeader("Content-Type", "text/plain"),
                            status, "/b"));
            assertThat(next.method()).isEqualTo(after);
            assertThat(next.body() == null).isEqualTo(before != after);
            assertThat(next.fields().contains("Content-Type")).isEqualTo(before == after);
        }

        @Test
        void deliversTheRedirectOfABodyThatCannotBeSentAgain() {
            Request request = post("http://shop.test/a")
                .withBody(RequestBody.stream(new java.io.ByteArrayInputStream(new byte[3]), 3));
            assertThat(redirected(request, 307, "/b")).isInstanceOf(Step.Buffer.class);
        }

        @Test
        void keepsTheHistoryAndStopsAtTheLimit() {
            Exchange exchange = exchange(get("http://shop.test/0"));
            start(exchange);
            for (int i = 1; i <= 3; i++) {
                sent(exchange.responded(head(302, "Location", "/" + i), now));
            }
            assertThat(failed(exchange.responded(head(302, "Location", "/4"), now)))
                .isInstanceOf(TooManyRedirectsException.class);
            Exchange other = exchange(get("http://shop.test/0"));
            start(other);
            sent(other.responded(head(302, "Location", "/1"), now));
            sent(other.responded(head(302, "Location", "/2"), now));
            Response response = delivered(other, other.responded(head(200), now));
            assertThat(response.url().path()).isEqualTo("/2");
            assertThat(response.history()).extracting((r) -> r.url().path()).containsExactly("/0", "/1");
            assertThat(response.history().get(1).history()).hasSize(1);
        }

    }

    @Nested
    class Authentication {

        @Test
        void showsTheFlowEachResponseUntilItAccepts() {
            auth = new AuthFlow() {

                @Override
                public AuthStep start(Request request) {
                    return AuthStep.send(request.withHeader("Authorization", "first"));
                }

                @Override
                public AuthStep responded(Response response) {
                    return (response.statusCode() == 401)
                            ? AuthStep.send(response.request().withHeader("Authorization", "second"))
                            : AuthStep.accept();
                }

            };
            Exchange exchange = exchange(get("http://shop.test/a"));
            assertThat(start(exchange).fields().first("Authorization")).isEqualTo("first");
            Request second = sent(exchange.responded(head(401), now));
            assertThat(second.fields().first("Authorization")).isEqualTo("second");
            Response response = delivered(exchange, exchange.responded(head(200), now));
            assertThat(response.history()).extracting(Response::statusCode).containsExactly(401);
        }

        @Test
        void readsTheBodyForAFlowThatAsks() {
            auth = new AuthFlow() {

                private @Nullable Request call;

                @Override
                public AuthStep start(Request request) {
                    this.call = request;
                    return AuthStep.send(request.withUrl(Url.parse("http://shop.test/token")));
                }

                @Override
                public AuthStep responded(Response response) {
                    Request call = this.call;
                    this.call = null;
                    return (call != null) ? AuthStep.send(call.withHeader("X-Token", response.text()))
                            : AuthStep.accept();
                }

                @Override
                public boolean readsBody() {
                    return true;
                }

            };
            streamed = true;
            Exchange exchange = exchange(get("http://shop.test/a"));
            assertThat(start(exchange).url().path()).isEqualTo("/token");
            assertThat(exchange.responded(head(200), now)).isInstanceOf(Step.Buffer.class);
            Request call = sent(exchange.buffered("t0k".getBytes(StandardCharsets.US_ASCII), now));
            assertThat(call.fields().first("X-Token")).isEqualTo("t0k");
            assertThat(exchange.responded(head(200), now)).isInstanceOf(Step.Buffer.class);
            Step last = exchange.buffered(new byte[] { 1 }, now);
            assertThat(((Step.DeliverStream) last).buffered()).containsExactly(1);
        }

        @Test
        void waitsForAResultThatAnotherCallGives() {
            CompletableFuture<String> token = new CompletableFuture<>();
            boolean[] closed = { false };
            auth = new AuthFlow() {

                private @Nullable Request call;

                @Override
                public AuthStep start(Request request) {
                    this.call = request;
                    return AuthStep.await(token);
                }

                @Override
                public AuthStep awaited() {
                    assertThat(this.call).isNotNull();
                    return AuthStep.sendLast(this.call.withHeader("X-Token", token.join()));
                }

                @Override
                public void close() {
                    closed[0] = true;
                }

            };
            Exchange exchange = exchange(get("http://shop.test/a"));
            Step step = exchange.start(now, 0);
            assertThat(((Step.Await) step).result()).isSameAs(token);
            token.complete("t");
            assertThat(sent(exchange.awaited(now)).fields().first("X-Token")).isEqualTo("t");
            exchange.closed(null, now);
            assertThat(closed[0]).isTrue();
        }

        @Test
        void endsAFlowThatNeverAccepts() {
            auth = new AuthFlow() {

                @Override
                public AuthStep start(Request request) {
                    return AuthStep.send(request);
                }

                @Override
                public AuthStep responded(Response response) {
                    return AuthStep.send(response.request());
                }

            };
            Exchange exchange = exchange(get("http://shop.test/a"));
            start(exchange);
            for (int i = 0; i < 20; i++) {
                sent(exchange.responded(head(401), now));
            }
            assertThat(failed(exchange.responded(head(401), now))).hasMessageContaining("more than 20 rounds");
        }

        @Test
        void isNotRunAgainForARedirect() {
            int[] asked = { 0 };
            auth = (request) -> {
                asked[0]++;
                return AuthStep.sendLast(request);
            };
            Exchange exchange = exchange(get("http://shop.test/a"));
            start(exchange);
            sent(exchange.responded(head(302, "Location", "/b"), now));
            delivered(exchange, exchange.responded(head(200), now));
            assertThat(asked[0]).isEqualTo(1);
        }

    }

    @Nested
    class Deadline {

        private final Request request = get("http://shop.test/a")
            .withTimeouts(Timeouts.defaults().withTotal(Duration.ofSeconds(1)));

        @Test
        void leavesEverySendTheTimeThatRemains() {
            Exchange exchange = exchange(this.request);
            assertThat(((Step.Send) exchange.start(now, 0)).remaining()).isEqualTo(1000 * MILLIS);
            paused(exchange.responded(head(503), now + 300 * MILLIS));
            assertThat(((Step.Send) exchange.resumed(now + 400 * MILLIS)).remaining()).isEqualTo(600 * MILLIS);
        }

        @Test
        void endsTheCallBeforeASendThatHasNoTime() {
            Exchange exchange = exchange(this.request);
            start(exchange);
            paused(exchange.responded(head(503), now + 800 * MILLIS));
            assertThat(failed(exchange.resumed(now + 1000 * MILLIS))).isInstanceOf(TotalTimeoutException.class);
        }

        @Test
        void doesNotCoverADeliveredStream() {
            streamed = true;
            Exchange exchange = exchange(this.request);
            start(exchange);
            Step.DeliverStream step = (Step.DeliverStream) exchange.responded(head(200), now);
            assertThat(step.bodyTime()).isEqualTo(Step.UNLIMITED);
        }

        @Test
        void coversADeliveredStreamWhenAskedFor() {
            streamed = true;
            Exchange exchange = exchange(
                    this.request.withTimeouts(this.request.timeouts().withStreamTotal(Duration.ofSeconds(9))));
            start(exchange);
            Step.DeliverStream step = (Step.DeliverStream) exchange.responded(head(200), now);
            assertThat(step.bodyTime()).isEqualTo(9000 * MILLIS);
        }

        @Test
        void isReportedWithoutARetry() {
            Exchange exchange = exchange(this.request);
            start(exchange);
            UnaryOperator<RequestException> fail = (ex) -> failed(exchange.failed(ex, now));
            assertThat(fail.apply(new TotalTimeoutException(Phase.HEAD, "over", null)))
                .isInstanceOf(TotalTimeoutException.class);
        }

    }

}
