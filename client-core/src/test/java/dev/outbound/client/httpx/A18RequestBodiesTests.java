package dev.outbound.client.httpx;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.RequestSpec;
import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Multipart;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class A18RequestBodiesTests extends AbstractFeatureTests {

    /** What a server gets: the head in lower case, and the body in Latin-1. */
    private record Received(String head, String body) {

        static Received of(Lane lane, Consumer<RequestSpec> spec) {
            try (RawServer server = echo(); LaneClient client = client(lane, server)) {
                return of(client.post("/", spec).text());
            }
        }

        static Received of(String request) {
            int end = request.indexOf("\r\n\r\n");
            return new Received(request.substring(0, end + 2).toLowerCase(java.util.Locale.ROOT),
                    request.substring(end + 4));
        }

        boolean isChunked() {
            return this.head.contains("\r\ntransfer-encoding: chunked\r\n") && !this.head.contains("content-length");
        }

        /** The value of a header. */
        @Nullable String field(String name) {
            return this.head.lines()
                .filter((line) -> line.startsWith(name + ": "))
                .map((line) -> line.substring(name.length() + 2))
                .findFirst()
                .orElse(null);
        }

    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The parts of a multipart body, each with its head. */
    private static List<String> parts(Lane lane, Consumer<Multipart> parts) {
        Received received = Received.of(lane, (spec) -> spec.multipart((multipart) -> {
            multipart.boundary("BOUNDARY");
            parts.accept(multipart);
        }));
        assertThat(received.field("content-type")).isEqualTo("multipart/form-data; boundary=boundary");
        assertThat(received.body()).startsWith("--BOUNDARY\r\n").endsWith("\r\n--BOUNDARY--\r\n");
        String body = received.body();
        return List.of(body.substring("--BOUNDARY\r\n".length(), body.length() - "\r\n--BOUNDARY--\r\n".length())
            .split("\r\n--BOUNDARY\r\n"));
    }

    private static String part(String disposition, @Nullable String type, String content) {
        return "Content-Disposition: form-data; " + disposition + ((type != null) ? "\r\nContent-Type: " + type : "")
                + "\r\n\r\n" + content;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 which wins: none does, a second body is a mistake; without one there is none")
    void onlyOne(Lane lane) {
        assertThatIllegalStateException()
            .isThrownBy(
                    () -> client(lane).post("http://shop.test/", (spec) -> spec.json(List.of()).form(Map.of("a", 1))))
            .withMessageContaining("has a body already");
        Received received = Received.of(lane, PLAIN);
        assertThat(received.body()).isEmpty();
        assertThat(received.field("content-length")).isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("NullAway")
    @DisplayName("A18 falsy rules: empty values are sent; no value is a mistake, and not no body")
    void emptyValues(Lane lane) {
        for (Object value : Arrays.asList(Map.of(), List.of(), 0, false, "")) {
            Received received = Received.of(lane, (spec) -> spec.json(value));
            assertThat(received.body()).isIn("{}", "[]", "0", "false", "\"\"");
            assertThat(received.field("content-type")).isEqualTo("application/json");
        }
        assertThatIllegalArgumentException()
            .isThrownBy(() -> client(lane).post("http://shop.test/", (spec) -> spec.json(null)))
            .withMessage("value must not be null");
        Received form = Received.of(lane, (spec) -> spec.form(Map.of()));
        assertThat(form.body()).isEmpty();
        assertThat(form.field("content-type")).isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 content text/bytes: with its length; ours have a type, too")
    void content(Lane lane) {
        Received text = Received.of(lane, (spec) -> spec.text("é"));
        assertThat(text.body()).isEqualTo(utf8("é"));
        assertThat(text.field("content-length")).isEqualTo("2");
        assertThat(text.field("content-type")).isEqualTo("text/plain;charset=utf-8");
        assertThat(Received.of(lane, (spec) -> spec.bytes(new byte[3])).field("content-type"))
            .isEqualTo("application/octet-stream");
        assertThat(Received.of(lane, (spec) -> spec.bytes(new byte[3], MediaType.IMAGE_PNG)).field("content-type"))
            .isEqualTo("image/png");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 content iterable / async iterable: what writes itself, in chunks, and again if need be")
    void writers(Lane lane) {
        RequestBody rows = new RequestBody() {

            @Override
            public MediaType contentType() {
                return MediaType.TEXT_PLAIN;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                for (String row : List.of("one", "two", "three")) {
                    out.write(row.getBytes(StandardCharsets.US_ASCII));
                }
            }

        };
        for (int i = 0; i < 2; i++) {
            Received received = Received.of(lane, (spec) -> spec.body(rows));
            assertThat(received.body()).isEqualTo("onetwothree");
            assertThat(received.isChunked()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 content file-like: a file with its length; a stream in chunks, or with the length it is given")
    void files(Lane lane, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "a".repeat(100_000));
        Received received = Received.of(lane, (spec) -> spec.body(RequestBody.file(file, MediaType.TEXT_PLAIN)));
        assertThat(received.body()).hasSize(100_000);
        assertThat(received.field("content-length")).isEqualTo("100000");
        assertThat(received.field("content-type")).isEqualTo("text/plain");
        byte[] bytes = "stream".getBytes(StandardCharsets.US_ASCII);
        Received chunked = Received.of(lane,
                (spec) -> spec.body(RequestBody.stream(new ByteArrayInputStream(bytes), -1, MediaType.TEXT_PLAIN)));
        assertThat(chunked.body()).isEqualTo("stream");
        assertThat(chunked.isChunked()).isTrue();
        ByteArrayInputStream halfRead = new ByteArrayInputStream(bytes);
        halfRead.skip(3);
        Received rest = Received.of(lane, (spec) -> spec.body(RequestBody.stream(halfRead, 3)));
        assertThat(rest.body()).as("HTTPX cannot send what was read in part").isEqualTo("eam");
        assertThat(rest.field("content-length")).isEqualTo("3");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 data: a form in the order of the map, lists repeat the name")
    void form(Lane lane) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("a", List.of(1, "é &"));
        fields.put("b", true);
        fields.put("c", null);
        Received received = Received.of(lane, (spec) -> spec.form(fields));
        assertThat(received.body()).isEqualTo("a=1&a=%C3%A9+%26&b=true&c=");
        assertThat(received.field("content-type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(received.field("content-length")).isEqualTo(Integer.toString(received.body().length()));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 json: compact, UTF-8, in order; NaN is refused")
    void json(Lane lane) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("z", "é");
        value.put("a", List.of(1, 2.5));
        Received received = Received.of(lane, (spec) -> spec.json(value));
        assertThat(received.body()).isEqualTo(utf8("{\"z\":\"é\",\"a\":[1,2.5]}"));
        assertThat(received.field("content-type")).isEqualTo("application/json");
        assertThatExceptionOfType(ConversionException.class)
            .isThrownBy(() -> client(lane).post("http://shop.test/", (spec) -> spec.json(Double.NaN)));
        assertThat(this.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 explicit Content-Type: is kept, and the body written all the same")
    void explicitType(Lane lane) {
        Received received = Received.of(lane,
                (spec) -> spec.header("Content-Type", "application/vnd.shop+json").json(List.of(1)));
        assertThat(received.field("content-type")).isEqualTo("application/vnd.shop+json");
        assertThat(received.body()).isEqualTo("[1]");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart: order: as they are given, fields and files; names may repeat")
    void multipartOrder(Lane lane) {
        assertThat(parts(lane,
                (multipart) -> multipart.field("a", List.of(1, 2))
                    .file("f", "x.txt", new byte[] { 'x' })
                    .field("b", 3)
                    .file("f", "y.txt", new byte[] { 'y' })))
            .containsExactly(part("name=\"a\"", null, "1"), part("name=\"a\"", null, "2"),
                    part("name=\"f\"; filename=\"x.txt\"", "text/plain", "x"), part("name=\"b\"", null, "3"),
                    part("name=\"f\"; filename=\"y.txt\"", "text/plain", "y"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart: boundary: random, given, or that of a Content-Type")
    void multipartBoundary(Lane lane) {
        Received random = Received.of(lane, (spec) -> spec.multipart((multipart) -> multipart.field("a", 1)));
        assertThat(random.field("content-type")).matches("multipart/form-data; boundary=[0-9a-f]{32}");
        Received explicit = Received.of(lane,
                (spec) -> spec.header("Content-Type", "multipart/form-data; boundary=\"a b\"")
                    .multipart((multipart) -> multipart.field("a", 1)));
        assertThat(explicit.body()).startsWith("--a b\r\n");
        assertThatIllegalArgumentException().isThrownBy(() -> new Multipart().boundary("a\r\nb"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart: values: text, bytes, numbers, booleans, null; others are refused")
    void multipartValues(Lane lane) {
        assertThat(parts(lane,
                (multipart) -> multipart.field("a", "é")
                    .field("b", new byte[] { 'b' })
                    .field("c", 1.5)
                    .field("d", false)
                    .field("e", null)))
            .containsExactly(part("name=\"a\"", null, utf8("é")), part("name=\"b\"", null, "b"),
                    part("name=\"c\"", null, "1.5"), part("name=\"d\"", null, "false"), part("name=\"e\"", null, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Multipart().field("a", Map.of()))
            .withMessageContaining("field 'a'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart: file forms: content alone, with a name, a type, headers; bytes, files, streams")
    void multipartFiles(Lane lane, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("a.txt"), "file");
        byte[] bytes = { 'x' };
        assertThat(parts(lane,
                (multipart) -> multipart.file("a", bytes)
                    .file("b", "b.txt", bytes)
                    .file("c", "c.txt", bytes, MediaType.TEXT_XML)
                    .file("d", file)
                    .file("e", file, MediaType.TEXT_XML)
                    .part("f", "f.bin", RequestBody.stream(new ByteArrayInputStream(bytes), 1))
                    .part("g", "g.txt", RequestBody.bytes(bytes), FieldLines.builder().add("X-Part", "1").build())))
            .containsExactly(part("name=\"a\"; filename=\"upload\"", "application/octet-stream", "x"),
                    part("name=\"b\"; filename=\"b.txt\"", "text/plain", "x"),
                    part("name=\"c\"; filename=\"c.txt\"", "text/xml", "x"),
                    part("name=\"d\"; filename=\"a.txt\"", "text/plain", "file"),
                    part("name=\"e\"; filename=\"a.txt\"", "text/xml", "file"),
                    part("name=\"f\"; filename=\"f.bin\"", "application/octet-stream", "x"),
                    part("name=\"g\"; filename=\"g.txt\"\r\nX-Part: 1", "text/plain", "x"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart: filename: given, that of the file, or upload; none where it is null or empty")
    void multipartFileName(Lane lane) {
        byte[] bytes = { 'x' };
        assertThat(parts(lane,
                (multipart) -> multipart.file("a", bytes)
                    .part("b", null, RequestBody.bytes(bytes))
                    .part("c", "", RequestBody.bytes(bytes))))
            .containsExactly(part("name=\"a\"; filename=\"upload\"", "application/octet-stream", "x"),
                    part("name=\"b\"", null, "x"), part("name=\"c\"", null, "x"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart: content type: given, guessed from the name alike everywhere, or octet-stream")
    void multipartType(Lane lane) {
        byte[] bytes = { 'x' };
        assertThat(parts(lane,
                (multipart) -> multipart.file("a", "a.json", bytes)
                    .file("b", "b.unknown", bytes)
                    .part("c", "c.json", RequestBody.bytes(bytes, MediaType.TEXT_PLAIN),
                            FieldLines.builder().add("Content-Type", "text/x-own").build())))
            .containsExactly(part("name=\"a\"; filename=\"a.json\"", "application/json", "x"),
                    part("name=\"b\"; filename=\"b.unknown\"", "application/octet-stream", "x"),
                    part("name=\"c\"; filename=\"c.json\"", "text/x-own", "x"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart: escaping: quotes, backslashes and control characters of names; UTF-8 as it is")
    void multipartEscaping(Lane lane) {
        assertThat(parts(lane, (multipart) -> multipart.file("a\"b\\c\r\nd", "é.txt\u0007", new byte[0])))
            .containsExactly(part("name=\"a%22b\\\\c%0D%0Ad\"; filename=\"" + utf8("é") + ".txt%07\"",
                    "application/octet-stream", ""));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart: extra part headers: in their order, and checked")
    void multipartHeaders(Lane lane) {
        assertThat(parts(lane,
                (multipart) -> multipart.part("a", "a.txt", RequestBody.text("x"),
                        FieldLines.builder().add("X-B", "1").add("X-A", "2").build())))
            .containsExactly(
                    part("name=\"a\"; filename=\"a.txt\"\r\nX-B: 1\r\nX-A: 2", "text/plain;charset=UTF-8", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Multipart().part("a", null, RequestBody.text("x"),
                FieldLines.builder().add("X-A", "1\r\nX-B: 2").build()));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart: length: known where that of each part is, else chunked")
    void multipartLength(Lane lane) {
        Received known = Received.of(lane, (spec) -> spec.multipart((multipart) -> multipart.field("a", 1)
            .part("b", null, RequestBody.stream(new ByteArrayInputStream(new byte[] { 'x' }), 1))));
        assertThat(known.field("content-length")).isEqualTo(Integer.toString(known.body().length()));
        Received unknown = Received.of(lane, (spec) -> spec.multipart((multipart) -> multipart.field("a", 1)
            .part("b", null, RequestBody.stream(new ByteArrayInputStream(new byte[] { 'x' }), -1))));
        assertThat(unknown.isChunked()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart: replay: files are read again each time, streams are not sent again")
    void multipartReplay(Lane lane, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("a.txt"), "file");
        RequestBody body = new Multipart().file("a", file).build();
        assertThat(body.isRepeatable()).isTrue();
        for (int i = 0; i < 2; i++) {
            assertThat(Received.of(lane, (spec) -> spec.body(body)).body()).contains("\r\n\r\nfile\r\n");
        }
        assertThat(new Multipart().part("a", null, RequestBody.stream(new ByteArrayInputStream(new byte[0]), 0))
            .build()
            .isRepeatable()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 multipart without files: is said so, and is multipart")
    void multipartWithoutFiles(Lane lane) {
        assertThat(parts(lane, (multipart) -> multipart.field("a", 1))).containsExactly(part("name=\"a\"", null, "1"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 request body compression: none unasked; what is compressed already is sent so")
    void compression(Lane lane) {
        Received received = Received.of(lane,
                (spec) -> spec.bytes("compressed".getBytes(StandardCharsets.US_ASCII), MediaType.APPLICATION_JSON)
                    .header("Content-Encoding", "gzip"));
        assertThat(received.field("content-encoding")).isEqualTo("gzip");
        assertThat(received.body()).isEqualTo("compressed");
        assertThat(Received.of(lane, (spec) -> spec.text("a".repeat(10_000))).field("content-encoding")).isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 reading the body: where it is in memory, of the request as it was sent")
    void reading(Lane lane) {
        RequestBody sent = client(lane).post("http://shop.test/", (spec) -> spec.json(List.of(1))).request().body();
        assertThat(sent).isNotNull();
        assertThat(sent.bytes()).asString().isEqualTo("[1]");
        assertThat(RequestBody.stream(new ByteArrayInputStream(new byte[0]), 0).bytes()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A18 method: is sent as it is written, for methods have a case")
    void method(Lane lane) {
        client(lane).request(HttpMethod.valueOf("Custom"), "http://shop.test/", PLAIN);
        assertThat(sent()).hasToString("Custom http://shop.test/");
    }

}
