package dev.outbound.client;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.Cookie;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the cookies of a client go, and where they come from, in both kinds of calls.
 */
class CookieContractTests {

    private final TestClock clock = new TestClock();

    private final CookieJar jar = CookieJar.create();

    private LaneClient client(Lane lane, FakeUpstream upstream, Consumer<ClientBuilder> settings) {
        return lane.client(upstream, this.clock, (builder) -> {
            builder.cookies(this.jar).redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5));
            settings.accept(builder);
        });
    }

    private static List<@Nullable String> sent(FakeUpstream upstream) {
        return upstream.requests().stream().map((request) -> request.fields().first("Cookie")).toList();
    }

    @ParameterizedTest
    @EnumSource
    void remembersWhatResponsesSet(Lane lane) {
        FakeUpstream upstream = FakeUpstream.answering(status(200, "Set-Cookie: a=1", "Set-Cookie: b=2",
                "Set-Cookie: c=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"), ok(""));
        try (LaneClient client = client(lane, upstream, (builder) -> {
        })) {
            Response first = client.get("https://example.org/");
            assertThat(first.cookies().get("a")).contains("1");
            Response response = client.get("https://example.org/");
            assertThat(response.cookies()).isEmpty();
            assertThat(upstream.request(1).fields().first("Cookie")).isEqualTo("a=1; b=2");
            assertThat(response.request().fields().first("Cookie")).isEqualTo("a=1; b=2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void redirectsSetAndSendCookiesAndLoseThoseWrittenByHand(Lane lane) {
        this.jar.set(Cookie.of("c", "3").withDomain("other.example"));
        FakeUpstream upstream = FakeUpstream.answering(status(302, "Location: /home", "Set-Cookie: s=1; Path=/"),
                status(302, "Location: https://other.example/"), ok(""));
        try (LaneClient client = client(lane, upstream, (builder) -> {
        })) {
            client.get("https://example.org/login", (spec) -> spec.header("Cookie", "hand=1"));
        }
        assertThat(sent(upstream)).containsExactly("hand=1", "s=1", "c=3");
    }

    // S40
    @ParameterizedTest
    @EnumSource
    void cookiesWithoutADomainDoNotFollowToAnotherOrigin(Lane lane) {
        this.jar.set("a", "1");
        FakeUpstream upstream = FakeUpstream.answering(status(302, "Location: /b"),
                status(302, "Location: https://other.example/"), ok(""));
        try (LaneClient client = client(lane, upstream, (builder) -> {
        })) {
            client.get("https://example.org/", (spec) -> spec.cookie("own", "2"));
        }
        assertThat(upstream.requests()).extracting((request) -> request.fields().first("Cookie"))
            .containsExactly("a=1; own=2", "a=1; own=2", null);
    }

    @ParameterizedTest
    @EnumSource
    void cookiesWithoutADomainAreForTheBaseUrl(Lane lane) {
        this.jar.set("a", "1");
        FakeUpstream upstream = FakeUpstream.answering(ok(""));
        try (LaneClient client = client(lane, upstream,
                (builder) -> builder.baseUrl("https://example.org/v1").allowAbsoluteUrls(true))) {
            client.get("/x");
            client.get("https://other.example/", (spec) -> spec.cookie("own", "2"));
        }
        assertThat(upstream.requests()).extracting((request) -> request.fields().first("Cookie"))
            .containsExactly("a=1", "own=2");
    }

    @ParameterizedTest
    @EnumSource
    void authenticationRoundsSetAndSendCookies(Lane lane) {
        FakeUpstream upstream = FakeUpstream.answering(status(401, "Set-Cookie: a=2", "Set-Cookie: b=3"), ok(""));
        this.jar.set(Cookie.of("a", "1").withHost("example.org"));
        try (LaneClient client = client(lane, upstream, (builder) -> builder.auth((time) -> new Twice()))) {
            client.get("https://example.org/");
        }
        assertThat(sent(upstream)).containsExactly("a=1", "a=2; b=3");
    }

    @ParameterizedTest
    @EnumSource
    void retriesSendWhatTheFailedAttemptSet(Lane lane) {
        FakeUpstream upstream = FakeUpstream.answering(status(503, "Set-Cookie: a=1; Max-Age=10"), status(503), ok(""));
        try (LaneClient client = client(lane, upstream,
                (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ofSeconds(6))))) {
            client.get("https://example.org/");
        }
        assertThat(upstream.requests()).extracting((request) -> request.fields().first("Cookie"))
            .containsExactly(null, "a=1", null);
    }

    // S97
    @ParameterizedTest
    @EnumSource
    void clientsShareNothing(Lane lane) {
        FakeUpstream upstream = FakeUpstream.answering(status(200, "Set-Cookie: a=1"));
        ClientBuilder builder = Client.builder().transport(upstream.transport());
        try (Client one = builder.build(); Client other = builder.build()) {
            one.get("https://example.org/");
            other.get("https://example.org/");
            one.with((derived) -> derived.header("X-Role", "admin")).get("https://example.org/");
            one.with((derived) -> derived.cookies(CookieJar.none())).get("https://example.org/");
        }
        assertThat(upstream.requests()).extracting((request) -> request.fields().first("Cookie"))
            .containsExactly(null, null, "a=1", null);
    }

    /** Sends the request that was answered once more. */
    private static final class Twice implements AuthFlow {

        @Override
        public AuthStep start(Request request) {
            return AuthStep.send(request);
        }

        @Override
        public AuthStep responded(Response response) {
            return AuthStep.sendLast(response.request().withHeader("Authorization", "x"));
        }

    }

}
