package dev.outbound.client.httpx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.codec.ServerSentEvent;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.cookie.PublicSuffixes;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What HTTPX leaves out on purpose, and is here. */
class A26BeyondHttpxTests extends AbstractFeatureTests {

    private static final String URL = "http://shop.test/a";

    @ParameterizedTest
    @EnumSource
    @DisplayName("A26 retries by status: with back-off and Retry-After")
    void retries(Lane lane) {
        this.upstream = FakeUpstream.answering(status(503, "Retry-After: 7"), status(429), ok("at last"));
        LaneClient client = client(lane, (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ofSeconds(1))));
        assertThat(client.get(URL).text()).isEqualTo("at last");
        assertThat(this.clock.waits()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A26 response size limits: of what is read into memory")
    void sizeLimit(Lane lane) {
        this.upstream = FakeUpstream.answering(ok("0123456789"));
        assertThatExceptionOfType(LimitExceededException.class)
            .isThrownBy(() -> client(lane, (builder) -> builder.maxResponseBody(9)).get(URL))
            .withMessageContaining("9");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A26 decompression limits: a small body cannot become a large one")
    void decompressionLimit(Lane lane) {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[10_000_000]);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        this.upstream = FakeUpstream
            .answering(new Answer(200, ok("", "Content-Encoding: gzip").fields(), bomb.toByteArray(), null));
        assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> client(lane).get(URL));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A26 total deadline: around everything, also what drips")
    void totalDeadline(Lane lane) {
        try (RawServer server = RawServer.start((connection) -> {
            connection.readRequest();
            connection.trickle("HTTP/1.1 200 OK\r\nX-Drip: " + "a".repeat(1000), Duration.ofMillis(20));
        }); LaneClient client = client(lane, server)) {
            assertThatExceptionOfType(TotalTimeoutException.class)
                .isThrownBy(() -> client.get("/", (spec) -> spec.total(Duration.ofMillis(200))));
        }
    }

    @Test
    @DisplayName("A26 public-suffix list: the one of HttpClient, where it is on the class path")
    void publicSuffixes() {
        PublicSuffixes suffixes = PublicSuffixes.list().orElseThrow();
        assertThat(suffixes.isPublicSuffix("co.uk")).isTrue();
        assertThat(suffixes.isPublicSuffix("example.co.uk")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A26 bearer/OAuth2 helpers: a fixed token, or one that is fetched once and renewed")
    void tokens(Lane lane) {
        this.upstream = new FakeUpstream((request) -> request.url().host().equals("id.test")
                ? ok("{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":3600}") : ok("in"));
        LaneClient client = client(lane,
                (builder) -> builder.auth(Auth.clientCredentials("http://id.test/token", "id", "secret")));
        client.get(URL);
        client.get(URL);
        assertThat(this.upstream.requests()).extracting((request) -> request.url().host())
            .containsExactly("id.test", "shop.test", "shop.test");
        assertThat(sent().fields().first("Authorization")).isEqualTo("Bearer t");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A26 server-sent events: as Spring has them, while they arrive")
    void events(Lane lane) {
        this.upstream = FakeUpstream
            .answering(ok("id: 7\nevent: add\ndata: a\ndata: b\n\ndata: c\n\n", "Content-Type: text/event-stream"));
        List<ServerSentEvent<String>> events = client(lane).read(URL, StreamedResponse::events,
                ReactiveStreamedResponse::events);
        assertThat(events).containsExactly(ServerSentEvent.builder("a\nb").id("7").event("add").build(),
                ServerSentEvent.builder("c").id("7").build());
    }

}
