package dev.outbound.client.httpx;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.RedirectRejectedException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.TooManyRedirectsException;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class A07RedirectsTests extends AbstractFeatureTests {

    private static final String URL = "https://shop.example/from";

    private LaneClient following(Lane lane, Answer... answers) {
        this.upstream = FakeUpstream.answering(answers);
        return client(lane, (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 3)));
    }

    private Answer to(int status, String location) {
        return status(status, "Location: " + location);
    }

    /** The method of the request behind a redirect. */
    private String follow(Lane lane, String method, int status) {
        following(lane, to(status, "/to"), ok("")).request(HttpMethod.valueOf(method), URL, PLAIN);
        return sent().method().name();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 default: not followed; the response has the request that follows")
    void byDefault(Lane lane) {
        this.upstream = FakeUpstream.answering(to(302, "/to"));
        Response response = client(lane).get(URL);
        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(response.hasRedirectLocation()).isTrue();
        assertThat(this.upstream.requests()).hasSize(1);
        assertThat(response.nextRequest().orElseThrow().url().text()).isEqualTo("https://shop.example/to");
        client(lane).send(response.nextRequest().orElseThrow());
        assertThat(sentUrl()).isEqualTo("https://shop.example/to");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 which responses: 301, 302, 303, 307, 308 with a Location; all others are answers")
    void whichResponses(Lane lane) {
        for (int status : new int[] { 301, 302, 303, 307, 308 }) {
            assertThat(following(lane, to(status, "/to"), ok("there")).get(URL).text()).isEqualTo("there");
            assertThat(following(lane, status(status)).get(URL).statusCode()).isEqualTo(status);
        }
        for (int status : new int[] { 201, 300, 304, 305, 306 }) {
            assertThat(following(lane, to(status, "/to")).get(URL).statusCode()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 method: 302 and 303 change all but HEAD to GET, 301 only POST, 307 and 308 none")
    void method(Lane lane) {
        assertThat(follow(lane, "POST", 301)).isEqualTo("GET");
        assertThat(follow(lane, "PUT", 301)).isEqualTo("PUT");
        assertThat(follow(lane, "PUT", 302)).isEqualTo("GET");
        assertThat(follow(lane, "DELETE", 303)).isEqualTo("GET");
        assertThat(follow(lane, "HEAD", 303)).isEqualTo("HEAD");
        assertThat(follow(lane, "POST", 307)).isEqualTo("POST");
        assertThat(follow(lane, "PATCH", 308)).isEqualTo("PATCH");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 body: dropped with its headers where the method changes, else sent again, but not elsewhere")
    void body(Lane lane) {
        following(lane, to(303, "/to"), ok("")).post(URL, (spec) -> spec.text("a").header("Content-Type", "text/csv"));
        assertThat(sent().body()).isNull();
        assertThat(sent().fields().contains("Content-Type")).isFalse();
        following(lane, to(307, "/to"), ok("")).post(URL, (spec) -> spec.text("a"));
        RequestBody body = sent().body();
        assertThat(body).isNotNull();
        assertThat(body.bytes()).asString().isEqualTo("a");
        assertThatExceptionOfType(RedirectRejectedException.class)
            .isThrownBy(() -> following(lane, to(307, "https://other.example/")).post(URL, (spec) -> spec.text("a")))
            .withMessageContaining("the body would be sent to another origin");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 one-shot body: the redirect is the answer, unless it becomes a GET")
    void oneShotBody(Lane lane) {
        for (int status : new int[] { 307, 303 }) {
            RequestBody once = RequestBody.stream(new ByteArrayInputStream(new byte[] { 1 }), 1);
            assertThat(following(lane, to(status, "/to"), ok("")).post(URL, (spec) -> spec.body(once)).statusCode())
                .isEqualTo((status == 307) ? 307 : 200);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 Location resolution: relative ones join, bad ones and other schemes are the server's fault")
    void location(Lane lane) {
        for (String[] pair : new String[][] { { "/to?a=b", "https://shop.example/to?a=b" },
                { "to", "https://shop.example/to" }, { "//other.example/", "https://other.example/" },
                { "https://other.example:444/x", "https://other.example:444/x" } }) {
            following(lane, to(302, pair[0]), ok("")).get(URL);
            assertThat(sentUrl()).isEqualTo(pair[1]);
        }
        for (String bad : List.of("https://exam\u0001ple.org/", "https://😇/", "ftp://shop.example/", "mailto:a@b")) {
            Answer answer = new Answer(302,
                    dev.outbound.client.http.FieldLines.builder().append("Location", bad).build(), new byte[0], null);
            assertThatExceptionOfType(RemoteProtocolException.class).isThrownBy(() -> following(lane, answer).get(URL))
                .withMessageContaining("redirects to an invalid URL");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 fragment: is inherited by a Location without one")
    void fragment(Lane lane) {
        following(lane, to(302, "/to"), ok("")).get(URL + "#part");
        assertThat(sentUrl()).isEqualTo("https://shop.example/to#part");
        following(lane, to(302, "/to#other"), ok("")).get(URL + "#part");
        assertThat(sentUrl()).isEqualTo("https://shop.example/to#other");
    }

    private void assertAuthorization(Lane lane, String from, String to, boolean kept) {
        following(lane, to(302, to), ok("")).get(from, (spec) -> spec.header("Authorization", "Bearer t"));
        assertThat(sent().fields().contains("Authorization")).as(from + " to " + to).isEqualTo(kept);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 Authorization: stays on the origin, whatever its spelling; http to https is another origin")
    void authorization(Lane lane) {
        assertAuthorization(lane, URL, "/to", true);
        assertAuthorization(lane, URL, "https://SHOP.example:443/to", true);
        assertAuthorization(lane, URL, "https://other.example/", false);
        assertAuthorization(lane, URL, "https://sub.shop.example/", false);
        assertAuthorization(lane, URL, "https://shop.example:8443/", false);
        assertAuthorization(lane, "http://shop.example/", "https://shop.example/", false);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 every other header: stays, but credentials of any name do not leave the origin")
    void otherHeaders(Lane lane) {
        following(lane, to(302, "https://other.example/"), ok("")).get(URL,
                (spec) -> spec.header("X-Api-Key", "k").header("X-Token", "t").header("X-Trace", "1"));
        assertThat(sent().fields().contains("X-Api-Key")).isFalse();
        assertThat(sent().fields().contains("X-Token")).isFalse();
        assertThat(sent().fields().first("X-Trace")).isEqualTo("1");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 Host: is that of each URL")
    void host(Lane lane) {
        try (RawServer other = echo();
                RawServer server = RawServer.start((connection) -> connection
                    .forEachRequest((request) -> connection.respond(302, "", "Location: " + other.url("/to"))));
                LaneClient client = lane
                    .client((builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1)))) {
            assertThat(client.get(server.url("/")).text()).contains("Host: 127.0.0.1:" + other.port() + "\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 Cookie: is made anew from the jar for each URL")
    void cookie(Lane lane) {
        this.upstream = FakeUpstream.answering(status(302, "Location: /to", "Set-Cookie: a=1; Path=/to"),
                to(302, "/else"), ok(""));
        client(lane, (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 2))).get(URL);
        assertThat(this.upstream.requests()).extracting((request) -> request.fields().first("Cookie"))
            .containsExactly(null, "a=1", null);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 auth: what the scheme put on the request stays on the origin, as any credential does")
    void auth(Lane lane) {
        LaneClient client = following(lane, to(302, "/b"), to(302, "https://other.example/"), ok(""));
        client.get(URL, (spec) -> spec.auth(Auth.apiKey("X-Innocent", "k")));
        assertThat(this.upstream.requests()).extracting((request) -> request.fields().first("X-Innocent"))
            .containsExactly("k", "k", null);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 limit: one more than allowed fails; loops end there")
    void limit(Lane lane) {
        LaneClient client = following(lane, to(302, "/from"));
        assertThatExceptionOfType(TooManyRedirectsException.class).isThrownBy(() -> client.get(URL))
            .withMessageContaining("more than 3 redirects")
            .withMessageContaining("GET https://shop.example/from");
        assertThat(this.upstream.requests()).hasSize(4);
        assertThat(RedirectPolicy.MAX_REDIRECTS).isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 history: earlier responses, oldest first, each with its own; their bodies are not kept")
    void history(Lane lane) {
        Response response = following(lane, to(301, "/b"), to(302, "/c").withBody("see /c"), ok("there")).get(URL);
        assertThat(response.history()).extracting(Response::statusCode).containsExactly(301, 302);
        assertThat(response.history()).extracting((earlier) -> earlier.history().size()).containsExactly(0, 1);
        assertThat(response.history()).extracting((earlier) -> earlier.url().path()).containsExactly("/from", "/b");
        assertThat(response.history()).noneMatch(Response::hasBody);
        assertThat(response.url().path()).isEqualTo("/c");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 timeouts, extensions: the same for each hop")
    void timeouts(Lane lane) {
        following(lane, to(302, "/to"), ok("")).get(URL,
                (spec) -> spec.timeout(Duration.ofSeconds(7)).attribute("tenant", "acme"));
        assertThat(this.upstream.requests()).hasSize(2)
            .extracting((Request request) -> request.timeouts().read())
            .containsOnly(Duration.ofSeconds(7));
        assertThat(sent().attributes()).containsEntry("tenant", "acme");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A7 https → http downgrade: is refused; RedirectPolicy.trusting() follows it as HTTPX does")
    void downgrade(Lane lane) {
        assertThatExceptionOfType(RedirectRejectedException.class)
            .isThrownBy(() -> following(lane, to(302, "http://shop.example/")).get(URL))
            .withMessageContaining("it leaves https for http");
        this.upstream = FakeUpstream.answering(to(302, "http://shop.example/"), ok("there"));
        assertThat(client(lane, (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 3).trusting()))
            .get(URL, (spec) -> spec.header("Authorization", "Bearer t"))
            .text()).isEqualTo("there");
        assertThat(sent().fields().contains("Authorization")).isFalse();
    }

}
