package dev.outbound.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;

import org.springframework.http.codec.ServerSentEvent;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.TestClock;

import static dev.outbound.client.lab.FakeUpstream.failure;
import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Server-sent events over several connections, in both clients, on virtual time.
 */
@Timeout(30)
class EventsContractTests {

    private static final String TYPE = "Content-Type: text/event-stream";

    private final TestClock clock = new TestClock();

    private FakeUpstream upstream = FakeUpstream.answering(status(204));

    @AfterEach
    void nothingLeaks() {
        assertThat(this.upstream.open()).isZero();
    }

    private ClientBuilder builder(Answer... answers) {
        this.upstream = FakeUpstream.answering(answers);
        return Client.builder()
            .baseUrl("http://shop.test/api")
            .clock(this.clock)
            .transport(this.upstream.transport())
            .reactiveTransport(this.upstream.reactiveTransport());
    }

    private List<String> follow(Lane lane, Answer... answers) {
        List<String> seen = new ArrayList<>();
        follow(lane, seen, builder(answers));
        return seen;
    }

    private static void follow(Lane lane, List<String> seen, ClientBuilder builder) {
        if (lane == Lane.BLOCKING) {
            try (Client client = builder.build();
                    Stream<ServerSentEvent<String>> events = client.events("/feed/{name}", "a b")) {
                events.forEach((event) -> seen.add(event.data()));
            }
        }
        else {
            try (ReactiveClient client = builder.buildReactive()) {
                client.events("/feed/{name}", "a b")
                    .doOnNext((event) -> seen.add(event.data()))
                    .blockLast(Duration.ofSeconds(20));
            }
        }
    }

    private List<String> lastIds() {
        return this.upstream.requests()
            .stream()
            .map((request) -> String.valueOf(request.fields().first("Last-Event-ID")))
            .toList();
    }

