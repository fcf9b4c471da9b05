package dev.outbound.client.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MultipartTests {

    private static String written(Multipart multipart) throws IOException {
        RequestBody body = multipart.boundary("B").build();
        byte[] blocking = BodyBytes.blocking(body);
        if (body.isRepeatable()) {
            assertThat(BodyBytes.reactive(body)).isEqualTo(blocking);
            assertThat(BodyBytes.blocking(body)).isEqualTo(blocking);
        }
        if (body.contentLength() >= 0) {
            assertThat(blocking.length).isEqualTo(body.contentLength());
        }
        return new String(blocking, StandardCharsets.UTF_8);
    }

    @Test
    void fieldsOfManyKinds() throws IOException {
        assertThat(written(new Multipart().field("a", "x")
            .field("n", 1)
            .field("t", true)
            .field("e", Phase.BODY)
            .field("l", List.of("1", "2"))
            .field("b", new byte[] { 'y' })
            .field("z", null)))
            .contains("name=\"a\"\r\n\r\nx\r\n", "name=\"n\"\r\n\r\n1\r\n", "name=\"t\"\r\n\r\ntrue\r\n",
                    "name=\"l\"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name=\"l\"\r\n\r\n2\r\n",
                    "name=\"b\"\r\n\r\ny\r\n", "name=\"z\"\r\n\r\n\r\n")
            .endsWith("--B--\r\n");
    }

    @Test
    void fieldOfAnotherKindIsRefused() {
        for (Object value : new Object[] { Map.of("k", "v"), new Object(), new int[0], RequestBody.text("s3cret") }) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Multipart().field("f", value))
                .withMessageContaining("'f'")
                .withMessageNotContaining("s3cret");
        }
    }

    @ParameterizedTest(name = "S7 {index}")
    @ValueSource(strings = { "a\"\r\nContent-Type: text/html\r\n\r\n<x>.txt", "a\";x=\"b", "a\\\"b", "a\u0000b", "a\nb",
            "é☃😀", "../../etc/passwd", "a\u0085\u2028b" })
    void nameCannotEndItsLine(String name) throws IOException {
        String written = written(new Multipart().part(name, name, RequestBody.bytes(new byte[0])));
        String[] lines = written.split("\r\n", -1);
        assertThat(lines).hasSize(7);
        assertThat(lines[1]).startsWith("Content-Disposition: form-data; name=\"").doesNotContain("\r", "\n", "\u0000");
        assertThat(lines[1].replace("\\\\", "")).matches("[^\"]*\"[^\"]*\"[^\"]*\"[^\"]*\"");
        assertThat(lines[2]).startsWith("Content-Type: ");
    }

    @Test
    void everyControlCharacterOfANameIsEscaped() throws IOException {
        for (char c = 0; c < 0x20; c++) {
            String line = written(new Multipart().field("a" + c + "b", "")).split("\r\n", -1)[1];
            assertThat(line).endsWith((c == 0x1b) ? "a\u001bb\"" : String.format("a%%%02Xb\"", (int) c));
        }
    }

    @Test
    void partHeadersAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> FieldLines.empty().with("X-A", "1\r\nX-Evil: 2"));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new Multipart().part("n", null, RequestBody.text("x"),
                    FieldLines.empty().with("content-disposition", "form-data")))
            .withMessageContaining("Content-Disposition");
    }

    @Test
    void contentTypeOfTheHeadersWins() throws IOException {
        assertThat(written(new Multipart().part("n", "a.txt", RequestBody.text("x"),
                FieldLines.empty().with("content-type", "text/x-own"))))
            .contains("\r\ncontent-type: text/x-own\r\n\r\n")
            .doesNotContain("text/plain");
    }

    @Test
    void typeIsTheContentsOrGuessed() throws IOException {
        assertThat(written(new Multipart().part("n", "a.png", RequestBody.text("x"))))
            .contains("Content-Type: text/plain;charset=UTF-8");
        assertThat(written(new Multipart().file("n", "a.png", new byte[0]))).contains("Content-Type: image/png");
        assertThat(written(new Multipart().file("n", new byte[0])))
            .contains("filename=\"upload\"\r\nContent-Type: application/octet-stream");
        assertThat(written(new Multipart().part("n", "", RequestBody.bytes(new byte[0])))).doesNotContain("filename",
                "Content-Type");
    }

    @Test
    void fileIsReadEachTime(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("ä.json"), "{}");
        Multipart multipart = new Multipart().file("f", file);
        RequestBody body = multipart.boundary("B").build();
        assertThat(written(multipart)).contains("filename=\"ä.json\"\r\nContent-Type: application/json\r\n\r\n{}\r\n");
        Files.writeString(file, "[1]");
        assertThat(new String(BodyBytes.blocking(body), StandardCharsets.UTF_8)).contains("\r\n[1]\r\n");
        Files.delete(file);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> BodyBytes.blocking(body));
        assertThatThrownBy(() -> BodyBytes.reactive(body)).hasMessageContaining("ä.json");
    }

    @Test
    void streamIsSentOnce() throws IOException {
        RequestBody body = new Multipart()
            .part("s", "a", RequestBody.stream(new ByteArrayInputStream(new byte[] { 'x' }), -1))
            .build();
        assertThat(body.isRepeatable()).isFalse();
        assertThat(body.contentLength()).isEqualTo(-1);
        assertThat(new String(BodyBytes.blocking(body), StandardCharsets.UTF_8)).contains("\r\n\r\nx\r\n--");
        assertThatIllegalStateException().isThrownBy(() -> body.writeTo(OutputStream.nullOutputStream()));
    }

    @Test
    void boundaryIsRandomUnlessGiven() {
        String one = String.valueOf(new Multipart().build().contentType());
        assertThat(one).matches("multipart/form-data; boundary=[0-9a-f]{32}")
            .isNotEqualTo(String.valueOf(new Multipart().build().contentType()));
        assertThat(String.valueOf(new Multipart().boundary("a b").build().contentType()))
            .isEqualTo("multipart/form-data; boundary=\"a b\"");
        MediaType type = new Multipart().boundary("x").build().contentType();
        assertThat(type).isEqualTo(MediaType.parseMediaType("multipart/form-data;boundary=x"));
    }

    @ParameterizedTest(name = "S9 {index}")
    @ValueSource(strings = { "", "a\r\nX: 1", "a\"", "a ", "ä", "a;b", "a\\b",
            "12345678901234567890123456789012345678901234567890123456789012345678901" })
    void boundaryIsChecked(String boundary) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Multipart().boundary(boundary));
    }

    @Test
    void boundaryOfTheContentTypeIsTaken() throws IOException {
        RequestBody body = new Multipart().field("a", "b").build().under("multipart/form-data; boundary=\"x y\"; a=b");
        assertThat(String.valueOf(body.contentType())).isEqualTo("multipart/form-data; boundary=\"x y\"; a=b");
        assertThat(new String(BodyBytes.blocking(body), StandardCharsets.UTF_8)).startsWith("--x y\r\n")
            .endsWith("\r\n--x y--\r\n");
        RequestBody other = new Multipart().build();
        assertThat(other.under("multipart/form-data")).isSameAs(other);
        assertThat(other.under("text/plain; boundary=x")).isSameAs(other);
        assertThatIllegalArgumentException().isThrownBy(() -> other.under("multipart/form-data; boundary=\"a\\\"b\""));
    }

    @Test
    void nothingIsAlsoABody() throws IOException {
        assertThat(written(new Multipart())).isEqualTo("--B--\r\n");
    }

}
