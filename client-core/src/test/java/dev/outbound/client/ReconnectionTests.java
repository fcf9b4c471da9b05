package dev.outbound.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.Reconnection.Answer;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.DecodingException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ReconnectionTests {

    private static final Request REQUEST = Request.of(HttpMethod.GET, Url.parse("http://shop.test/feed"));

    private double random;

    private final Reconnection reconnection = new Reconnection(REQUEST, 1000, () -> this.random);

    /** A connection that gives this text. */
    private void connect(String text) {
        assertThat(this.reconnection.responded(200)).isEqualTo(Answer.READ);
        this.reconnection.read()
            .decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), (event) -> this.reconnection.received());
    }

    @Test
    void asksForEventsUnlessTheCallerAsksForSomethingElse() {
        assertThat(this.reconnection.request().fields().first("Accept")).isEqualTo("text/event-stream");
        assertThat(this.reconnection.request().fields().first("Cache-Control")).isEqualTo("no-cache");
        assertThat(this.reconnection.request().fields().contains("Last-Event-ID")).isFalse();
        Request own = REQUEST.withHeader("Accept", "application/x-events").withHeader("Last-Event-ID", "7");
        Request sent = new Reconnection(own, 1000, () -> 0).request();
        assertThat(sent.fields().first("Accept")).isEqualTo("application/x-events");
        assertThat(sent.fields().first("Last-Event-ID")).isEqualTo("7");
    }

    @Test
    void goesOnFromTheLastIdentifierThatWasSeen() {
        connect("id: 1\ndata: a\n\nid: 2\n\nid: 3\ndata: cut");
        assertThat(this.reconnection.request().fields().first("Last-Event-ID")).isEqualTo("2");
        connect("data: b\n\n");
        assertThat(this.reconnection.request().fields().first("Last-Event-ID")).isEqualTo("2");
        connect("id\ndata: c\n\n");
        assertThat(this.reconnection.request().fields().contains("Last-Event-ID")).isFalse();
    }

    @Test
    void sendsIdentifiersInUtf8AndRefusesWhatWouldSplitAHeader() {
        connect("id: é€\ndata: a\n\n");
        String sent = String.valueOf(this.reconnection.request().fields().first("Last-Event-ID"));
        assertThat(new String(sent.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)).isEqualTo("é€");
        connect("id: a\u0001b\ndata: a\n\n");
        assertThatExceptionOfType(LocalProtocolException.class).isThrownBy(this.reconnection::request)
            .withMessageContaining("cannot be sent back as Last-Event-ID");
    }

    @Test
    void stopsAtNoContent() {
        assertThat(this.reconnection.isOver()).isFalse();
        assertThat(this.reconnection.responded(204)).isEqualTo(Answer.STOP);
        assertThat(this.reconnection.isOver()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = { 429, 502, 503, 504 })
    void waitsOutWhatPassesOnceItWasConnected(int status) {
        assertThat(this.reconnection.responded(status)).isEqualTo(Answer.REFUSE);
        connect("");
        assertThat(this.reconnection.responded(status)).isEqualTo(Answer.LEAVE);
    }

    @ParameterizedTest
    @ValueSource(ints = { 201, 206, 301, 400, 401, 404, 410, 500, 501 })
    void refusesEveryOtherStatus(int status) {
        connect("");
        assertThat(this.reconnection.responded(status)).isEqualTo(Answer.REFUSE);
    }

    @Test
    void connectsAgainAfterFailuresThatMayPassButNotAfterTheFirst() {
        ConnectionLostException lost = new ConnectionLostException(Phase.BODY, "lost", null);
        assertThat(this.reconnection.failed(lost)).isFalse();
        connect("");
        assertThat(this.reconnection.failed(lost)).isTrue();
        assertThat(this.reconnection.failed(new ReadTimeoutException(Phase.BODY, "silent", null))).isTrue();
        assertThat(this.reconnection.failed(new TotalTimeoutException(Phase.HEAD, "slow", null))).isTrue();
        assertThat(this.reconnection.failed(new TotalTimeoutException(Phase.BODY, "over", null))).isFalse();
        assertThat(this.reconnection.failed(new DecodingException("not gzip", null))).isFalse();
        assertThat(this.reconnection.failed(new LimitExceededException(Phase.BODY, "large", null))).isFalse();
        assertThat(this.reconnection.failed(new CancelledException(Phase.BODY, "interrupted", null))).isFalse();
    }

    @Test
    void waitsLongerEachTimeThatNoEventComesUpToHalfAMinute() {
        connect("data: a\n\n");
        for (int seconds : new int[] { 1, 2, 4, 8, 16, 30, 30, 30 }) {
            assertThat(this.reconnection.pause()).hasSeconds(seconds);
            connect(": only a comment\n\n");
        }
        connect("data: b\n\n");
        assertThat(this.reconnection.pause()).hasSeconds(1);
    }

    @Test
    void waitsAsLongAsTheServerAsksAndNeverLess() {
        connect("retry: 5000\ndata: a\n\n");
        assertThat(this.reconnection.pause()).hasSeconds(5);
        connect("data: a\n\n");
        this.random = 1;
        assertThat(this.reconnection.pause()).hasMillis(7500);
        connect("retry: 60000\n: and no event\n\n");
        this.random = 0;
        assertThat(this.reconnection.pause()).hasMinutes(1);
        assertThat(this.reconnection.pause()).hasMinutes(1);
    }

    @Test
    void neitherSpinsNorSleepsForEverBecauseTheServerSaysSo() {
        connect("retry: 0\ndata: a\n\n");
        assertThat(this.reconnection.pause()).hasMillis(100);
        connect("retry: 99999999999999999999\ndata: a\n\n");
        assertThat(this.reconnection.pause()).isEqualTo(Duration.ofHours(1));
    }

}
