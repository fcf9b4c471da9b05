package dev.outbound.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.ResponseHead;
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

/**
 * What hooks are told, blocking and reactive from one body.
 */
class HookContractTests {

    private static final String URL = "http://shop.test/a";

    private final List<String> events = new ArrayList<>();

    private FakeUpstream upstream = FakeUpstream.answering(ok("hello"));

    @AfterEach
    void nothingLeaks() {
        assertThat(this.upstream.open()).isZero();
    }

    private LaneClient client(Lane lane, Hook hook, Answer... answers) {
        this.upstream = FakeUpstream.answering(answers);
        return lane.client(this.upstream, new TestClock(),
                (builder) -> builder.hook(hook)
                    .auth(Auth.basic("u", "p"))
                    .retry(RetryPolicy.fixed(1, Duration.ofSeconds(1)))
                    .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5)));
    }

    private final class Noting implements Hook {

        @Override
        public Request onRequest(Request request) {
            HookContractTests.this.events
                .add("request " + request.url().path() + " " + request.fields().first("Authorization"));
            return request.withHeader("X-Hook", "" + HookContractTests.this.events.size());
        }

        @Override
        public void onResponse(Request request, ResponseHead response) {
            HookContractTests.this.events.add("response " + response.statusCode());
        }

        @Override
        public void onError(Request request, RequestException failure) {
            HookContractTests.this.events.add("error " + failure.getClass().getSimpleName());
        }

        @Override
        public void onAttempt(Sending sending) {
            HookContractTests.this.events.add("attempt " + sending.number() + " " + sending.reason());
        }

    }

    @ParameterizedTest
    @EnumSource
    void areToldOfEveryRequest(Lane lane) {
        client(lane, new Noting(), failure(new ConnectionFailedException("refused", null)), status(302, "Location: /b"),
                ok(""))
            .get(URL);
        assertThat(this.events).containsExactly("request /a Basic dTpw", "error ConnectionFailedException",
                "attempt 1 CALL", "request /a Basic dTpw", "response 302", "attempt 2 RETRY", "request /b Basic dTpw",
                "response 200", "attempt 3 REDIRECT");
        assertThat(this.upstream.requests()).extracting((request) -> request.fields().first("X-Hook"))
            .containsExactly("1", "4", "7");
        assertThat(this.upstream.requests()).allMatch((request) -> request.fields().all("X-Hook").size() == 1);
    }

    @ParameterizedTest
    @EnumSource
    void areToldWhyARequestIsSent(Lane lane) {
        List<SendReason> reasons = new ArrayList<>();
        this.upstream = FakeUpstream.answering(
                status(401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\""), ok("1"), ok("2"));
        LaneClient client = lane.client(this.upstream, new TestClock(),
                (builder) -> builder.auth(Auth.digest("u", "p"))
                    .interceptor((request, next) -> next.send(request).then((response) -> next.send(request)))
                    .hook(new Hook() {

                        @Override
                        public void onAttempt(Sending sending) {
                            reasons.add(sending.reason());
                        }

                    }));
        assertThat(client.get(URL).text()).isEqualTo("2");
        assertThat(reasons).containsExactly(SendReason.CALL, SendReason.AUTHENTICATION, SendReason.INTERCEPTOR);
    }

    @ParameterizedTest
    @EnumSource
    void runInOrder(Lane lane) {
        this.upstream = FakeUpstream.answering(ok(""));
        LaneClient client = lane.client(this.upstream, new TestClock(),
                (builder) -> builder.hook(Hook.onRequest((request) -> request.withHeader("X-A", "1")))
                    .hook(Hook.onRequest((request) -> request.withHeader("X-A", request.fields().first("X-A") + "2"))));
        client.get(URL);
        assertThat(this.upstream.request(0).fields().first("X-A")).isEqualTo("12");
    }

    @ParameterizedTest
    @EnumSource
    void thatThrowEndTheCallAndCloseTheResponse(Lane lane) {
        LaneClient onResponse = client(lane, Hook.onResponse((request, response) -> {
            throw new UnsupportedOperationException("from a hook");
        }), ok("body"));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> onResponse.get(URL));
        assertThat(this.upstream.open()).isZero();
        LaneClient onRequest = client(lane, Hook.onRequest((request) -> {
            throw new UnsupportedOperationException("from a hook");
        }), ok("body"));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> onRequest.get(URL));
        assertThat(this.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void seeCookiesThatAreAttachedAndStored(Lane lane) {
        this.upstream = FakeUpstream.answering(ok("", "Set-Cookie: s=1"), ok(""));
        LaneClient client = lane.client(this.upstream, new TestClock(),
                (builder) -> builder.hook(Hook.onResponse((request, response) -> this.events
                    .add(request.fields().first("Cookie") + " " + response.first("Set-Cookie")))));
        client.get(URL);
        client.get(URL);
        assertThat(this.events).containsExactly("null s=1", "s=1 null");
    }

    @ParameterizedTest
    @EnumSource
    void thatFailACallSayWhichOne(Lane lane) {
        LaneClient client = client(lane, Hook.onResponse((request, response) -> {
            throw new RemoteProtocolException(Phase.HEAD, "not signed", null);
        }), ok("body"));
        assertThatExceptionOfType(RemoteProtocolException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("GET http://shop.test/a")
            .withMessageContaining("not signed");
    }

}
