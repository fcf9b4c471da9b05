package dev.outbound.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.spring.ClientRequestFactory;
import dev.outbound.client.spring.ReactiveClientConnector;
import dev.outbound.client.transport.Http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Settings are changed while calls run, and none of them fails. */
@Timeout(60)
class SessionRefreshTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static RawServer answering(String text) {
        return RawServer.start((connection) -> connection.forEachRequest((request) -> connection.respond(200, text)));
    }

    private static ClientBuilder settings(RawServer server, EngineLane lane) {
        return Client.builder().name("shop").engine(lane.engine()).baseUrl(server.url());
    }

    private static LaneClient client(EngineLane lane, Session session) {
        return lane.isBlocking() ? new LaneClient.Blocking(session.client())
                : new LaneClient.Reactive(session.reactiveClient());
    }

    @Test
    void theBudgetOfRetriesGoesByTheClockOfTheClients() {
        TestClock clock = new TestClock();
        try (Session session = Client.builder().clock(clock).retryBudget(new RetryBudget(0, 1)).session()) {
            assertThat(session.retryBalance()).isEqualTo(10);
            clock.advance(Duration.ofSeconds(5));
            assertThat(session.retryBalance()).isEqualTo(15);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNextCallGoesByTheNewSettingsAndTheOldConnectionsAreClosed(EngineLane lane) {
        try (RawServer before = answering("before");
                RawServer after = answering("after");
                Session session = settings(before, lane).header("X-Tenant", "a").session()) {
            LaneClient client = client(lane, session);
            assertThat(client.get("/x").text()).isEqualTo("before");
            session.refresh(settings(after, lane).header("X-Tenant", "b").auth(Auth.bearer("new")));
            assertThat(client.settings().baseUrl()).hasToString(after.url() + "/");
            assertThat(client.get("/x").text()).isEqualTo("after");
            before.awaitOpen(0);
            assertThat(after.requests().get(0)).contains("X-Tenant: b").contains("Authorization: Bearer new");
            assertThat(session.statistics().calls()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunningCallEndsAsItBegan(EngineLane lane) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (RawServer before = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            asked.countDown();
            answer.await();
            connection.respond(200, "before");
        })); RawServer after = answering("after"); Session session = settings(before, lane).session()) {
            LaneClient client = client(lane, session);
            Future<String> running = threads.submit(() -> client.get("/").text());
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            session.refresh(settings(after, lane));
            assertThat(client.get("/").text()).isEqualTo("after");
            assertThat(before.open()).isEqualTo(1);
            answer.countDown();
            assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo("before");
            before.awaitOpen(0);
        }
        finally {
            answer.countDown();
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsWaitUntilTheirResponseIsThereWhateverChanges(EngineLane lane) throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch delivered = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            answer.await();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
            if (request.startsWith("GET /stream")) {
                end.await();
            }
            connection.write("half");
        })); Session session = settings(server, lane).session()) {
            assertThat(session.waitingCalls()).isZero();
            LaneClient client = client(lane, session);
            BackgroundCall<Response> call = BackgroundCall.onPlatformThread(() -> client.get("/call"));
            await(() -> server.requests().size() == 1);
            session.refresh(settings(server, lane));
            BackgroundCall<Long> stream = BackgroundCall
                .onPlatformThread(() -> client.stream("/stream", (head) -> delivered.countDown()));
            await(() -> server.requests().size() == 2);
            assertThat(session.waitingCalls()).isEqualTo(2);
            answer.countDown();
            assertThat(call.value(PATIENCE).text()).isEqualTo("halfhalf");
            assertThat(delivered.await(10, TimeUnit.SECONDS)).isTrue();
            await(() -> session.waitingCalls() == 0);
            assertThat(stream.isDone()).isFalse();
            end.countDown();
            assertThat(stream.value(PATIENCE)).isEqualTo(8);
            assertThat(session.waitingCalls()).isZero();
        }
        finally {
            answer.countDown();
            end.countDown();
        }
    }

    private static void await(BooleanSupplier condition) {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - patience).isNegative();
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noCallFailsWhileSettingsChangeAllTheTime(EngineLane lane) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (RawServer one = answering("served");
                RawServer other = answering("served");
                Session session = settings(one, lane).session()) {
            LaneClient client = client(lane, session);
            LaneClient copy = client.with((builder) -> builder.header("X-Copy", "1"));
            List<Future<Integer>> callers = new ArrayList<>();
            for (LaneClient caller : List.of(client, client, copy, copy)) {
                callers.add(threads.submit(() -> {
                    int calls = 0;
                    while (!done.get()) {
                        assertThat(caller.get("/").text()).isEqualTo("served");
                        calls++;
                    }
                    return calls;
                }));
            }
            for (int i = 0; i < 40; i++) {
                one.awaitConnections(i / 2);
                session.refresh(settings((i % 2 == 0) ? other : one, lane));
                client.get("/");
            }
            done.set(true);
            int calls = 40;
            for (Future<Integer> caller : callers) {
                calls += caller.get(10, TimeUnit.SECONDS);
            }
            assertThat(session.statistics().calls()).isEqualTo(calls);
            assertThat(session.statistics().lastFailure()).isNull();
            other.awaitOpen(0);
            session.refresh(settings(other, lane));
            one.awaitOpen(0);
        }
        finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    @Test
    void aStreamedBodyKeepsItsEngineToItsEnd() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        try (RawServer before = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
            rest.await();
            connection.write("rest");
        })); RawServer after = answering("after"); Session session = settings(before, EngineLane.REACTOR).session()) {
            Mono<String> streamed = session.reactiveClient().stream(HttpMethod.GET, "/", (spec) -> {
            }, (response) -> response.body().doOnNext((buffer) -> rest.countDown()).map((buffer) -> {
                session.refresh(settings(after, EngineLane.REACTOR));
                String piece = buffer.toString(StandardCharsets.UTF_8);
                DataBufferUtils.release(buffer);
                return piece;
            })).collectList().map((pieces) -> String.join("", pieces));
            try (StreamedResponse blocking = session.client().stream(HttpMethod.GET, "/")) {
                assertThat(streamed.block(PATIENCE)).isEqualTo("halfrest");
                assertThat(blocking.text()).containsExactly("half", "rest");
            }
            before.awaitOpen(0);
        }
        finally {
            rest.countDown();
        }
    }

    @Test
    void whatIsSubscribedToLaterGoesByTheSettingsOfThen() {
        try (RawServer before = answering("before");
                RawServer after = answering("after");
                Session session = settings(before, EngineLane.REACTOR).session()) {
            Mono<Response> call = session.reactiveClient().get("/x");
            assertThat(call.map(Response::text).block(PATIENCE)).isEqualTo("before");
            session.refresh(settings(after, EngineLane.REACTOR));
            assertThat(call.map(Response::text).block(PATIENCE)).isEqualTo("after");
        }
    }

    @ParameterizedTest
    @EnumSource
    void copiesFollowWithWhatTheyChanged(EngineLane lane) {
        try (RawServer before = answering("before");
                RawServer after = answering("after");
                Session session = settings(before, lane).session()) {
            LaneClient admin = client(lane, session).with((builder) -> builder.header("X-Role", "admin"));
            LaneClient audited = admin.with((builder) -> builder.header("X-Audit", "on"));
            session.refresh(settings(after, lane).header("X-Role", "user").header("X-New", "1"));
            assertThat(audited.get("/").text()).isEqualTo("after");
            assertThat(after.requests().get(0)).contains("X-Role: admin", "X-Audit: on", "X-New: 1");
        }
    }

    @Test
    void springsFacesFollowToTheNewBaseUrl() {
        try (RawServer before = answering("before");
                RawServer after = answering("after");
                Session session = settings(before, EngineLane.REACTOR).baseUrl(before.url("/v1")).session()) {
            RestClient restClient = ClientRequestFactory.of(session.client()).applyTo(RestClient.builder()).build();
            WebClient webClient = ReactiveClientConnector.of(session.reactiveClient())
                .applyTo(WebClient.builder())
                .build();
            assertThat(restClient.get().uri("/items/{id}?page=1", 7).retrieve().body(String.class)).isEqualTo("before");
            session.refresh(settings(after, EngineLane.REACTOR).baseUrl(after.url("/v2")));
            assertThat(restClient.get().uri("/items/{id}?page=1", 7).retrieve().body(String.class)).isEqualTo("after");
            assertThat(webClient.get().uri("/items/{id}", 8).retrieve().bodyToMono(String.class).block(PATIENCE))
                .isEqualTo("after");
            assertThat(after.requests()).satisfiesExactly(
                    (request) -> assertThat(request).startsWith("GET /v2/items/7?page=1 "),
                    (request) -> assertThat(request).startsWith("GET /v2/items/8 "));
            assertThatIllegalArgumentException()
                .isThrownBy(() -> restClient.get().uri("http://elsewhere.test/").retrieve().body(String.class));
        }
    }

    @Test
    void followedEventsConnectAgainByTheNewSettings() {
        String event = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                + "retry: 1\nid: 7\ndata: %s\n\n";
        try (RawServer before = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(event.formatted("before"));
        }); RawServer after = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(event.formatted("after"));
        }); Session session = settings(before, EngineLane.REACTOR).session()) {
            Flux<String> reactive = session.reactiveClient().events("/e").mapNotNull(ServerSentEvent::data);
            List<String> seen = new ArrayList<>();
            try (var events = session.client().events("/e")) {
                var iterator = events.iterator();
                seen.add(iterator.next().data());
                session.refresh(settings(after, EngineLane.REACTOR).header("X-New", "1"));
                seen.add(iterator.next().data());
            }
            assertThat(seen).containsExactly("before", "after");
            assertThat(after.requests().get(0)).contains("Last-Event-ID: 7", "X-New: 1", "Accept: text/event-stream");
            List<String> switched = reactive.take(2)
                .doOnNext((data) -> session.refresh(settings(before, EngineLane.REACTOR)))
                .collectList()
                .block(PATIENCE);
            assertThat(switched).containsExactly("after", "before");
        }
    }

    @Test
    void anInvalidChangeIsRefusedAndTheOldSettingsStay() {
        try (RawServer server = answering("served");
                Session session = settings(server, EngineLane.HTTP_COMPONENTS).session()) {
            Client client = session.client();
            client.get("/");
            assertThatIllegalStateException().isThrownBy(
                    () -> session.refresh(settings(server, EngineLane.HTTP_COMPONENTS).http2(Http2.PRIOR_KNOWLEDGE)))
                .withMessageContaining("http");
            assertThatIllegalArgumentException()
                .isThrownBy(() -> session.refresh(Client.builder().name("other").baseUrl(server.url())))
                .withMessageContaining("'shop'")
                .withMessageContaining("'other'");
            assertThat(client.get("/").text()).isEqualTo("served");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aCopyThatTheNewSettingsDoNotSuitTellsItsCaller() {
        try (RawServer server = answering("served");
                Session session = settings(server, EngineLane.HTTP_COMPONENTS).session()) {
            AtomicBoolean refuse = new AtomicBoolean();
            Client copy = session.client().with((builder) -> {
                if (refuse.get()) {
                    throw new IllegalArgumentException("no longer");
                }
            });
            refuse.set(true);
            assertThat(copy.get("/").text()).isEqualTo("served");
            session.refresh(settings(server, EngineLane.HTTP_COMPONENTS));
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> copy.get("/"));
            refuse.set(false);
            assertThat(copy.get("/").text()).isEqualTo("served");
        }
    }

    @Test
    void closingEndsWhatIsStillRunningOnOlderEngines() {
        try (RawServer before = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
            connection.hold();
        }); RawServer after = answering("after")) {
            Session session = settings(before, EngineLane.HTTP_COMPONENTS).session();
            StreamedResponse response = session.client().stream(HttpMethod.GET, "/");
            session.refresh(settings(after, EngineLane.HTTP_COMPONENTS));
            session.close();
            before.awaitOpen(0);
            assertThatIllegalStateException()
                .isThrownBy(() -> session.refresh(settings(after, EngineLane.HTTP_COMPONENTS)))
                .withMessageContaining("was closed");
            assertThatIllegalStateException().isThrownBy(() -> session.client().get("/"));
            response.close();
        }
    }

}
