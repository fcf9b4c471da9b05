package dev.outbound.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;

import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.PiecemealUpstream;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The forms in which a streamed body can be read that HTTPX does not have, and what
 * becomes of a streamed response whose status is an error.
 */
class StreamedFormsTests {

    private static final String URL = "http://shop.test/a";

    record Item(String name, int price) {
    }

    private static LaneClient client(Lane lane, PiecemealUpstream upstream) {
        return lane.client((builder) -> builder.transport(upstream.transport())
            .reactiveTransport(upstream.reactiveTransport())
            .maxResponseBody(1000));
    }

    private static List<String> raising(LaneClient client, String url) {
        return client.read(url, (response) -> response.raiseForStatus().lines(),
                (response) -> response.raiseForStatus().lines());
    }

    /** Without what Reactor adds when it blocks. */
    private static List<Throwable> suppressed(Throwable failure) {
        return Stream.of(failure.getSuppressed()).filter(RequestException.class::isInstance).toList();
    }

    @ParameterizedTest
    @EnumSource
    void jsonLinesAreObjects(Lane lane) {
        PiecemealUpstream upstream = PiecemealUpstream.of("text/plain", "\ufeff{\"name\":\"a\",", "\"price\":1}\n\n",
                "{\"name\":\"b\",\"price\":2}\r\n{\"name\":\"c\",\"price\":3}");
        assertThat(client(lane, upstream).read(URL, (response) -> response.jsonLines(Item.class),
                (response) -> response.jsonLines(Item.class)))
            .containsExactly(new Item("a", 1), new Item("b", 2), new Item("c", 3));
        ParameterizedTypeReference<Map<String, Object>> map = new ParameterizedTypeReference<>() {
        };
        assertThat(client(lane, upstream).read(URL, (response) -> response.jsonLines(map),
                (response) -> response.jsonLines(map)))
            .extracting((object) -> object.get("name"))
            .containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @EnumSource
    void lineThatIsNoJsonFailsBehindThoseBeforeIt(Lane lane) {
        PiecemealUpstream upstream = PiecemealUpstream.of("application/x-ndjson",
                "{\"name\":\"a\",\"price\":1}\n\nsecret\n{\"name\":\"c\",\"price\":3}\n");
        List<Item> seen = new ArrayList<>();
        assertThatExceptionOfType(ConversionException.class)
            .isThrownBy(
                    () -> client(lane, upstream).read(URL, (response) -> response.jsonLines(Item.class).peek(seen::add),
                            (response) -> response.jsonLines(Item.class).doOnNext(seen::add)))
            .withMessageStartingWith("GET " + URL + ": line 3 of the body: ")
            .withMessageNotContaining("secret");
        assertThat(seen).containsExactly(new Item("a", 1));
        assertThat(upstream.open()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void eventsAreSprings(Lane lane) {
        PiecemealUpstream upstream = PiecemealUpstream.of("text/event-stream;charset=iso-8859-1",
                "event: add\nid: 7\ndata: ü", "\ndata: b\n\n: ping\n\ndata: cut");
        assertThat(client(lane, upstream).read(URL, StreamedResponse::events, ReactiveStreamedResponse::events))
            .containsExactly(ServerSentEvent.builder("ü\nb").event("add").id("7").build());
    }

    @ParameterizedTest
    @EnumSource
    void somethingElseIsNotReadAsEvents(Lane lane) {
        PiecemealUpstream upstream = PiecemealUpstream.of("text/html", "data: a\n\n");
        assertThatExceptionOfType(ConversionException.class)
            .isThrownBy(
                    () -> client(lane, upstream).read(URL, StreamedResponse::events, ReactiveStreamedResponse::events))
            .withMessageContaining("is no stream of server-sent events; it has status 200 and content type text/html");
        assertThat(upstream.open()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void linesAndEventsThatDoNotEndAreNotKept(Lane lane) {
        PiecemealUpstream lines = PiecemealUpstream.of("text/plain", "ok\n" + "x".repeat(900), "x".repeat(900));
        List<String> seen = new ArrayList<>();
        assertThatExceptionOfType(LimitExceededException.class)
            .isThrownBy(() -> client(lane, lines).read(URL, (response) -> response.lines().peek(seen::add),
                    (response) -> response.lines().doOnNext(seen::add)))
            .withMessageContaining("longer than the limit of 1000 characters; raise limits.response-body");
        assertThat(seen).containsExactly("ok");
        PiecemealUpstream events = PiecemealUpstream.of("text/event-stream", "data: " + "x".repeat(900),
                "x".repeat(900));
        assertThatExceptionOfType(LimitExceededException.class).isThrownBy(
                () -> client(lane, events).read(URL, StreamedResponse::events, ReactiveStreamedResponse::events));
        assertThat(lines.open() + events.open()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void bodyThatTheAuthenticationHasReadIsThereInDecodedForm(Lane lane) {
        PiecemealUpstream upstream = PiecemealUpstream.of("text/plain", "ab", "c");
        AuthFlow reading = new AuthFlow() {

            @Override
            public AuthStep start(Request request) {
                return AuthStep.send(request);
            }

            @Override
            public AuthStep responded(Response response) {
                assertThat(response.text()).isEqualTo("abc");
                return AuthStep.accept();
            }

            @Override
            public boolean readsBody() {
                return true;
            }

        };
        LaneClient client = lane.client((builder) -> builder.transport(upstream.transport())
            .reactiveTransport(upstream.reactiveTransport())
            .baseUrl("http://shop.test")
            .auth((now) -> reading));
        assertThat(client.read("/a", StreamedResponse::text, ReactiveStreamedResponse::text)).containsExactly("abc");
        assertThatIllegalStateException()
            .isThrownBy(() -> client.read("/a", StreamedResponse::raw, ReactiveStreamedResponse::raw))
            .withMessageContaining("is there in decoded form only; use bytes()");
        assertThat(upstream.open()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aSizeOfPiecesIsPositive(Lane lane) {
        PiecemealUpstream upstream = PiecemealUpstream.of("text/plain", "a");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> client(lane, upstream).read(URL, (response) -> response.bytes(0),
                    (response) -> response.bytes(0)))
            .withMessage("size of a piece must be positive, but is 0");
        assertThatIllegalArgumentException().isThrownBy(() -> client(lane, upstream).read(URL,
                (response) -> response.text(-1), (response) -> response.text(-1)));
    }

    @ParameterizedTest
    @EnumSource
    void writesToAFile(Lane lane, @TempDir Path directory) throws IOException {
        Path file = directory.resolve("file");
        Files.writeString(file, "what was there before and is longer");
        client(lane, PiecemealUpstream.of("text/plain", "abc", "def")).read(URL, (response) -> {
            try {
                assertThat(response.writeTo(file)).isEqualTo(6);
            }
            catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
            return Stream.of();
        }, (response) -> response.writeTo(file).thenMany(Flux.empty()));
        assertThat(file).hasContent("abcdef");
    }

    @ParameterizedTest
    @EnumSource
    void suggestedFileNameLeadsNowhere(Lane lane) {
        PiecemealUpstream upstream = PiecemealUpstream.of("text/plain", "a")
            .withHeader("Content-Disposition", "attachment; filename=\"../../.ssh/authorized_keys\"");
        assertThat(client(lane, upstream).get(URL).fileName()).isEqualTo("authorized_keys");
        assertThat(client(lane, upstream).read(URL, (response) -> Stream.of(String.valueOf(response.fileName())),
                (response) -> Mono.just(String.valueOf(response.fileName()))))
            .containsExactly("authorized_keys");
    }

    @ParameterizedTest
    @EnumSource
    void errorStatusShowsTheBeginningOfTheBodyAndKeepsTheConnection(Lane lane) {
        String body = "{\"error\":\"no such report\",\"more\":\"" + "x".repeat(20_000) + "\"}";
        try (RawServer server = RawServer.start((connection) -> connection
            .forEachRequest((request) -> connection.respond(404, body, "Content-Type: application/json")));
                LaneClient client = lane.client((builder) -> builder.baseUrl(server.url()))) {
            assertThatExceptionOfType(StatusException.class).isThrownBy(() -> raising(client, "/a"))
                .withMessageContaining("Client error 404 ")
                .withMessageContaining(": {\"error\":\"no such report\",\"more\":\"xxx")
                .withMessageContaining("…")
                .satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(400))
                .satisfies((ex) -> assertThat(ex.response().statusCode()).isEqualTo(404))
                .satisfies((ex) -> assertThat(suppressed(ex)).isEmpty());
            assertThatExceptionOfType(StatusException.class).isThrownBy(() -> raising(client, "/b"));
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void errorStatusHidesCredentialsThatTheServerRepeats(Lane lane) {
        PiecemealUpstream upstream = PiecemealUpstream.of("text/plain", "bad token to", "p-secret-value")
            .withStatus(401);
        LaneClient client = lane.client((builder) -> builder.transport(upstream.transport())
            .reactiveTransport(upstream.reactiveTransport())
            .header("Authorization", "Bearer top-secret-value"));
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> raising(client, URL))
            .withMessageContaining("401")
            .withMessageContaining(": bad token ******");
        assertThat(upstream.open()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void errorStatusDoesNotWaitForABodyThatDoesNotCome(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 503 Busy\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\ncome back");
            connection.hold();
        }); LaneClient client = lane.client((builder) -> builder.baseUrl(server.url()).timeout(null).total(null))) {
            long start = System.nanoTime();
            assertThatExceptionOfType(StatusException.class).isThrownBy(() -> raising(client, "/"))
                .withMessageContaining("Server error 503 Busy: come back");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            server.awaitOpen(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void errorStatusOfABodyThatWasReadOrHasBrokenIsStillThrown(Lane lane) {
        PiecemealUpstream read = PiecemealUpstream.of("text/plain", "gone").withStatus(410);
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> client(lane, read).read(URL, (response) -> {
            response.lines().toList();
            return response.raiseForStatus().lines();
        }, (response) -> response.lines().thenMany(Flux.defer(() -> response.raiseForStatus().lines()))))
            .withMessageContaining("410");
        PiecemealUpstream broken = PiecemealUpstream.of("text/plain", "gone")
            .withStatus(410)
            .breakingOff(new ConnectionLostException(Phase.BODY, "the connection was lost", null));
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> raising(client(lane, broken), URL))
            .withMessageContaining(": gone")
            .satisfies((ex) -> assertThat(suppressed(ex)).hasSize(1));
        assertThat(read.open() + broken.open()).isZero();
    }

}
