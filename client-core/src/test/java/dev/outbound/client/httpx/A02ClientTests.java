package dev.outbound.client.httpx;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ClientSettings;
import dev.outbound.client.Hook;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.RequestSpec;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class A02ClientTests extends AbstractFeatureTests {

    private static final String BASE = "http://shop.test/api";

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 constructor defaults")
    void constructorDefaults(Lane lane) {
        ClientSettings settings = client(lane).settings();
        assertThat(settings.auth()).isNull();
        assertThat(settings.baseUrl()).isNull();
        assertThat(settings.query().isEmpty()).isTrue();
        assertThat(settings.cookies().isEmpty()).isTrue();
        assertThat(settings.headers().size()).isEqualTo(4);
        assertThat(settings.timeouts()).isEqualTo(Timeouts.defaults());
        assertThat(settings.retry()).isNull();
        assertThat(settings.redirects().mode()).isEqualTo(RedirectMode.NONE);
        assertThat(settings.redirects().max()).isEqualTo(20);
        assertThat(settings.transport().maxConnections()).isEqualTo(100);
        assertThat(settings.transport().sslContext()).isNull();
    }

    @Test
    @DisplayName("A2 http2=True without the h2 package: an engine that cannot honour a setting says so")
    void http2OfAnEngineWithoutIt() {
        ClientBuilder builder = Client.builder().name("shop").http2(Http2.NEGOTIATED);
        assertThatIllegalStateException().isThrownBy(builder::build)
            .withMessageContaining("Client 'shop' has http2 negotiated")
            .withMessageContaining("http-components");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 settable properties: settings do not change; with(…) gives a client that has others")
    void settableProperties(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.baseUrl(BASE).header("X-A", "1"));
        LaneClient other = client.with((builder) -> builder.auth(Auth.bearer("t"))
            .baseUrl("http://shop.test/v2")
            .header("X-A", "2")
            .query("q", 3)
            .cookies(CookieJar.create().set("c", "4"))
            .timeout(Duration.ofSeconds(7)));
        other.get("/x");
        Request changed = sent();
        client.get("/x");
        assertThat(changed.url().text()).isEqualTo("http://shop.test/v2/x?q=3");
        assertThat(changed.fields().toString()).contains("Accept: */*", "User-Agent: outbound", "X-A: 2",
                "Authorization: ", "Cookie: ");
        assertThat(changed.timeouts().read()).isEqualTo(Duration.ofSeconds(7));
        assertThat(sentUrl()).isEqualTo("http://shop.test/api/x");
        assertThat(sent().fields().toString()).contains("X-A: 1").doesNotContain("Authorization", "Cookie");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 build_request(): merged and not sent; authentication and cookies are for the sending")
    void build(Lane lane) {
        LaneClient client = client(lane,
                (builder) -> builder.baseUrl(BASE)
                    .header("X-A", "1")
                    .query("q", 2)
                    .auth(Auth.bearer("t"))
                    .timeout(Duration.ofSeconds(7)));
        Request request = client.build(HttpMethod.POST, "/x", (spec) -> spec.header("X-B", "3").text("body"));
        assertThat(this.upstream.requests()).isEmpty();
        assertThat(request.url().text()).isEqualTo("http://shop.test/api/x?q=2");
        assertThat(request.fields().toString()).contains("X-A: 1", "X-B: 3").doesNotContain("Authorization");
        assertThat(request.timeouts().connect()).isEqualTo(Duration.ofSeconds(7));
        client.send(request);
        assertThat(sent().fields().first("Authorization")).isEqualTo("Bearer t");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 send(request): as it is, without the client's headers and parameters, but authenticated")
    void send(Lane lane) {
        LaneClient client = client(lane,
                (builder) -> builder.baseUrl(BASE).header("X-A", "1").query("q", 2).auth(Auth.bearer("t")));
        client.send(Request.of(HttpMethod.GET, Url.parse("http://shop.test/api/x")));
        assertThat(sentUrl()).isEqualTo("http://shop.test/api/x");
        assertThat(sent().fields()).hasToString("[Authorization: ******]");
        assertThat(sent().timeouts()).isEqualTo(Timeouts.defaults());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 send(stream=True): a request that was made before can be streamed")
    void sendAndStream(Lane lane) {
        Request request = Request.of(HttpMethod.GET, Url.parse("http://shop.test/x"));
        if (lane == Lane.BLOCKING) {
            try (Client client = Client.builder().transport(this.upstream.transport()).build();
                    StreamedResponse response = client.stream(request)) {
                assertThat(this.upstream.open()).isEqualTo(1);
                assertThat(response.lines()).containsExactly("answer");
            }
        }
        else {
            try (ReactiveClient client = ReactiveClient.builder()
                .reactiveTransport(this.upstream.reactiveTransport())
                .buildReactive()) {
                assertThat(client.stream(request, (response) -> response.lines()).blockFirst()).isEqualTo("answer");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 stream(): always closed, read or not, and when reading fails")
    void stream(Lane lane) {
        LaneClient client = client(lane);
        assertThat(client.stream(BASE, (response) -> assertThat(response.statusCode()).isEqualTo(200))).isEqualTo(6);
        assertThat(this.upstream.open()).isZero();
        client.leave(BASE, 1);
        assertThat(this.upstream.open()).isZero();
        assertThatIllegalStateException().isThrownBy(() -> client.stream(BASE, (response) -> {
            throw new IllegalStateException("of the caller");
        }));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 per-verb methods: of both clients, plain and with what a call says")
    void verbs(Lane lane) {
        List<String> verbs = List.of("get", "options", "head", "delete", "post", "put", "patch");
        Class<?> type = (lane == Lane.BLOCKING) ? Client.class : ReactiveClient.class;
        assertThat(verbs).allSatisfy((verb) -> {
            assertThat(type.getMethod(verb, String.class, Object[].class)).isNotNull();
            assertThat(type.getMethod(verb, String.class, java.util.function.Consumer.class)).isNotNull();
        });
        for (String verb : verbs) {
            HttpMethod method = HttpMethod.valueOf(verb.toUpperCase(Locale.ROOT));
            client(lane).request(method, BASE, (spec) -> spec.header("X-A", "1").query("q", 2).cookie("c", "3"));
            assertThat(sent().method()).isEqualTo(method);
            assertThat(sentUrl()).isEqualTo(BASE + "?q=2");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 \"not given\" vs none: none switches the client's off")
    void notGivenAndNone(Lane lane) {
        LaneClient client = client(lane,
                (builder) -> builder.baseUrl(BASE).auth(Auth.bearer("t")).timeout(Duration.ofSeconds(7)));
        client.get("/", PLAIN);
        assertThat(sent().fields().contains("Authorization")).isTrue();
        assertThat(sent().timeouts().read()).isEqualTo(Duration.ofSeconds(7));
        client.get("/", (spec) -> spec.auth(null).timeout(null));
        assertThat(sent().fields().contains("Authorization")).isFalse();
        assertThat(sent().timeouts().read()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 per-request cookies: with each kind of call, and welcome")
    void perRequestCookies(Lane lane) {
        client(lane).get(BASE, (spec) -> spec.cookie("a", "1"));
        assertThat(sent().fields().first("Cookie")).isEqualTo("a=1");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 state machine: a closed client says so; closing twice, or a derived one, does nothing")
    void state(Lane lane) {
        LaneClient client = client(lane, (builder) -> builder.name("shop").baseUrl(BASE));
        LaneClient derived = client.with((builder) -> builder.header("X-A", "1"));
        derived.close();
        assertThat(client.get("/").statusCode()).isEqualTo(200);
        client.close();
        client.close();
        assertThatIllegalStateException().isThrownBy(() -> client.get("/"))
            .withMessage("Client 'shop' was closed and cannot send anything");
        assertThatIllegalStateException().isThrownBy(() -> derived.get("/"));
        assertThatIllegalStateException().isThrownBy(() -> client.stream("/", (response) -> {
        }));
    }

    /** Notes that it was closed. */
    private Transport noting(String name, List<String> closed) {
        Transport transport = this.upstream.transport();
        return new Transport() {

            @Override
            public TransportResponse send(Request request, Cancellation cancellation) {
                return transport.send(request, cancellation);
            }

            @Override
            public void close() {
                closed.add(name);
            }

        };
    }

    @Test
    @DisplayName("A2 close: closes the client's transport and those that are mounted")
    void close() {
        List<String> closed = new ArrayList<>();
        try (Client client = Client.builder()
            .transport(noting("own", closed))
            .mount("all://other.test", noting("mounted", closed))
            .build()) {
            client.get(BASE);
            client.get("http://other.test/");
            assertThat(closed).isEmpty();
        }
        assertThat(closed).containsExactlyInAnyOrder("own", "mounted");
    }

    @Test
    @DisplayName("A2 sync/async mix-ups: two types, so the compiler finds them; a reactive body is refused")
    void mixUps() {
        RequestBody reactive = RequestBody
            .publisher(Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(new byte[] { 'a' })), null);
        try (RawServer server = echo(); Client client = Client.builder().baseUrl(server.url()).build()) {
            assertThatIllegalStateException().isThrownBy(() -> client.post("/", (spec) -> spec.body(reactive)))
                .withMessageContaining("A blocking client cannot send the body of a publisher");
        }
        try (RawServer server = echo(); LaneClient client = client(Lane.REACTIVE, server)) {
            RequestBody blocking = RequestBody.stream(new java.io.ByteArrayInputStream(new byte[] { 'a' }), 1);
            assertThat(client.post("/", (spec) -> spec.body(reactive)).text()).endsWith("\r\n\r\na");
            assertThatCode(() -> client.post("/", (spec) -> spec.body(blocking))).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 thread safety: a client, its cookies and its digest authentication may be shared")
    void threads(Lane lane) throws Exception {
        this.upstream = new FakeUpstream((request) -> {
            String authorization = request.fields().first("Authorization");
            return (authorization == null)
                    ? FakeUpstream.status(401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"")
                    : ok(request.url().path() + " " + authorization.replaceAll(".*nc=(\\w+).*", "$1"),
                            "Set-Cookie: a" + request.url().path().substring(1) + "=1; Path=/");
        });
        LaneClient client = client(lane, (builder) -> builder.baseUrl("http://shop.test/").auth(Auth.digest("u", "p")));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<String> counts = Collections.synchronizedList(new ArrayList<>());
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String path = "/" + (i % 40);
                calls.add(threads.submit(() -> {
                    String[] answer = client.get(path).text().split(" ");
                    assertThat(answer[0]).isEqualTo(path);
                    counts.add(answer[1]);
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
        finally {
            threads.shutdownNow();
        }
        assertThat(counts).hasSize(200).doesNotHaveDuplicates();
        assertThat(client.settings().cookies().size()).isEqualTo(40);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 100-continue: is passed over")
    void informational(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            connection.write("HTTP/1.1 100 Continue\r\n\r\n");
            connection.respond(200, "done");
        })); LaneClient client = client(lane, server)) {
            assertThat(client.post("/", (spec) -> spec.text("a")).text()).isEqualTo("done");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 raw header case: names are sent in the case they were given in")
    void headerCase(Lane lane) {
        try (RawServer server = echo(); LaneClient client = client(lane, server)) {
            assertThat(client.get("/", (spec) -> spec.header("x-WeIrD-nAmE", "1")).text())
                .contains("x-WeIrD-nAmE: 1\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 response decoration: the request, the history and the time it took")
    void decoration(Lane lane) {
        Response response = client(lane).get(BASE, RequestSpec::idempotent);
        assertThat(response.request().url().text()).isEqualTo(BASE);
        assertThat(response.url()).isEqualTo(response.request().url());
        assertThat(response.history()).isEmpty();
        assertThat(response.elapsed()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(response.context().attempt()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A2 order inside one exchange: authentication, redirects, cookies, hooks, transport; the body last")
    void order(Lane lane) {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        this.upstream = new FakeUpstream((request) -> {
            order.add("transport " + request.url().path());
            return (request.url().path().equals("/b")) ? ok("done")
                    : FakeUpstream.status(302, "Location: /b", "Set-Cookie: a=1; Path=/");
        });
        client(lane,
                (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1)).auth(Auth.of((request) -> {
                    order.add("auth " + request.url().path());
                    return request.withHeader("Authorization", "x");
                })).hook(new Hook() {

                    @Override
                    public Request onRequest(Request request) {
                        order.add("request hook " + request.url().path() + " "
                                + request.fields().contains("Authorization") + " " + request.fields().first("Cookie"));
                        return request;
                    }

                    @Override
                    public void onResponse(Request request, ResponseHead response) {
                        order.add("response hook " + response.statusCode());
                    }

                }))
            .get("http://shop.test/a");
        assertThat(order).containsExactly("auth /a", "request hook /a true null", "transport /a", "response hook 302",
                "request hook /b true a=1", "transport /b", "response hook 200");
    }

}
