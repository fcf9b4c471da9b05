package dev.outbound.client.httpx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.Zstd;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.DecodingException;
import dev.outbound.client.http.DefaultCharset;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.PiecemealUpstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class A20ResponseReadingTests extends AbstractFeatureTests {

    private static final String URL = "http://shop.test/a";

    private static final String TEXT = "grüße € 😀, " + "x".repeat(500);

    private PiecemealUpstream pieces = PiecemealUpstream.of("text/plain", "abc", "", "defg", "h");

    @AfterEach
    void everyBodyWasReleased() {
        assertThat(this.pieces.open()).isZero();
    }

    private LaneClient streaming(Lane lane, PiecemealUpstream upstream) {
        return streaming(lane, upstream, (builder) -> {
        });
    }

    private LaneClient streaming(Lane lane, PiecemealUpstream upstream, Consumer<ClientBuilder> settings) {
        this.pieces = upstream;
        return lane.client((builder) -> {
            builder.transport(upstream.transport()).reactiveTransport(upstream.reactiveTransport());
            settings.accept(builder);
        });
    }

    private <T> List<T> read(Lane lane, PiecemealUpstream upstream, Function<StreamedResponse, Stream<T>> blocking,
            Function<ReactiveStreamedResponse, ? extends Publisher<T>> reactive) {
        return streaming(lane, upstream).read(URL, blocking, reactive);
    }

    private List<String> lines(Lane lane, String... texts) {
        return read(lane, PiecemealUpstream.of("text/plain", texts), StreamedResponse::lines,
                ReactiveStreamedResponse::lines);
    }

    private byte[] content(Lane lane, PiecemealUpstream upstream) {
        return join(read(lane, upstream, StreamedResponse::bytes, ReactiveStreamedResponse::bytes));
    }

    private static byte[] join(List<byte[]> pieces) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        pieces.forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    private static List<String> texts(List<byte[]> pieces) {
        return pieces.stream().map((piece) -> new String(piece, StandardCharsets.US_ASCII)).toList();
    }

    private interface Coding {

        OutputStream over(OutputStream out) throws IOException;

    }

    private static byte[] coded(byte[] content, Coding coding) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = coding.over(bytes)) {
            out.write(content);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(String text) {
        return coded(text.getBytes(StandardCharsets.UTF_8), GZIPOutputStream::new);
    }

    /** Bytes in pieces of a size, as they could arrive. */
    private static PiecemealUpstream arriving(String encoding, byte[] bytes, int size) {
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < bytes.length; i += size) {
            pieces.add(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size)));
        }
        return PiecemealUpstream.of("text/plain", pieces.toArray(byte[][]::new))
            .withHeader("Content-Encoding", encoding);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 read / content: a response has its content; read() makes one of a streamed response, within the limit")
    void readAndContent(Lane lane) {
        assertThat(client(lane).get(URL).text()).isEqualTo("answer");
        Function<ReactiveStreamedResponse, Mono<Response>> reading = ReactiveStreamedResponse::read;
        Response read = read(lane, this.pieces, (response) -> {
            Response first = response.read();
            assertThat(response.read()).isSameAs(first);
            return Stream.of(first);
        }, reading).get(0);
        assertThat(read.text()).isEqualTo("abcdefgh");
        assertThat(read.bytes()).isEqualTo(read.bytes()).isNotSameAs(read.bytes());
        assertThat(read.url().text()).isEqualTo(URL);
        LaneClient careful = streaming(lane, this.pieces, (builder) -> builder.maxResponseBody(7));
        assertThatExceptionOfType(LimitExceededException.class)
            .isThrownBy(() -> careful.read(URL, (response) -> Stream.of(response.read()), reading))
            .withMessageContaining("limit of 7 bytes; raise limits.response-body, or read it in pieces");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 iter_raw(size): the bytes as they were received, with their content coding")
    void iterRaw(Lane lane) {
        byte[] coded = gzip(TEXT);
        assertThat(join(read(lane, arriving("gzip", coded, 10), StreamedResponse::raw, ReactiveStreamedResponse::raw)))
            .isEqualTo(coded);
        List<byte[]> cut = read(lane, arriving("gzip", coded, 10), (response) -> response.raw(7),
                (response) -> response.raw(7));
        assertThat(join(cut)).isEqualTo(coded);
        assertThat(cut.subList(0, cut.size() - 1)).allSatisfy((piece) -> assertThat(piece).hasSize(7));
        assertThat(texts(read(lane, PiecemealUpstream.of(null, "abc", "", "defg", "h"), StreamedResponse::raw,
                ReactiveStreamedResponse::raw)))
            .containsExactly("abc", "defg", "h");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 iter_bytes(size): decoded, of one size but for the last; as they come without one, none empty")
    void iterBytes(Lane lane) {
        assertThat(texts(read(lane, this.pieces, StreamedResponse::bytes, ReactiveStreamedResponse::bytes)))
            .containsExactly("abc", "defg", "h");
        assertThat(texts(read(lane, this.pieces, (response) -> response.bytes(3), (response) -> response.bytes(3))))
            .containsExactly("abc", "def", "gh");
        assertThat(texts(read(lane, this.pieces, (response) -> response.bytes(4), (response) -> response.bytes(4))))
            .containsExactly("abcd", "efgh");
        assertThat(read(lane, PiecemealUpstream.of(null, new byte[0][]), (response) -> response.bytes(4),
                (response) -> response.bytes(4)))
            .isEmpty();
        assertThat(content(lane, arriving("gzip", gzip(TEXT), 10))).asString(StandardCharsets.UTF_8).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 iter_text(size): no character torn; a size counts code points")
    void iterText(Lane lane) {
        byte[] bytes = "aé€😀b".getBytes(StandardCharsets.UTF_8);
        byte[][] single = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            single[i] = new byte[] { bytes[i] };
        }
        assertThat(read(lane, PiecemealUpstream.of("text/plain", single), StreamedResponse::text,
                ReactiveStreamedResponse::text))
            .containsExactly("a", "é", "€", "😀", "b");
        assertThat(read(lane, PiecemealUpstream.of("text/plain", single), (response) -> response.text(2),
                (response) -> response.text(2)))
            .containsExactly("aé", "€😀", "b");
        assertThat(read(lane, PiecemealUpstream.of("text/plain", new byte[] { 'a', (byte) 0xe2, (byte) 0x82 }),
                StreamedResponse::text, ReactiveStreamedResponse::text))
            .containsExactly("a", "\ufffd");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 iter_lines: all ends of Unicode, as HTTPX; JSON and events are cut at LF, CR and CRLF only")
    void iterLines(Lane lane) {
        assertThat(lines(lane, "a\r", "\nb", "b\n", "\nc\rd")).containsExactly("a", "bb", "", "c", "d");
        assertThat(lines(lane, "a\n")).containsExactly("a");
        assertThat(lines(lane, "")).isEmpty();
        assertThat(lines(lane, "a\u2028b\u0085c\u000bd\fe")).containsExactly("a", "b", "c", "d", "e");
        PiecemealUpstream json = PiecemealUpstream.of("application/x-ndjson", "\"a\u2028", "b\"\r\n\n\"c\"");
        assertThat(read(lane, json, (response) -> response.jsonLines(String.class),
                (response) -> response.jsonLines(String.class)))
            .containsExactly("a\u2028b", "c");
        assertThat(Response
            .of(Request.of(HttpMethod.GET, Url.parse(URL)), 200, FieldLines.empty(),
                    "a\r\nb\u2028c\n".getBytes(StandardCharsets.UTF_8))
            .lines()).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 misuse: a second reading and one after closing are an IllegalStateException that says so")
    void misuse(Lane lane) {
        assertThatIllegalStateException().isThrownBy(() -> read(lane, this.pieces, (response) -> {
            response.lines().toList();
            return response.lines();
        }, (response) -> response.lines().thenMany(response.lines())))
            .withMessageContaining("was read, or given out to be read, before; it is streamed and there only once");
        StreamedResponse[] blocking = new StreamedResponse[1];
        ReactiveStreamedResponse[] reactive = new ReactiveStreamedResponse[1];
        read(lane, this.pieces, (response) -> {
            blocking[0] = response;
            return Stream.<String>of();
        }, (response) -> {
            reactive[0] = response;
            return Flux.<String>empty();
        });
        if (lane == Lane.BLOCKING) {
            assertThatIllegalStateException().isThrownBy(blocking[0]::bytes)
                .withMessage("The response was closed; read it before");
        }
        else {
            assertThatIllegalStateException().isThrownBy(() -> reactive[0].bytes().blockLast())
                .withMessageContaining("The response was released when the publisher");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 num_bytes_downloaded: what was received, before content codings are undone")
    void numBytesDownloaded(Lane lane) {
        byte[] coded = gzip(TEXT);
        List<Long> counts = read(lane, arriving("gzip", coded, 40), (response) -> {
            long before = response.bytesReceived();
            List<Long> during = response.bytes().map((piece) -> response.bytesReceived()).toList();
            return Stream.of(before, during.get(0), response.bytesReceived());
        }, (response) -> {
            long before = response.bytesReceived();
            Flux<Long> during = response.bytes().map((piece) -> response.bytesReceived());
            return during.collectList().flatMapMany((list) -> Flux.just(before, list.get(0), response.bytesReceived()));
        });
        assertThat(coded).hasSizeGreaterThan(40);
        assertThat(counts).startsWith(0L).endsWith((long) coded.length).isSorted();
        assertThat(counts.get(1)).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 Content-Encoding: several codings are undone in reverse, unknown ones are left, x-gzip is gzip")
    void contentEncoding(Lane lane) {
        byte[] twice = coded(gzip(TEXT), DeflaterOutputStream::new);
        assertThat(content(lane, arriving("gzip, deflate", twice, 30))).asString(StandardCharsets.UTF_8)
            .isEqualTo(TEXT);
        assertThat(content(lane, arriving("identity, gzip", gzip(TEXT), 30))).asString(StandardCharsets.UTF_8)
            .isEqualTo(TEXT);
        assertThat(content(lane, arriving("rot13", "grk".getBytes(StandardCharsets.UTF_8), 30))).asString()
            .isEqualTo("grk");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 gzip: all members are read, and a body that is cut is an error")
    void gzip(Lane lane) {
        assertThat(content(lane, arriving("gzip", join(List.of(gzip("a"), gzip("b"))), 5))).asString().isEqualTo("ab");
        byte[] cut = Arrays.copyOf(gzip(TEXT), 30);
        assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> content(lane, arriving("gzip", cut, 5)));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 deflate: with the wrapper of zlib, or without")
    void deflate(Lane lane) {
        byte[] content = TEXT.getBytes(StandardCharsets.UTF_8);
        byte[] bare = coded(content,
                (out) -> new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true)));
        assertThat(content(lane, arriving("deflate", coded(content, DeflaterOutputStream::new), 11)))
            .isEqualTo(content);
        assertThat(content(lane, arriving("deflate", bare, 11))).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 zstd: several frames; one that is cut is an error")
    void zstd(Lane lane) {
        byte[] frame = Zstd.compress(TEXT.getBytes(StandardCharsets.UTF_8));
        assertThat(content(lane, arriving("zstd", join(List.of(frame, frame)), 13))).asString(StandardCharsets.UTF_8)
            .isEqualTo(TEXT + TEXT);
        byte[] cut = Arrays.copyOf(frame, frame.length - 4);
        assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> content(lane, arriving("zstd", cut, 13)));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 errors: a DecodingException that says which call; an empty body with a coding is empty")
    void errors(Lane lane) {
        byte[] wrong = "this is not gzip".getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> content(lane, arriving("gzip", wrong, 50)))
            .withMessageStartingWith("GET " + URL + ": ")
            .withMessageContaining("phase body");
        assertThat(content(lane, arriving("gzip", new byte[0], 5))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 streaming: decoded as it arrives, what was there before a failure is given first, and bombs are stopped")
    void streaming(Lane lane) {
        RequestException lost = new ConnectionLostException(Phase.BODY, "the connection was lost", null);
        List<String> seen = new ArrayList<>();
        assertThatExceptionOfType(ConnectionLostException.class).isThrownBy(() -> read(lane,
                PiecemealUpstream.of("text/plain", "a\nb\nc\nd\n", "e\nf").breakingOff(lost),
                (response) -> response.lines().peek(seen::add), (response) -> response.lines().doOnNext(seen::add)));
        assertThat(seen).containsExactly("a", "b", "c", "d", "e");
        byte[] bomb = coded(new byte[4 * 1024 * 1024], GZIPOutputStream::new);
        assertThatExceptionOfType(LimitExceededException.class)
            .isThrownBy(() -> content(lane, arriving("gzip", bomb, 512)))
            .withMessageContaining("times larger than the");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 header view: Content-Encoding and Content-Length stay as they were received")
    void headerView(Lane lane) {
        byte[] coded = gzip(TEXT);
        PiecemealUpstream upstream = arriving("gzip", coded, 50).withHeader("Content-Length", "" + coded.length);
        List<FieldLines> fields = read(lane, upstream, (response) -> {
            response.bytes().toList();
            return Stream.of(response.fields());
        }, (response) -> response.bytes().then(Mono.just(response.fields())));
        assertThat(fields.get(0).first("Content-Encoding")).isEqualTo("gzip");
        assertThat(fields.get(0).first("Content-Length")).isEqualTo("" + coded.length);
    }

    private List<String> textOf(Lane lane, @Nullable String contentType, DefaultCharset otherwise, byte[] body) {
        LaneClient client = streaming(lane, PiecemealUpstream.of(contentType, body),
                (builder) -> builder.defaultCharset(otherwise));
        String streamed = String.join("", client.read(URL, StreamedResponse::text, ReactiveStreamedResponse::text));
        return List.of(client.get(URL).text(), streamed);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 encoding choice: the reader's, else the declared one if it is known, else the client's, else UTF-8")
    void encodingChoice(Lane lane) {
        Charset latin = StandardCharsets.ISO_8859_1;
        byte[] body = "ü".getBytes(latin);
        DefaultCharset otherwise = DefaultCharset.of(latin);
        assertThat(textOf(lane, "text/plain; charset=latin-1", DefaultCharset.UTF_8, body)).containsOnly("ü");
        assertThat(textOf(lane, "text/plain; charset=utf-8", otherwise, body)).containsOnly("\ufffd");
        assertThat(textOf(lane, "text/plain; charset=martian", otherwise, body)).containsOnly("ü");
        assertThat(textOf(lane, "text/plain", otherwise, body)).containsOnly("ü");
        assertThat(textOf(lane, null, DefaultCharset.UTF_8, body)).containsOnly("\ufffd");
        LaneClient client = streaming(lane, PiecemealUpstream.of("text/plain; charset=utf-8", body));
        assertThat(client.get(URL).text(latin)).isEqualTo("ü");
        assertThat(client.read(URL, (response) -> response.text(latin), (response) -> response.text(latin)))
            .containsExactly("ü");
        assertThat(client.read(URL, (response) -> response.lines(latin), (response) -> response.lines(latin)))
            .containsExactly("ü");
        assertThat(client.settings().defaultCharset()).hasToString("UTF-8");
        assertThat(client.with((builder) -> builder.defaultCharset(latin)).get(URL).charset())
            .isEqualTo(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A20 detection function: asked once, with the whole body, for text that declares nothing; streamed text is UTF-8")
    void detectionFunction(Lane lane) {
        List<byte[]> shown = new ArrayList<>();
        DefaultCharset detected = DefaultCharset.detectedBy((body) -> {
            shown.add(body);
            return (body[0] == (byte) 0xfc) ? StandardCharsets.ISO_8859_1 : null;
        });
        LaneClient client = streaming(lane,
                PiecemealUpstream.of("text/plain", new byte[] { (byte) 0xfc }, new byte[] { 'x' }),
                (builder) -> builder.defaultCharset(detected));
        Response response = client.get(URL);
        assertThat(shown).isEmpty();
        assertThat(response.text()).isEqualTo("üx");
        assertThat(response.charset()).isEqualTo(StandardCharsets.ISO_8859_1);
        assertThat(response.lines()).containsExactly("üx");
        assertThat(shown).hasSize(1);
        assertThat(shown.get(0)).hasSize(2);
        assertThat(String.join("", client.read(URL, StreamedResponse::text, ReactiveStreamedResponse::text)))
            .isEqualTo("\ufffdx");
        assertThat(textOf(lane, "text/plain", detected, "y".getBytes(StandardCharsets.UTF_8))).containsOnly("y");
        shown.clear();
        textOf(lane, "text/plain; charset=utf-8", detected, "y".getBytes(StandardCharsets.UTF_8));
        assertThat(shown).isEmpty();
    }

    @Test
    @DisplayName("A20 malformed text: U+FFFD for each maximal ill-formed part, never an error; a byte order mark is kept")
    void malformedText() {
        for (Lane lane : Lane.values()) {
            byte[] body = { 'a', (byte) 0xf0, (byte) 0x9f, (byte) 0x98, 'b', (byte) 0xff, (byte) 0xfe, 'c' };
            assertThat(textOf(lane, "text/plain", DefaultCharset.UTF_8, body)).containsOnly("a\ufffdb\ufffd\ufffdc");
            byte[] marked = "\ufeffa".getBytes(StandardCharsets.UTF_8);
            assertThat(textOf(lane, "text/plain", DefaultCharset.UTF_8, marked)).containsOnly("\ufeffa");
        }
    }

}
