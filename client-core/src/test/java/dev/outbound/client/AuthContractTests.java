package dev.outbound.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.TokenException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
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
 * Authentication through both drivers: digest and tokens, which need further requests and
 * share something between calls.
 */
class AuthContractTests {

    private static final String CHALLENGE = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";

    private final TestClock clock = new TestClock();

    private final List<FakeUpstream> upstreams = new ArrayList<>();

    @AfterEach
    void nothingLeaks() {
        assertThat(this.upstreams).allMatch((upstream) -> upstream.open() == 0);
    }

    private FakeUpstream upstream(Function<Request, Answer> script) {
        FakeUpstream upstream = new FakeUpstream(script);
        this.upstreams.add(upstream);
        return upstream;
    }

    private LaneClient client(Lane lane, FakeUpstream upstream, Auth auth) {
        return lane.client(upstream, this.clock,
                (builder) -> builder.baseUrl("http://shop.test")
                    .redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 5))
                    .auth(auth));
    }

    private static boolean isToken(Request request) {
        return request.url().host().equals("id.test");
    }

    private static Answer token(String value) {
        return ok("{\"access_token\":\"" + value + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
    }

    private static Auth credentials() {
        return Auth.clientCredentials("http://id.test/token", "c", "s");
    }

    private static String authorization(Request request) {
        return String.valueOf(request.fields().first("Authorization"));
    }

    private static String param(Request request, String name) {
        String value = authorization(request);
        int start = value.indexOf(" " + name + "=") + name.length() + 2;
        int end = value.indexOf(',', start);
        return value.substring(start, (end >= 0) ? end : value.length());
    }

    /** Run as many calls at once, and wait for their ends. */
    private static List<Throwable> concurrently(int calls, Runnable call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                results.add(threads.submit(() -> {
                    start.await();
                    call.run();
                    return null;
                }));
            }
            start.countDown();
            List<Throwable> failures = new ArrayList<>();
            for (Future<?> result : results) {
                try {
                    result.get(30, TimeUnit.SECONDS);
                }
                catch (java.util.concurrent.ExecutionException ex) {
                    failures.add(ex.getCause());
                }
            }
            return failures;
        }
        finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void digestAnswersAChallengeAndSendsTheBodyAgain(Lane lane) {
        FakeUpstream upstream = upstream(
                (request) -> authorization(request).startsWith("Digest") ? ok("in") : status(401, CHALLENGE));
        Response response = client(lane, upstream, Auth.digest("u", "p")).post("/a", (spec) -> spec.text("body"));
        assertThat(response.text()).isEqualTo("in");
        assertThat(response.history()).extracting(Response::statusCode).containsExactly(401);
        assertThat(upstream.requests()).hasSize(2)
            .extracting((request) -> new String(request.body().bytes()))
            .containsExactly("body", "body");
    }

    @ParameterizedTest
    @EnumSource
    void digestDeliversASecondRefusal(Lane lane) {
        FakeUpstream upstream = upstream((request) -> status(401, CHALLENGE));
        assertThat(client(lane, upstream, Auth.digest("u", "p")).get("/a").statusCode()).isEqualTo(401);
        assertThat(upstream.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void digestFailsOnAMalformedChallenge(Lane lane) {
        FakeUpstream upstream = upstream((request) -> status(401, "WWW-Authenticate: Digest realm=\"r\""));
        LaneClient client = client(lane, upstream, Auth.digest("u", "p"));
        assertThatExceptionOfType(RemoteProtocolException.class).isThrownBy(() -> client.get("/a"))
            .withMessageContaining("it has no 'nonce'");
    }

    @ParameterizedTest
    @EnumSource
    void digestStreamsTheAnswerUnread(Lane lane) {
        FakeUpstream upstream = upstream(
                (request) -> authorization(request).startsWith("Digest") ? ok("streamed") : status(401, CHALLENGE));
        assertThat(client(lane, upstream, Auth.digest("u", "p")).stream("/a", (head) -> {
        })).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource
    void digestHashesAFileForAuthInt(Lane lane, @org.junit.jupiter.api.io.TempDir java.nio.file.Path folder)
            throws Exception {
        java.nio.file.Path file = java.nio.file.Files.writeString(folder.resolve("body"), "hello");
        FakeUpstream upstream = upstream((request) -> authorization(request).startsWith("Digest") ? ok("in")
                : status(401, CHALLENGE.replace("auth\"", "auth-int\"")));
        LaneClient client = client(lane, upstream, Auth.digest("u", "p"));
        assertThat(client.post("/a", (spec) -> spec.body(RequestBody.file(file))).text()).isEqualTo("in");
        assertThat(param(upstream.request(1), "qop")).isEqualTo("auth-int");
    }

    @ParameterizedTest
    @EnumSource
    void digestNeverRepeatsACount(Lane lane) throws Exception {
        Set<String> counts = ConcurrentHashMap.newKeySet();
        AtomicInteger repeated = new AtomicInteger();
        FakeUpstream upstream = upstream((request) -> {
            if (!authorization(request).startsWith("Digest")) {
                return status(401, CHALLENGE);
            }
            if (!counts.add(param(request, "nc"))) {
                repeated.incrementAndGet();
            }
            return ok("in");
        });
        LaneClient client = client(lane, upstream, Auth.digest("u", "p"));
        assertThat(concurrently(100, () -> {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/a").statusCode()).isEqualTo(200);
            }
        })).isEmpty();
        assertThat(repeated).hasValue(0);
        assertThat(counts).hasSize(500);
    }

    @ParameterizedTest
    @EnumSource
    void digestIsNotForTheOriginThatARedirectLeadsTo(Lane lane) {
        FakeUpstream upstream = upstream((request) -> request.url().host().equals("evil.test") ? status(401, CHALLENGE)
                : authorization(request).startsWith("Digest") ? status(302, "Location: http://evil.test/b")
                        : status(401, CHALLENGE));
        Response response = client(lane, upstream, Auth.digest("u", "p")).get("/a");
        assertThat(response.url().host()).isEqualTo("evil.test");
        assertThat(upstream.requests()).hasSize(3);
        assertThat(upstream.request(2).fields().contains("Authorization")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aTokenIsFetchedOnceByAHundredThreads(Lane lane) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        AtomicInteger fetched = new AtomicInteger();
        FakeUpstream upstream = upstream((request) -> {
            if (!isToken(request)) {
                return authorization(request).equals("Bearer t1") ? ok("in") : status(401);
            }
            fetched.incrementAndGet();
            await(arrived);
            return token("t" + fetched);
        });
        LaneClient client = client(lane, upstream, credentials());
        Thread opener = new Thread(() -> {
            sleep(200);
            arrived.countDown();
        });
        opener.start();
        assertThat(concurrently(100, () -> assertThat(client.get("/a").text()).isEqualTo("in"))).isEmpty();
        assertThat(fetched).hasValue(1);
        assertThat(upstream.requests()).hasSize(101);
    }

    @ParameterizedTest
    @EnumSource
    void aTokenIsFetchedOnceMoreForAHundredRefusals(Lane lane) throws Exception {
        AtomicInteger fetched = new AtomicInteger();
        AtomicInteger good = new AtomicInteger(1);
        FakeUpstream upstream = upstream((request) -> isToken(request) ? token("t" + fetched.incrementAndGet())
                : authorization(request).equals("Bearer t" + good) ? ok("in") : status(401));
        LaneClient client = client(lane, upstream, credentials());
        client.get("/a");
        good.set(2);
        assertThat(concurrently(100, () -> assertThat(client.get("/a").text()).isEqualTo("in"))).isEmpty();
        assertThat(fetched).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource
    void aTokenCallCarriesNothingOfTheCall(Lane lane) {
        FakeUpstream upstream = upstream((request) -> isToken(request) ? token("t1") : ok("in"));
        Response response = client(lane, upstream, credentials()).request(HttpMethod.PUT, "/a",
                (spec) -> spec.header("X-Api-Key", "k").text("mine").query("q", "1"));
        Request tokenRequest = upstream.request(0);
        assertThat(tokenRequest.url().text()).isEqualTo("http://id.test/token");
        assertThat(tokenRequest.fields().contains("X-Api-Key")).isFalse();
        assertThat(new String(tokenRequest.body().bytes())).isEqualTo("grant_type=client_credentials");
        assertThat(authorization(upstream.request(1))).isEqualTo("Bearer t1");
        assertThat(response.history()).extracting((answer) -> answer.url().host()).containsExactly("id.test");
    }

    @ParameterizedTest
    @EnumSource
    void aTokenEndpointThatRefusesIsAskedOnceASecond(Lane lane) throws Exception {
        AtomicInteger fetched = new AtomicInteger();
        FakeUpstream upstream = upstream((request) -> {
            fetched.incrementAndGet();
            return status(503);
        });
        LaneClient client = client(lane, upstream, credentials());
        assertThat(concurrently(100, () -> client.get("/a"))).hasSize(100)
            .allSatisfy((failure) -> assertThat(failure).isInstanceOf(TokenException.class)
                .hasMessageContaining("http://id.test/token answered 503"));
        assertThat(fetched).hasValue(1);
        this.clock.advance(Duration.ofSeconds(1));
        assertThatExceptionOfType(TokenException.class).isThrownBy(() -> client.get("/a"));
        assertThat(fetched).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource
    void aTokenIsRenewedBeforeItExpires(Lane lane) {
        AtomicInteger fetched = new AtomicInteger();
        FakeUpstream upstream = upstream(
                (request) -> isToken(request) ? token("t" + fetched.incrementAndGet()) : ok(authorization(request)));
        LaneClient client = client(lane, upstream, credentials());
        assertThat(client.get("/a").text()).isEqualTo("Bearer t1");
        this.clock.advance(Duration.ofSeconds(3569));
        assertThat(client.get("/a").text()).isEqualTo("Bearer t1");
        this.clock.advance(Duration.ofSeconds(1));
        assertThat(client.get("/a").text()).isEqualTo("Bearer t2");
    }

    @ParameterizedTest
    @EnumSource
    void aTokenEndpointThatCannotBeReachedIsAskedOnceASecond(Lane lane) throws Exception {
        AtomicInteger fetched = new AtomicInteger();
        FakeUpstream upstream = upstream((request) -> {
            fetched.incrementAndGet();
            return failure(new ConnectionFailedException("refused", null));
        });
        LaneClient client = client(lane, upstream, credentials());
        assertThat(concurrently(100, () -> client.get("/a"))).hasSize(100)
            .allSatisfy((failure) -> assertThat(failure).isInstanceOf(TokenException.class)
                .hasMessageContaining("GET http://shop.test/a")
                .hasMessageContaining("http://id.test/token cannot be reached: refused"));
        assertThat(fetched).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatAFlowFailsWithNamesTheCall(Lane lane) {
        FakeUpstream upstream = upstream((request) -> status(401, "WWW-Authenticate: Digest realm=\"r\""));
        LaneClient client = client(lane, upstream, Auth.digest("u", "p"));
        assertThatExceptionOfType(RemoteProtocolException.class).isThrownBy(() -> client.get("/a"))
            .withMessageStartingWith("GET http://shop.test/a: ");
    }

    @ParameterizedTest
    @EnumSource
    void digestSignsEachAttemptAndEachRedirectAnew(Lane lane) {
        AtomicInteger answers = new AtomicInteger();
        FakeUpstream upstream = upstream((request) -> switch (answers.getAndIncrement()) {
            case 0 -> status(401, CHALLENGE);
            case 1 -> status(503);
            case 2 -> status(302, "Location: /b");
            default -> ok("in");
        });
        Response response = client(lane, upstream, Auth.digest("u", "p")).get("/a",
                (spec) -> spec.retry(RetryPolicy.fixed(1, Duration.ZERO)));
        assertThat(response.text()).isEqualTo("in");
        assertThat(upstream.requests().subList(1, 4)).extracting((request) -> param(request, "nc"))
            .containsExactly("00000001", "00000002", "00000003");
        assertThat(param(upstream.request(3), "uri")).isEqualTo("\"/b\"");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

}
