package dev.outbound.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.guard.Bulkhead;
import dev.outbound.client.guard.BulkheadSettings;
import dev.outbound.client.guard.CircuitBreaker;
import dev.outbound.client.guard.CircuitBreaker.State;
import dev.outbound.client.guard.CircuitBreakerSettings;
import dev.outbound.client.guard.RateLimiterSettings;
import dev.outbound.client.http.BulkheadFullException;
import dev.outbound.client.http.CircuitOpenException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Circuit breaker, rate limiter and bulkhead on real sockets and real time, on every
 * engine from one body. Their rules on virtual time: {@link GuardContractTests}.
 */
@Timeout(60)
class GuardSocketTests {

    private static final Duration PATIENCE = ofSeconds(10);

    private static final CircuitBreakerSettings BREAKER = CircuitBreakerSettings.defaults()
        .withWindow(4, 4)
        .withTrialCalls(3);

    private static final Duration OPEN_TIME = ofMillis(100);

    private final List<AutoCloseable> resources = new ArrayList<>();

    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        this.released.countDown();
        for (AutoCloseable resource : this.resources) {
            resource.close();
        }
    }

    private RawServer server(Script script) {
        RawServer server = RawServer.start(script);
        this.resources.add(server);
        return server;
    }

    private Session session(EngineLane lane, String url, Consumer<ClientBuilder> settings) {
        ClientBuilder builder = Client.builder()
            .name("shop")
            .engine(lane.engine())
            .baseUrl(url)
            .timeout(PATIENCE)
            .total(PATIENCE);
        settings.accept(builder);
        Session session = builder.session();
        this.resources.add(0, session);
        return session;
    }

    private static LaneClient client(EngineLane lane, Session session) {
        return lane.isBlocking() ? new LaneClient.Blocking(session.client())
                : new LaneClient.Reactive(session.reactiveClient());
    }

    private static BackgroundCall<Response> start(EngineLane lane, Session session, String path) {
        return lane.isBlocking() ? BackgroundCall.onPlatformThread(() -> session.client().get(path))
                : BackgroundCall.subscribed(session.reactiveClient().get(path));
    }

    private static CircuitBreaker breaker(Session session) {
        CircuitBreaker breaker = session.guard().circuitBreaker();
        assertThat(breaker).isNotNull();
        return breaker;
    }

    private static Bulkhead bulkhead(Session session) {
        Bulkhead bulkhead = session.guard().bulkhead();
        assertThat(bulkhead).isNotNull();
        return bulkhead;
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as(what).isNegative();
            Thread.onSpinWait();
        }
    }

    /** Let as much time pass as the breaker says that it lets nothing through. */
    private static void waitUntilTrialsPass(LaneClient client) {
        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get("/")).satisfies((ex) -> {
            assertThat(ex.retryAfter()).isPositive();
            TimeUnit.NANOSECONDS.sleep(ex.retryAfter().toNanos());
        });
    }

    private static void assertOpensAfterFour(RawServer server, Session session, LaneClient client,
            Class<? extends RequestException> failure) {
        for (int i = 0; i < 4; i++) {
            assertThat(breaker(session).state()).isEqualTo(State.CLOSED);
            assertThatExceptionOfType(failure).isThrownBy(() -> client.get("/"));
        }
        assertThat(breaker(session).state()).isEqualTo(State.OPEN);
        int before = server.connections();
        for (int i = 0; i < 20; i++) {
            assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get("/"));
        }
        assertThat(server.connections()).as("no connection while it is open").isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void connectionsThatAreLostOpenTheCircuit(EngineLane lane) {
        RawServer server = server(Connection::readRequest);
        Session session = session(lane, server.url(), (builder) -> builder.circuitBreaker(BREAKER));
        assertOpensAfterFour(server, session, client(lane, session), ConnectionLostException.class);
        assertThat(server.requests()).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void connectionsThatAreRefusedOpenTheCircuit(EngineLane lane) {
        RawServer server = server(Connection::hold);
        server.close();
        Session session = session(lane, server.url(), (builder) -> builder.circuitBreaker(BREAKER));
        assertOpensAfterFour(server, session, client(lane, session), ConnectionFailedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void serversThatAreSilentOpenTheCircuit(EngineLane lane) {
        RawServer server = server(Connection::hold);
        Session session = session(lane, server.url(),
                (builder) -> builder.circuitBreaker(BREAKER).timeout(ofMillis(50)));
        assertOpensAfterFour(server, session, client(lane, session), ReadTimeoutException.class);
    }

    @ParameterizedTest
    @EnumSource
    void statusesOpenTheCircuit(EngineLane lane) {
        RawServer server = server(
                (connection) -> connection.forEachRequest((request) -> connection.respond(503, "busy")));
        Session session = session(lane, server.url(), (builder) -> builder.circuitBreaker(BREAKER));
        LaneClient client = client(lane, session);
        for (int i = 0; i < 4; i++) {
            assertThat(client.get("/").statusCode()).isEqualTo(503);
        }
        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get("/"));
        assertThat(server.requests()).hasSize(4);
        assertThat(server.connections()).as("a response is no reason to close the connection").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void exactlyTheTrialsAreLetThroughAndCloseTheCircuit(EngineLane lane) throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        RawServer server = server((connection) -> connection.forEachRequest((request) -> {
            if (!down.get()) {
                this.released.await();
            }
            connection.respond(down.get() ? 503 : 200, "");
        }));
        Session session = session(lane, server.url(),
                (builder) -> builder.circuitBreaker(BREAKER.withOpenTime(OPEN_TIME)));
        LaneClient client = client(lane, session);
        for (int i = 0; i < 4; i++) {
            client.get("/");
        }
        waitUntilTrialsPass(client);
        down.set(false);
        List<BackgroundCall<Response>> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            calls.add(start(lane, session, "/trial"));
        }
        await("all but the trials are refused",
                () -> calls.stream().filter(BackgroundCall::isDone).count() == calls.size() - 3);
        await("the trials are sent", () -> server.requests().size() == 4 + 3);
        assertThat(breaker(session).state()).isEqualTo(State.HALF_OPEN);
        this.released.countDown();
        int passed = 0;
        for (BackgroundCall<Response> call : calls) {
            Throwable failure = call.failure(PATIENCE);
            if (failure == null) {
                assertThat(call.value(PATIENCE).statusCode()).isEqualTo(200);
                passed++;
            }
            else {
                assertThat(failure).isInstanceOf(CircuitOpenException.class)
                    .hasMessageContaining("lets 3 requests through to see whether the upstream is back");
            }
        }
        assertThat(passed).isEqualTo(3);
        assertThat(breaker(session).state()).isEqualTo(State.CLOSED);
        assertThat(server.requests()).hasSize(7);
    }

    @ParameterizedTest
    @EnumSource
    void aTrialThatIsCancelledIsLeftToAnother(EngineLane lane) {
        AtomicBoolean down = new AtomicBoolean(true);
        RawServer server = server((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /held")) {
                this.released.await();
            }
            connection.respond(down.get() ? 503 : 200, "");
        }));
        Session session = session(lane, server.url(),
                (builder) -> builder.circuitBreaker(BREAKER.withTrialCalls(1).withOpenTime(OPEN_TIME)));
        LaneClient client = client(lane, session);
        for (int i = 0; i < 4; i++) {
            client.get("/");
        }
        down.set(false);
        waitUntilTrialsPass(client);
        BackgroundCall<Response> trial = start(lane, session, "/held");
        await("the trial is sent", () -> server.requests().size() == 5);
        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get("/"));
        trial.cancel();
        await("the trial is over", () -> {
            try {
                return client.get("/").statusCode() == 200;
            }
            catch (CircuitOpenException ex) {
                return false;
            }
        });
        assertThat(breaker(session).state()).isEqualTo(State.CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void answersThatAreSlowOpenTheCircuit(EngineLane lane) {
        RawServer server = server((connection) -> connection.forEachRequest((request) -> {
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
            connection.trickle("slow", ofMillis(20));
        }));
        Session session = session(lane, server.url(),
                (builder) -> builder.circuitBreaker(BREAKER.withSlowCalls(ofMillis(50), 100)));
        LaneClient client = client(lane, session);
        for (int i = 0; i < 4; i++) {
            assertThat(client.get("/").text()).isEqualTo("slow");
        }
        assertThat(breaker(session).slowCallRate()).isEqualTo(100);
        assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> client.get("/"))
            .withMessageContaining("have failed or were slow");
    }

    @ParameterizedTest
    @EnumSource
    void theRateLimiterSpreadsRequestsOverItsPeriods(EngineLane lane) {
        List<Long> times = new ArrayList<>();
        RawServer server = server((connection) -> connection.forEachRequest((request) -> {
            times.add(System.nanoTime());
            connection.respond(200, "");
        }));
        Session session = session(lane, server.url(),
                (builder) -> builder.rateLimiter(RateLimiterSettings.of(2, ofMillis(150))));
        LaneClient client = client(lane, session);
        long start = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            client.get("/");
        }
        // The fifth is of the third period, and the first period began with the first
        // call.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(ofMillis(300).minusMillis(1));
        assertThat(times).hasSize(5);
        assertThat(server.connections()).isEqualTo(1);
        assertThat(session.pools().get(0).active()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aFullBulkheadOpensNoConnection(EngineLane lane) throws Exception {
        RawServer server = server((connection) -> connection.forEachRequest((request) -> {
            this.released.await();
            connection.respond(200, "served");
        }));
        Session session = session(lane, server.url(), (builder) -> builder.bulkhead(BulkheadSettings.of(2)));
        LaneClient client = client(lane, session);
        BackgroundCall<Response> first = start(lane, session, "/");
        BackgroundCall<Response> second = start(lane, session, "/");
        await("both are sent", () -> server.requests().size() == 2);
        assertThatExceptionOfType(BulkheadFullException.class).isThrownBy(() -> client.get("/"));
        assertThat(server.connections()).isEqualTo(2);
        this.released.countDown();
        assertThat(first.value(PATIENCE).text()).isEqualTo("served");
        assertThat(second.value(PATIENCE).text()).isEqualTo("served");
        await("both have left", () -> bulkhead(session).running() == 0);
        assertThat(client.get("/").text()).isEqualTo("served");
    }

    @ParameterizedTest
    @EnumSource
    void aStreamKeepsItsPlaceUntilItIsClosed(EngineLane lane) throws Exception {
        RawServer server = server((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /stream")) {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
                this.released.await();
                connection.write("half");
            }
            else {
                connection.respond(200, "served");
            }
        }));
        Session session = session(lane, server.url(),
                (builder) -> builder.bulkhead(BulkheadSettings.of(1)).circuitBreaker(BREAKER));
        LaneClient client = client(lane, session);
        CountDownLatch delivered = new CountDownLatch(1);
        BackgroundCall<Long> stream = BackgroundCall
            .onPlatformThread(() -> client.stream("/stream", (head) -> delivered.countDown()));
        assertThat(delivered.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(bulkhead(session).running()).isEqualTo(1);
        assertThat(breaker(session).calls()).isZero();
        assertThatExceptionOfType(BulkheadFullException.class).isThrownBy(() -> client.get("/"));
        this.released.countDown();
        assertThat(stream.value(PATIENCE)).isEqualTo(8);
        await("the stream has left", () -> bulkhead(session).running() == 0);
        assertThat(client.get("/").text()).isEqualTo("served");
        client.leave("/stream", 2);
        await("a stream that is not read to its end has left", () -> bulkhead(session).running() == 0);
        assertThat(client.get("/").text()).isEqualTo("served");
        await("each has counted", () -> breaker(session).calls() == 4);
        assertThat(breaker(session).failureRate()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledCallGivesItsPlaceToTheNextAndCountsAsNothing(EngineLane lane) throws Exception {
        RawServer server = server((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET /held")) {
                this.released.await();
            }
            connection.respond(200, "served");
        }));
        Session session = session(lane, server.url(),
                (builder) -> builder.bulkhead(BulkheadSettings.of(1).withMaxWait(ofSeconds(5)))
                    .circuitBreaker(BREAKER));
        BackgroundCall<Response> held = start(lane, session, "/held");
        await("it is sent", () -> server.requests().size() == 1);
        BackgroundCall<Response> givenUp = start(lane, session, "/given-up");
        BackgroundCall<Response> next = start(lane, session, "/next");
        await("both wait", () -> bulkhead(session).waiting() == 2);
        givenUp.cancel();
        await("one has left the queue", () -> bulkhead(session).waiting() == 1);
        assertThat(breaker(session).calls()).isZero();
        held.cancel();
        assertThat(next.value(PATIENCE).text()).isEqualTo("served");
        await("nobody is in it", () -> bulkhead(session).running() == 0);
        assertThat(server.requests()).hasSize(2);
        await("only the one that was answered counts", () -> breaker(session).calls() == 1);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatIsAsLongAsAllowedSpeaksNotAgainstTheUpstream(EngineLane lane) {
        RawServer server = server((connection) -> connection.forEachRequest((request) -> {
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            this.released.await();
        }));
        Session session = session(lane, server.url(),
                (builder) -> builder.circuitBreaker(BREAKER)
                    .bulkhead(BulkheadSettings.of(1))
                    .timeouts(Timeouts.defaults().withStreamTotal(ofMillis(60))));
        LaneClient client = client(lane, session);
        for (int i = 0; i < 4; i++) {
            assertThatExceptionOfType(TotalTimeoutException.class).isThrownBy(() -> client.stream("/", (head) -> {
            }));
        }
        await("each has counted", () -> breaker(session).calls() == 4);
        assertThat(breaker(session).failureRate()).isZero();
        assertThat(breaker(session).state()).isEqualTo(State.CLOSED);
        await("nobody is in it", () -> bulkhead(session).running() == 0);
        assertThat(session.statistics().failures()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatStallsAndACallThatIsTooLongSpeakAgainstTheUpstream(EngineLane lane) {
        RawServer server = server((connection) -> connection.forEachRequest((request) -> {
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            this.released.await();
        }));
        Session session = session(lane, server.url(), (builder) -> builder.circuitBreaker(BREAKER));
        LaneClient stalling = client(lane, session).with((copy) -> copy.timeout(ofMillis(60)).total(PATIENCE));
        LaneClient tooLong = client(lane, session).with((copy) -> copy.total(ofMillis(60)));
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(ReadTimeoutException.class).isThrownBy(() -> stalling.stream("/", (head) -> {
            }));
            assertThatExceptionOfType(TotalTimeoutException.class).isThrownBy(() -> tooLong.get("/"));
        }
        await("it is open", () -> breaker(session).state() == State.OPEN);
        assertThat(session.statistics().failures()).hasSize(4);
    }

}
