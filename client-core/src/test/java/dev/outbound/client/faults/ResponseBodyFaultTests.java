package dev.outbound.client.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.Zstd;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.faults.Cell.Retry;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.DecodingException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.Script;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.faults.Cell.answer;
import static dev.outbound.client.faults.Cell.answerAndHold;
import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Section D: the body of the response.
 */
@Rows
class ResponseBodyFaultTests {

    private static final String TRUNCATED = "TruncatedBodyException; idempotent calls are retried; connection closed";

    private static final String PROTOCOL = "RemoteProtocolException, phase body; not retried; connection closed";

    private static final String LIMIT = "LimitExceededException, phase body; not retried; connection closed";

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static final long MAX_BODY = 16 * 1024 * 1024;

    private static String sized(long length) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
    }

    /** Each of these bodies is an offence. */
    private static void offends(Cell cell, String... bodies) {
        for (String body : bodies) {
            try {
                cell.breaks(answerAndHold(CHUNKED + body), RemoteProtocolException.class, Phase.BODY, Retry.NEVER);
            }
            catch (AssertionError ex) {
                throw new AssertionError("The body " + body + ": " + ex.getMessage(), ex);
            }
        }
    }

    /** Keeps the connection. */
    private static Script coded(String coding, byte[] body) {
        return (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: " + body.length
                    + "\r\n\r\n");
            connection.write(body);
            connection.forEachRequest((request) -> connection.respond(200, "next"));
        };
    }

    private static Script typed(String contentType, String body) {
        return (connection) -> {
            connection.readRequest();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            connection
                .write("HTTP/1.1 200 OK\r\n" + (contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\r\n")
                        + "Content-Length: " + bytes.length + "\r\n\r\n");
            connection.write(bytes);
            connection.forEachRequest((request) -> connection.respond(200, "next"));
        };
    }

    private static byte[] gzip(byte[] content) {
        return written((out) -> {
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(content);
            }
        });
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writing.to(out);
        }
        catch (IOException ex) {
            throw new AssertionError(ex);
        }
        return out.toByteArray();
    }

    private interface Writing {

        void to(OutputStream out) throws IOException;

    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Row(id = "D1", when = "Close before Content-Length is reached", then = TRUNCATED)
    void closeBeforeLength(Cell cell) {
        cell.breaks(answer(sized(100) + "x".repeat(40)), TruncatedBodyException.class, Phase.BODY, Retry.IDEMPOTENT);
    }

    @Row(id = "D2", when = "Reset within the body",
            then = "ConnectionLostException, phase body; idempotent calls are retried; connection closed")
    void resetWithinBody(Cell cell) {
        cell.breaks((connection) -> {
            connection.readRequest();
            connection.write(sized(100) + "x".repeat(40));
            // A reset takes along what its receiver has not read yet.
            connection.pause(Duration.ofMillis(50));
            connection.rst();
        }, ConnectionLostException.class, Phase.BODY, Retry.IDEMPOTENT);
    }

    @Row(id = "D3", when = "Close within a chunk", then = TRUNCATED)
    void closeWithinChunk(Cell cell) {
        for (String body : new String[] { "64\r\nhalf", "4\r\nhalf", "4\r\nhalf\r\n6", "4\r\nhalf\r\n6\r",
                "4\r\nhalf\r\n6\r\n" }) {
            cell.breaks(answer(CHUNKED + body), TruncatedBodyException.class, Phase.BODY, Retry.IDEMPOTENT);
        }
    }

    @Row(id = "D4", when = "Close before the last chunk", then = TRUNCATED)
    void closeBeforeLastChunk(Cell cell) {
        for (String body : new String[] { "", "4\r\nhalf\r\n", "4\r\nhalf\r\n0\r\n" }) {
            cell.breaks(answer(CHUNKED + body), TruncatedBodyException.class, Phase.BODY, Retry.IDEMPOTENT);
        }
    }

    @Row(id = "D5", when = "Chunk size ZZ, -5, +5, 0x5, empty", then = PROTOCOL)
    void badChunkSizes(Cell cell) {
        offends(cell, "ZZ\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n", "\r\nhello\r\n0\r\n\r\n", ";a=b\r\nhello\r\n0\r\n\r\n");
        for (String body : new String[] { "ZZ", "4\r\nhalf\r\n-", "5 x" }) {
            cell.breaks(answer(CHUNKED + body), RemoteProtocolException.class, Phase.BODY, Retry.NEVER);
        }
    }

    @Row(id = "D6", when = "Chunk size 2^63, 17 hexadecimal digits", then = PROTOCOL)
    void hugeChunkSizes(Cell cell) {
        offends(cell, "8000000000000000\r\nhello", "11111111111111111\r\nhello", "F".repeat(200) + "\r\nhello");
    }

    @Row(id = "D7", when = "A chunk extension of 10 MB", then = LIMIT)
    void hugeChunkExtension(Cell cell) {
        cell.breaks((connection) -> {
            connection.readRequest();
            connection.write(CHUNKED + "5;a=");
            String piece = "x".repeat(16 * 1024);
            for (int i = 0; i < 640; i++) {
                connection.write(piece);
            }
            connection.hold();
        }, LimitExceededException.class, Phase.BODY, Retry.NEVER);
    }

    @Row(id = "D8", when = "Chunk data without its CR LF", then = PROTOCOL)
    void chunkWithoutEnd(Cell cell) {
        offends(cell, "5\r\nhelloworld\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\nxx\r\n");
    }

    @Row(id = "D9", when = "10,000 trailers", then = LIMIT)
    void manyTrailers(Cell cell) {
        cell.breaks((connection) -> {
            connection.readRequest();
            connection.write(CHUNKED + "2\r\nok\r\n0\r\n");
            for (int i = 0; i < 100; i++) {
                connection.write("X-Trailer: 0123456789\r\n".repeat(100));
            }
            connection.hold();
        }, LimitExceededException.class, Phase.BODY, Retry.NEVER);
    }

    @Row(id = "D10", when = "The body comes byte by byte, each in time",
            then = "TotalTimeoutException, phase body; not retried; connection closed")
    void trickledBody(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.write(sized(1000));
            connection.trickle("x".repeat(1000), Duration.ofMillis(10));
        }, next());
        LaneClient client = cell.client(server, (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ZERO)));
        cell.timesOut(TotalTimeoutException.class, Phase.BODY, () -> client.get("/", (spec) -> spec.total(Cell.SHORT)));
        assertThat(server.requests()).hasSize(1);
        cell.evicted(server, client);
    }

    @Row(id = "D11", when = "Silence within the body",
            then = "ReadTimeoutException, phase body; idempotent calls are retried unless streamed; connection closed")
    void silenceWithinBody(Cell cell) {
        Script silent = answerAndHold(sized(10) + "half");
        cell.breaks(silent, ReadTimeoutException.class, Phase.BODY, Retry.IDEMPOTENT,
                (builder) -> builder.timeouts(Cell.LIMITS.withRead(Cell.SHORT)));
        RawServer server = cell.server(silent, next());
        LaneClient client = cell.client(server, (builder) -> builder.timeouts(Cell.LIMITS.withRead(Cell.SHORT))
            .retry(RetryPolicy.fixed(2, Duration.ZERO)));
        cell.timesOut(ReadTimeoutException.class, Phase.BODY, () -> client.stream("/", (response) -> {
        }));
        cell.evicted(server, client);
    }

    @Row(id = "D12", also = "S81", when = "An endless body", then = LIMIT + "; a stream goes on")
    void endlessBody(Cell cell) {
        for (String head : new String[] { CHUNKED, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" }) {
            Script endless = (connection) -> {
                connection.readRequest();
                connection.write(head);
                String piece = (head.equals(CHUNKED)) ? "400\r\n" + "x".repeat(1024) + "\r\n" : "x".repeat(1024);
                while (true) {
                    connection.write(piece.repeat(16));
                }
            };
            cell.breaks(endless, LimitExceededException.class, Phase.BODY, Retry.NEVER,
                    (builder) -> builder.maxResponseBody(100_000));
            RawServer server = cell.server(endless, next());
            LaneClient client = cell.client(server, (builder) -> builder.maxResponseBody(100_000));
            client.leave("/", 300_000);
            cell.evicted(server, client);
        }
    }

    @Row(id = "D13", when = "The caller leaves a body of 10 GB after 1 KB",
            then = "At once, without reading the rest; connection closed")
    void leavingALargeBody(Cell cell) {
        long[] written = new long[1];
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.write(sized(10_000_000_000L));
            byte[] piece = new byte[16 * 1024];
            while (true) {
                connection.write(piece);
                written[0] += piece.length;
            }
        }, next());
        LaneClient client = cell.client(server);
        client.leave("/", 1024);
        cell.evicted(server, client);
        server.awaitOpen(1);
        // What the buffers of both sides hold.
        assertThat(written[0]).isLessThan(64 * 1024 * 1024);
    }

    @Row(id = "D14", when = "Content-Length of 10 GB", then = LIMIT + "; nothing of the body is read")
    void hugeLength(Cell cell) {
        cell.breaks(answerAndHold(sized(10_000_000_000L)), LimitExceededException.class, Phase.BODY, Retry.NEVER);
        cell.breaks(answerAndHold(sized(999_999_999_999_999_999L)), LimitExceededException.class, Phase.BODY,
                Retry.NEVER);
    }

    @Row(id = "D15", also = "S79", when = "A gzip bomb, simple and nested", then = LIMIT)
    void gzipBomb(Cell cell) {
        byte[] bomb = gzip(new byte[4 * (int) MAX_BODY]);
        for (byte[] body : new byte[][] { bomb, gzip(bomb) }) {
            Script script = (connection) -> {
                connection.readRequest();
                connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: " + ((body == bomb) ? "gzip" : "gzip, gzip")
                        + "\r\nContent-Length: " + (body.length + 1) + "\r\n\r\n");
                connection.write(body);
                connection.hold();
            };
            cell.breaks(script, LimitExceededException.class, Phase.BODY, Retry.NEVER);
        }
    }

    @Row(id = "D16", when = "A zstd bomb; one that claims a window of 2 GB",
            then = "LimitExceededException or, for the window, DecodingException; connection closed")
    void zstdBomb(Cell cell) {
        byte[] bomb = Zstd.compress(new byte[4 * (int) MAX_BODY]);
        cell.breaks((connection) -> {
            connection.readRequest();
            connection.write(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: " + (bomb.length + 1) + "\r\n\r\n");
            connection.write(bomb);
            connection.hold();
        }, LimitExceededException.class, Phase.BODY, Retry.NEVER);
        // RFC 8878, section 3.1.1: a frame without a size, whose window descriptor says
        // 2^31 bytes.
        byte[] window = { (byte) 0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0xa8, 1, 0, 0 };
        RawServer server = cell.server(coded("zstd", window));
        LaneClient client = cell.client(server);
        cell.fails(DecodingException.class, Phase.BODY, () -> client.get("/"));
    }

    @Row(id = "D17", when = "gzip with a bad header, a bad checksum", then = "DecodingException; not retried")
    void corruptGzip(Cell cell) {
        byte[] checksum = gzip(bytes("hello"));
        checksum[checksum.length - 8] ^= 1;
        byte[] header = gzip(bytes("hello"));
        header[0] ^= 1;
        for (byte[] body : new byte[][] { header, checksum }) {
            RawServer server = cell.server(coded("gzip", body), next());
            LaneClient client = cell.client(server, (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ZERO)));
            cell.fails(DecodingException.class, Phase.BODY, () -> client.get("/"));
            assertThat(server.requests()).hasSize(1);
            assertThat(client.get("/").text()).isEqualTo("next");
        }
    }

    @Row(id = "D18", when = "Truncated gzip in a whole body", then = "DecodingException; not retried")
    void truncatedGzip(Cell cell) {
        byte[] whole = gzip(bytes("hello hello hello"));
        for (int length : new int[] { 5, whole.length / 2, whole.length - 1 }) {
            RawServer server = cell.server(coded("gzip", Arrays.copyOf(whole, length)), next());
            LaneClient client = cell.client(server, (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ZERO)));
            cell.fails(DecodingException.class, Phase.BODY, () -> client.get("/"));
            assertThat(server.requests()).hasSize(1);
            assertThat(client.get("/").text()).isEqualTo("next");
        }
    }

    @Row(id = "D19", when = "Several gzip members; garbage behind them",
            then = "Members are joined; garbage is ignored, as HTTPX does")
    void gzipMembers(Cell cell) {
        byte[] members = written((out) -> {
            out.write(gzip(bytes("hello ")));
            out.write(gzip(bytes("world")));
        });
        RawServer server = cell.server(coded("gzip", members));
        LaneClient client = cell.client(server);
        assertThat(client.get("/").text()).isEqualTo("hello world");
        cell.reused(server, client);
        byte[] garbage = written((out) -> {
            out.write(gzip(bytes("hello")));
            out.write(bytes("garbage"));
        });
        assertThat(cell.client(cell.server(coded("gzip", garbage))).get("/").text()).isEqualTo("hello");
    }

    @Row(id = "D20", also = "S80", when = "An unknown content coding; twenty layers of gzip",
            then = "Unknown ones are left as they are, as HTTPX does; too many are a DecodingException")
    void codings(Cell cell) {
        RawServer server = cell.server(coded("snappy", bytes("raw")));
        LaneClient client = cell.client(server);
        assertThat(client.get("/").text()).isEqualTo("raw");
        cell.reused(server, client);
        byte[] layers = bytes("x");
        for (int i = 0; i < 20; i++) {
            layers = gzip(layers);
        }
        RawServer layered = cell.server(coded("gzip" + ", gzip".repeat(19), layers), next());
        LaneClient other = cell.client(layered);
        cell.fails(DecodingException.class, Phase.BODY, () -> other.get("/"));
        assertThat(other.get("/").text()).isEqualTo("next");
    }

    @Row(id = "D21", when = "Content-Encoding GZIP, x-gzip, deflate with and without its header", then = "Decoded")
    void codingNames(Cell cell) {
        byte[] zlib = written((out) -> {
            try (DeflaterOutputStream deflate = new DeflaterOutputStream(out)) {
                deflate.write(bytes("hello"));
            }
        });
        byte[] raw = written((out) -> {
            Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            try (DeflaterOutputStream deflate = new DeflaterOutputStream(out, deflater)) {
                deflate.write(bytes("hello"));
            }
            finally {
                deflater.end();
            }
        });
        byte[] gzip = gzip(bytes("hello"));
        for (Map.Entry<String, byte[]> coding : Map.of("GZIP", gzip, "x-gzip", gzip, "deflate", zlib, "Deflate", raw)
            .entrySet()) {
            RawServer server = cell.server(coded(coding.getKey(), coding.getValue()));
            LaneClient client = cell.client(server);
            assertThat(client.get("/").text()).as(coding.getKey()).isEqualTo("hello");
            cell.reused(server, client);
        }
    }

    @Row(id = "D22", when = "An empty body with Content-Encoding: gzip", then = "An empty body")
    void emptyGzip(Cell cell) {
        RawServer server = cell.server(coded("gzip", new byte[0]));
        LaneClient client = cell.client(server);
        assertThat(client.get("/").bytes()).isEmpty();
        cell.reused(server, client);
    }

    @Row(id = "D23", when = "The last chunk comes after the end of the gzip data",
            then = "Read; the connection is used again")
    void lateLastChunk(Cell cell) {
        byte[] body = gzip(bytes("hello"));
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(body.length) + "\r\n");
            connection.write(body);
            connection.pause(Duration.ofMillis(20));
            connection.write("\r\n0\r\n\r\n");
            connection.forEachRequest((request) -> connection.respond(200, "next"));
        });
        LaneClient client = cell.client(server);
        assertThat(client.get("/").text()).isEqualTo("hello");
        cell.reused(server, client);
    }

    @Row(id = "D24", when = "A JSON array of 64 MB",
            then = "LimitExceededException when read into memory; a stream of any length")
    void hugeJson(Cell cell) {
        int pieces = 1024;
        Script script = (connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            String piece = "10000\r\n" + "[1,2,3],".repeat(8192) + "\r\n";
            for (int i = 0; i < pieces; i++) {
                connection.write(piece);
            }
            connection.write("0\r\n\r\n");
            connection.hold();
        };
        RawServer server = cell.server(script, script);
        LaneClient client = cell.client(server);
        cell.fails(LimitExceededException.class, Phase.BODY, () -> client.get("/"));
        assertThat(client.stream("/", (response) -> {
        })).isEqualTo(pieces * 65536L);
    }

    private static void unconvertible(Cell cell, String contentType, String body, Class<?> type) {
        RawServer server = cell.server(typed(contentType, body));
        LaneClient client = cell.client(server, (builder) -> builder.retry(RetryPolicy.fixed(2, Duration.ZERO)));
        ConversionException failure = cell.fails(ConversionException.class, Phase.BODY,
                () -> client.get("/").json(type));
        assertThat(failure.getMessage()).doesNotContain("c4n4ry");
        assertThat(server.requests()).hasSize(1);
        cell.reused(server, client);
    }

    @Row(id = "D25", also = "S89", when = "JSON nested 100,000 deep", then = "ConversionException; not retried")
    void deepJson(Cell cell) {
        unconvertible(cell, "application/json", "[".repeat(100_000), Object.class);
        unconvertible(cell, "application/json", "{\"a\":".repeat(100_000), Map.class);
    }

    @Row(id = "D26", when = "JSON with a number of 2 MB, a name of 1 MB", then = "ConversionException; not retried")
    void hugeJsonValues(Cell cell) {
        unconvertible(cell, "application/json", "[" + "9".repeat(2_000_000) + "]", Object.class);
        unconvertible(cell, "application/json", "{\"" + "n".repeat(1_000_000) + "\":1}", Map.class);
    }

    @Row(id = "D27", when = "HTML, broken or truncated JSON with status 200",
            then = "ConversionException without the body's text")
    void brokenJson(Cell cell) {
        for (String body : new String[] { "<html>c4n4ry</html>", "{\"a\":\"c4n4ry\"", "{\"a\":c4n4ry}" }) {
            unconvertible(cell, "application/json", body, Map.class);
        }
    }

    @Row(id = "D28", when = "An empty body where a value is expected",
            then = "ConversionException; hasBody() tells before")
    void emptyJson(Cell cell) {
        unconvertible(cell, "application/json", "", Map.class);
        LaneClient client = cell.client(cell.server(Cell.respond(204, "")));
        Response response = client.get("/");
        assertThat(response.hasBody()).isFalse();
        cell.fails(ConversionException.class, Phase.BODY, () -> response.json(Map.class));
    }

    @Row(id = "D29", when = "Content-Type missing, wrong, malformed",
            then = "Delivered; text in UTF-8, JSON where it is JSON")
    void oddContentTypes(Cell cell) {
        for (String type : new String[] { "", "text/html; charset=", "nonsense", "text/html;;;", "a/b/c",
                "application/json; charset=\"", "*/*" }) {
            LaneClient client = cell.client(cell.server(typed(type, "[\"é\"]")));
            Response response = client.get("/");
            assertThat(response.text()).as(type).isEqualTo("[\"é\"]");
            assertThat(response.headers().getFirst("Content-Type")).isEqualTo(type.isEmpty() ? null : type);
            assertThat(response.json().get(0).asString()).isEqualTo("é");
        }
    }

    @Row(id = "D30", when = "An unknown charset; a BOM before JSON", then = "UTF-8, as HTTPX does; the BOM is skipped")
    void charsets(Cell cell) {
        Response unknown = cell.client(cell.server(typed("text/plain; charset=bogus", "é€"))).get("/");
        assertThat(unknown.text()).isEqualTo("é€");
        Response bom = cell.client(cell.server(typed("application/json", "\ufeff[1]"))).get("/");
        assertThat(bom.json().get(0).asInt()).isEqualTo(1);
    }

    @Row(id = "D31", when = "Each byte of several characters in a chunk of its own", then = "The text is intact")
    void charactersInPieces(Cell cell) {
        String text = "é€😀\r\n日本";
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (byte b : bytes(text)) {
                connection.write(new byte[] { '1', '\r', '\n', b, '\r', '\n' });
            }
            connection.write("0\r\n\r\n");
        }));
        LaneClient client = cell.client(server);
        assertThat(client.get("/").text()).isEqualTo(text);
        assertThat(lines(client)).containsExactly("é€😀", "日本");
        assertThat(server.connections()).isEqualTo(1);
    }

    private static Iterable<String> lines(LaneClient client) {
        if (client instanceof LaneClient.Blocking blocking) {
            try (StreamedResponse response = blocking.client().stream(HttpMethod.GET, "/")) {
                return response.lines().toList();
            }
        }
        return reactive(client).stream(HttpMethod.GET, "/", (response) -> response.lines())
            .collectList()
            .blockOptional(Cell.LONG)
            .orElseThrow();
    }

    private static ReactiveClient reactive(LaneClient client) {
        return ((LaneClient.Reactive) client).client();
    }

    private static Client blocking(LaneClient client) {
        return ((LaneClient.Blocking) client).client();
    }

    @Row(id = "D32", when = "Malformed UTF-8", then = "Replacement characters")
    void malformedText(Cell cell) {
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            connection.write(sized(4));
            connection.write(new byte[] { 'a', (byte) 0xff, (byte) 0xc3, 'b' });
        }));
        assertThat(cell.client(server).get("/").text()).isEqualTo("a\ufffd\ufffdb");
    }

    @Row(id = "D34", when = "The caller is slower than the read limit",
            then = "No ReadTimeoutException: nobody waits for the server")
    void slowReader(Cell cell) throws IOException {
        int length = 4 * 1024 * 1024;
        RawServer server = cell.server((connection) -> connection.forEachRequest((request) -> {
            connection.write(sized(length));
            connection.write(new byte[length]);
        }));
        LaneClient client = cell.client(server, (builder) -> builder.timeouts(Cell.LIMITS.withRead(Cell.SHORT)));
        Duration pause = Cell.SHORT.plusMillis(100);
        if (cell.lane().isBlocking()) {
            try (StreamedResponse response = blocking(client).stream(HttpMethod.GET, "/")) {
                InputStream body = response.body();
                assertThat(body.readNBytes(1)).hasSize(1);
                assertThat(new CompletableFuture<Void>()).failsWithin(pause);
                assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(length - 1);
            }
        }
        else {
            Long read = reactive(client)
                .stream(HttpMethod.GET, "/",
                        (response) -> response.bytes()
                            .index()
                            .concatMap((piece) -> (piece.getT1() == 0) ? Mono.just(piece).delayElement(pause)
                                    : Mono.just(piece), 1)
                            .map((piece) -> (long) piece.getT2().length))
                .reduce(0L, Long::sum)
                .block(Cell.LONG);
            assertThat(read).isEqualTo(length);
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Row(id = "D35", when = "The caller leaves when it has the head", then = "The connection is closed at once")
    void leavingAtTheHead(Cell cell) {
        RawServer server = cell.server(answerAndHold(sized(1_000_000) + "x"), next());
        LaneClient client = cell.client(server);
        if (cell.lane().isBlocking()) {
            blocking(client).stream(HttpMethod.GET, "/").close();
        }
        else {
            reactive(client).stream(HttpMethod.GET, "/", (response) -> Mono.just(response.statusCode()))
                .blockLast(Cell.LONG);
        }
        assertThat(client.get("/").text()).isEqualTo("next");
        assertThat(server.connections()).isEqualTo(2);
        server.awaitOpen(1);
    }

    @Row(id = "D36", when = "Responses are dropped by operators, 200 races", then = "No connection is lost")
    void droppedByOperators(Cell cell) {
        RawServer server = cell.server(next());
        LaneClient client = cell.client(server, (builder) -> builder.maxConnections(4));
        if (cell.lane().isBlocking()) {
            cell.notApplicable("there are no operators");
            return;
        }
        ReactiveClient reactive = reactive(client);
        for (int i = 0; i < 200; i++) {
            Duration delay = Duration.ofNanos(i * 20_000L);
            Flux<String> body = reactive.stream(HttpMethod.GET, "/", (response) -> response.lines());
            Mono<?> race = switch (i % 4) {
                case 0 -> Mono.zip(body.next(), Mono.delay(delay).then(Mono.empty()));
                case 1 -> body.next().timeout(delay.plusNanos(1), Mono.just("late"));
                case 2 -> Flux.merge(body, body).next();
                default -> Mono.firstWithSignal(reactive.get("/"), Mono.delay(delay));
            };
            race.block(Cell.LONG);
        }
        assertThat(client.get("/").text()).isEqualTo("next");
    }

    @Row(id = "D37", when = "A streamed body is read twice", then = "IllegalStateException, or its end")
    void readTwice(Cell cell) throws IOException {
        LaneClient client = cell.client(cell.server(next()));
        if (cell.lane().isBlocking()) {
            try (StreamedResponse response = blocking(client).stream(HttpMethod.GET, "/")) {
                assertThat(response.body().readAllBytes()).hasSize(4);
                assertThat(response.body().readAllBytes()).isEmpty();
            }
        }
        else {
            assertThatIllegalStateException().isThrownBy(() -> reactive(client)
                .stream(HttpMethod.GET, "/",
                        (response) -> response.body().doOnNext(DataBufferUtils::release).thenMany(response.body()))
                .blockLast(Cell.LONG));
        }
    }

    @Row(id = "D39", also = "S87", when = "The reading thread is interrupted within the body",
            then = "CancelledException, the flag is kept; connection closed")
    void interruptedReader(Cell cell) throws Exception {
        RawServer server = cell.server(answerAndHold(sized(10) + "half"), next());
        LaneClient client = cell.client(server);
        if (!cell.lane().isBlocking()) {
            cell.notApplicable("no thread waits");
            return;
        }
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        CompletableFuture<Void> reading = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try (StreamedResponse response = blocking(client).stream(HttpMethod.GET, "/")) {
                response.body().readNBytes(4);
                reading.complete(null);
                response.body().read();
                ended.complete(false);
            }
            catch (CancelledException ex) {
                ended.complete(Thread.currentThread().isInterrupted());
            }
            catch (Throwable ex) {
                ended.completeExceptionally(ex);
            }
        });
        caller.start();
        reading.join();
        caller.interrupt();
        assertThat(ended).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(true);
        caller.join();
        cell.evicted(server, client);
    }

}
