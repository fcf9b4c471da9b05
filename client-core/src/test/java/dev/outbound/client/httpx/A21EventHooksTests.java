package dev.outbound.client.httpx;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.Hook;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;

import static dev.outbound.client.lab.FakeUpstream.failure;
import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class A21EventHooksTests extends AbstractFeatureTests {

    private static final String URL = "http://shop.test/a";

    private final List<String> events = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    @DisplayName("A21 registration: any number, in order; a derived client may have more")
    void registration(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.hook(Hook.onRequest((request) -> {
            this.events.add("one");
            return request;
        })).hook(Hook.onResponse((request, response) -> this.events.add("two"))));
        client.with((builder) -> builder.hook(Hook.onResponse((request, response) -> this.events.add("three"))))
            .get(URL);
        client.get(URL);
        assertThat(this.events).containsExactly("one", "two", "three", "one", "two");
        assertThat(client.settings().hooks()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A21 when: for each redirect and each round of the authentication, with all headers, before the body")
    void when(Lane lane) {
        this.upstream = FakeUpstream.answering(
                status(401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\""),
                status(302, "Location: /b"), ok(""));
        client(lane,
                (builder) -> builder.auth(Auth.digest("u", "p"))
                    .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1))
                    .hook(Hook.onRequest((request) -> {
                        this.events.add(request.url().path() + " " + request.fields().contains("Authorization"));
                        return request;
                    }))
                    .hook(Hook.onResponse((request, response) -> this.events.add("" + response.statusCode()))))
            .get(URL);
        assertThat(this.events).containsExactly("/a false", "401", "/a true", "302", "/b true", "200");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A21 power: a request hook returns what is sent; to replace responses there are interceptors")
    void power(Lane lane) {
        LaneClient client = client(lane,
                (builder) -> builder.hook(Hook.onRequest((request) -> request.withHeader("X-Hook", "1")))
                    .interceptor((request, next) -> next.send(request)
                        .map((response) -> response.withStatus(203).withBody(new byte[] { 'x' }))));
        Response response = client.get(URL);
        assertThat(sent().fields().first("X-Hook")).isEqualTo("1");
        assertThat(response.statusCode()).isEqualTo(203);
        assertThat(response.text()).isEqualTo("x");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A21 exceptions: come out, and the response is closed first")
    void exceptions(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.hook(Hook.onResponse((request, response) -> {
            throw new IllegalStateException("of the hook");
        })));
        assertThatIllegalStateException().isThrownBy(() -> client.get(URL)).withMessage("of the hook");
        assertThat(this.upstream.open()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A21 failures: have a hook, too")
    void failures(Lane lane) {
        this.upstream = FakeUpstream.answering(failure(new ConnectionLostException(Phase.HEAD, "lost", null)));
        LaneClient client = client(lane, (builder) -> builder.hook(new Hook() {

            @Override
            public void onError(Request request, RequestException failure) {
                A21EventHooksTests.this.events.add(request.url().path() + " " + failure.phase());
            }

        }));
        assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> client.get(URL));
        assertThat(this.events).containsExactly("/a head");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A21 async client: the same hooks for both clients")
    void sameHooks(Lane lane) {
        Hook hook = Hook
            .onResponse((request, response) -> this.events.add(request.method() + " " + response.statusCode()));
        client(lane, (builder) -> builder.hook(hook)).get(URL);
        client(lane, (builder) -> builder.hook(hook)).stream(URL, (response) -> this.events.add("delivered"));
        assertThat(this.events).containsExactly("GET 200", "GET 200", "delivered");
    }

}
