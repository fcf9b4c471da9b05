package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.http.codec.ServerSentEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The examples and rules of the WHATWG's HTML standard, section 9.2.6.
 */
class EventDecoderTests {

    private static final String TEXT = "grüße";

    private final EventDecoder decoder = new EventDecoder(1000);

    private List<ServerSentEvent<String>> decode(String text) {
        return decode(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<ServerSentEvent<String>> decode(byte[] bytes) {
        List<ServerSentEvent<String>> events = new ArrayList<>();
        this.decoder.decode(ByteBuffer.wrap(bytes), events::add);
        return events;
    }

    private static ServerSentEvent<String> event(@Nullable String type, @Nullable String id, String data) {
        ServerSentEvent.Builder<String> event = ServerSentEvent.builder(data);
        if (type != null) {
            event.event(type);
        }
        if (id != null) {
            event.id(id);
        }
        return event.build();
    }

    static List<Arguments> streams() {
        return List.of(arguments("lines of data are joined", "data: YHOO\ndata: +2\ndata: 10\n\n", "YHOO\n+2\n10"),
                arguments("one space is taken away", "data:  two\n\ndata:none\n\n", " two|none"),
                arguments("data without a colon, and data of nothing", "data\n\ndata\ndata\n\ndata:", "|\n"),
                arguments("CR ends a line", "data: a\rdata: b\r\rdata: c\r\r", "a\nb|c"),
                arguments("CRLF ends one line", "data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", "a\nb|c"),
                arguments("LF behind CR, mixed", "data: a\r\n\ndata: b\n\r\n", "a|b"),
                arguments("no other character ends a line", "data: a\u2028b\u0085c\u000bd\fe\n\n",
                        "a\u2028b\u0085c\u000bd\fe"),
                arguments("comments and unknown fields are left out", ": hi\n:\nfoo: bar\nDATA: x\ndata: a\n\n", "a"),
                arguments("an event without data is none", "event: x\nid: 1\n\n\n\n: ping\n\n", ""),
                arguments("an event that is not complete is none", "data: a\n\ndata: b\n", "a"),
                arguments("a byte order mark is not text", "\ufeffdata: a\n\n\ufeffdata: b\n\ndata: \ufeffc\n\n",
                        "a|\ufeffc"),
                arguments("fields have colons", "data: a: b:c\n\n", "a: b:c"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void readsData(String name, String text, String data) {
        assertThat(String.join("|", decode(text).stream().map(ServerSentEvent::data).toList())).isEqualTo(data);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void chunksMakeNoDifference(String name, String text, String data) {
        List<String> texts = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            decode(new byte[] { b }).forEach((event) -> texts.add(event.data()));
        }
        assertThat(String.join("|", texts)).isEqualTo(data);
    }

    @Test
    void readsTypesAndIdentifiers() {
        assertThat(decode("""
                : test stream

                data: first event
                id: 1

                data:second event
                id

                event: add
                data:  third event

                data: fourth
                id: 2

                event: x
                event:
                data: fifth

                """)).containsExactly(event(null, "1", "first event"), event(null, null, "second event"),
                event("add", null, " third event"), event(null, "2", "fourth"), event(null, "2", "fifth"));
        assertThat(this.decoder.lastEventId()).isEqualTo("2");
    }

    @Test
    void identifierCountsWithItsBlockOnly() {
        decode("id: 1\ndata: a\n\nid: 2\ndata: b\n");
        assertThat(this.decoder.lastEventId()).isEqualTo("1");
        decode("\n");
        assertThat(this.decoder.lastEventId()).isEqualTo("2");
        assertThat(decode("id: 3\n\n")).isEmpty();
        assertThat(this.decoder.lastEventId()).isEqualTo("3");
    }

    @Test
    void identifierWithNulIsIgnored() {
        assertThat(decode("id: 1\nid: 2\u00003\ndata: a\n\n")).containsExactly(event(null, "1", "a"));
    }

    @Test
    void retryIsDigitsOnly() {
        assertThat(this.decoder.retry()).isNull();
        assertThat(decode("retry: 1500\ndata: a\n\ndata: b\n\n")).extracting(ServerSentEvent::retry)
            .containsExactly(Duration.ofMillis(1500), null);
        decode("retry: -1\nretry: 2s\nretry: 1.5\nretry:\nretry\nretry: ٣\n\n");
        assertThat(this.decoder.retry()).hasMillis(1500);
        decode("retry: 20\n");
        assertThat(this.decoder.retry()).hasMillis(20);
        decode("retry: 99999999999999999999999999\n");
        assertThat(this.decoder.retry()).isGreaterThan(Duration.ofDays(365));
    }

    @Test
    void textIsUtf8AndMalformedTextIsReplaced() {
        assertThat(decode("data: " + TEXT + "\n\n")).extracting(ServerSentEvent::data).containsExactly(TEXT);
        byte[] malformed = ("data: x" + "\u00ff" + "\n\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(decode(malformed)).extracting(ServerSentEvent::data).containsExactly("x\ufffd");
    }

    @Test
    void lineThatDoesNotEndIsNotKept() {
        assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> {
            for (int i = 0; i < 1001; i++) {
                decode("x");
            }
        }).withMessageContaining("limit of 1000 characters; raise limits.response-body");
    }

    @Test
    void eventThatDoesNotEndIsNotKeptAndThoseBeforeAreGiven() {
        List<ServerSentEvent<String>> events = new ArrayList<>();
        byte[] bytes = ("data: a\n\n" + "data: 123456789\n".repeat(100)).getBytes(StandardCharsets.US_ASCII);
        assertThatExceptionOfType(LimitExceededException.class)
            .isThrownBy(() -> this.decoder.decode(ByteBuffer.wrap(bytes), events::add));
        assertThat(events).containsExactly(event(null, null, "a"));
    }

}