    @ParameterizedTest
    @EnumSource
    void connectsAgainFromWhereItWasUntilThereIsNoMore(Lane lane) {
        assertThat(follow(lane, ok("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: cut", TYPE),
                ok("retry: 3000\nid: 3\ndata: c\n\n", TYPE), ok(": nothing new\n\n", TYPE), ok("", TYPE), status(204)))
            .containsExactly("a", "b", "c");
        assertThat(lastIds()).containsExactly("null", "2", "3", "3", "3");
        List<Duration> waits = this.clock.waits();
        assertThat(waits).hasSize(4);
        assertThat(waits.get(0)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1500));
        assertThat(waits.get(1)).isBetween(Duration.ofSeconds(3), Duration.ofMillis(4500));
        assertThat(waits.get(2)).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(9));
        assertThat(waits.get(3)).isBetween(Duration.ofSeconds(12), Duration.ofSeconds(18));
        Request request = this.upstream.request(0);
        assertThat(request.url().text()).isEqualTo("http://shop.test/api/feed/a%20b");
        assertThat(request.fields().all("Accept")).containsExactly("text/event-stream");
    }

    @ParameterizedTest
    @EnumSource
    void waitsOutAnOutage(Lane lane) {
        assertThat(follow(lane, ok("id: 1\ndata: a\n\n", TYPE), status(503),
                failure(new ConnectionFailedException("refused", null)),
                failure(new ConnectionLostException(Phase.HEAD, "lost", null)), status(502), ok("data: b\n\n", TYPE),
                status(204)))
            .containsExactly("a", "b");
        assertThat(lastIds()).startsWith("null", "1", "1", "1", "1", "1");
        assertThat(this.clock.waits()).hasSize(6).satisfies((waits) -> {
            assertThat(waits.get(4)).isGreaterThanOrEqualTo(Duration.ofSeconds(16));
            assertThat(waits.get(5)).isLessThanOrEqualTo(Duration.ofMillis(1500));
        });
    }

    @ParameterizedTest
    @EnumSource
    void failsIfTheFirstConnectionDoes(Lane lane) {
        assertThatExceptionOfType(ConnectionFailedException.class)
            .isThrownBy(() -> follow(lane, failure(new ConnectionFailedException("refused", null))));
        assertThatExceptionOfType(StatusException.class)
            .isThrownBy(() -> follow(lane, status(503, "Content-Type: text/plain").withBody("not today")))
            .withMessageContaining("503")
            .withMessageContaining("not today");
        assertThat(this.clock.waits()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void failsAtWhatIsNoStreamOfEvents(Lane lane) {
        List<String> seen = new ArrayList<>();
        assertThatExceptionOfType(ConversionException.class)
            .isThrownBy(
                    () -> follow(lane, seen, builder(ok("data: a\n\n", TYPE), ok("<html>", "Content-Type: text/html"))))
            .withMessageContaining("content type text/html");
        assertThat(seen).containsExactly("a");
        assertThatExceptionOfType(StatusException.class)
            .isThrownBy(() -> follow(lane, ok("data: a\n\n", TYPE), status(401)))
            .withMessageContaining("401");
        assertThatExceptionOfType(ConversionException.class)
            .isThrownBy(() -> follow(lane, new Answer(206, ok("", TYPE).fields(), new byte[0], null)))
            .withMessageContaining("status 206");
    }

    @ParameterizedTest
    @EnumSource
    void anEventThatIsTooLargeIsNotAskedForAgain(Lane lane) {
        assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> follow(lane, new ArrayList<>(),
                builder(ok("data: " + "x".repeat(200) + "\n\n", TYPE)).maxResponseBody(100)));
        assertThat(this.upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void raisingForStatusAsASettingMakesNoDifference(Lane lane) {
        List<String> seen = new ArrayList<>();
        follow(lane, seen, builder(ok("data: a\n\n", TYPE), status(503), ok("data: b\n\n", TYPE), status(204))
            .raiseForStatus(true));
        assertThat(seen).containsExactly("a", "b");
    }

    @Test
    void whatTheConsumerThrowsIsItsOwn() {
        try (Client client = builder(ok("data: a\n\ndata: b\n\n", TYPE)).build();
                Stream<ServerSentEvent<String>> events = client.events("/feed")) {
            assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> events.forEach((event) -> {
                throw new ConnectionLostException(Phase.BODY, "of another call", null);
            }));
        }
        assertThat(this.upstream.requests()).hasSize(1);
    }

    @Test
    void anInterruptEndsTheWait() {
        try (Client client = builder(ok("data: a\n\n", TYPE)).build();
                Stream<ServerSentEvent<String>> events = client.events("/feed")) {
            assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> events.forEach((event) -> Thread.currentThread().interrupt()));
        }
        assertThat(Thread.interrupted()).isTrue();
    }

    /**
     * On the time of the system, for the pause would be over at once on a virtual one.
     */
    private ClientBuilder pausing() {
        return builder(ok("retry: 60000\nid: 1\ndata: a\n\n", TYPE)).clock(ClientClock.system());
    }

    private static Thread consume(Stream<ServerSentEvent<String>> events, CompletableFuture<Object> end) {
        Thread consumer = new Thread(() -> {
            try {
                events.forEach((event) -> {
                });
                end.complete("no more events");
            }
            catch (RuntimeException ex) {
                end.complete(ex);
            }
        });
        consumer.start();
        while (consumer.getState() != Thread.State.WAITING && consumer.getState() != Thread.State.TIMED_WAITING) {
            assertThat(consumer.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        return consumer;
    }

    @Test
    void closingTheStreamEndsThePauseBeforeAConnection() throws Exception {
        CompletableFuture<Object> end = new CompletableFuture<>();
        try (Client client = pausing().build()) {
            Stream<ServerSentEvent<String>> events = client.events("/feed");
            Thread consumer = consume(events, end);
            events.close();
            assertThat(end.get(2, TimeUnit.SECONDS)).isEqualTo("no more events");
            consumer.join();
        }
        assertThat(this.upstream.requests()).hasSize(1);
    }

    @Test
    void closingTheClientEndsThePauseBeforeAConnection() throws Exception {
        CompletableFuture<Object> end = new CompletableFuture<>();
        Session session = pausing().session();
        try (Stream<ServerSentEvent<String>> events = session.client().events("/feed")) {
            Thread consumer = consume(events, end);
            session.close();
            assertThat(end.get(2, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
            consumer.join();
        }
        CompletableFuture<Object> reactiveEnd = new CompletableFuture<>();
        Session reactive = pausing().session();
        Disposable subscription = reactive.reactiveClient().events("/feed").subscribe((event) -> {
        }, reactiveEnd::complete, () -> reactiveEnd.complete("no more events"));
        assertThat(reactiveEnd).isNotDone();
        reactive.close();
        assertThat(reactiveEnd.get(2, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        assertThat(subscription.isDisposed()).isTrue();
        assertThat(this.upstream.requests()).hasSize(1);
    }

    @Test
    void eachSubscriptionBeginsAnew() {
        try (ReactiveClient client = builder(ok("id: 1\ndata: a\n\n", TYPE)).buildReactive()) {
            client.events("/feed").take(2).blockLast(Duration.ofSeconds(20));
            client.events("/feed").blockFirst(Duration.ofSeconds(20));
        }
        assertThat(lastIds()).containsExactly("null", "1", "null");
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsResetIsMadeAgainAndLeavingClosesIt(Lane lane) throws Exception {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write(head + "17\r\nretry: 1\nid: 7\ndata: a\n\r\n1\r\n\n\r\n");
            connection.rst();
        }, (connection) -> {
            connection.readRequest();
            connection.write(head + "9\r\ndata: b\n\n\r\n");
            connection.hold();
        })) {
            CompletableFuture<List<String>> seen = new CompletableFuture<>();
            List<String> events = new ArrayList<>();
            if (lane == Lane.BLOCKING) {
                try (Client client = Client.builder().baseUrl(server.url()).build();
                        Stream<ServerSentEvent<String>> stream = client.events("/feed")) {
                    stream.limit(2).forEach((event) -> events.add(event.data()));
                    seen.complete(events);
                }
            }
            else {
                try (ReactiveClient client = Client.builder().baseUrl(server.url()).buildReactive()) {
                    Disposable subscription = client.events("/feed").subscribe((event) -> {
                        events.add(event.data());
                        if (events.size() == 2) {
                            seen.complete(events);
                        }
                    });
                    seen.get(20, TimeUnit.SECONDS);
                    subscription.dispose();
                    server.awaitOpen(0);
                }
            }
            assertThat(seen.get(20, TimeUnit.SECONDS)).containsExactly("a", "b");
            server.awaitOpen(0);
            assertThat(server.requests().get(1)).containsIgnoringCase("Last-Event-ID: 7");
        }
    }

}
