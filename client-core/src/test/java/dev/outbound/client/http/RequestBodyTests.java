package dev.outbound.client.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RequestBodyTests {

    private static final DataBufferFactory BUFFERS = DefaultDataBufferFactory.sharedInstance;

    private static final Duration SOON = Duration.ofSeconds(10);

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void assertBoth(RequestBody body, String expected) throws IOException {
        assertThat(text(BodyBytes.blocking(body))).isEqualTo(expected);
        assertThat(text(BodyBytes.reactive(body))).isEqualTo(expected);
        assertThat(text(BodyBytes.reactive(body))).as("again").isEqualTo(expected);
        assertThat(body.contentLength()).isEqualTo(expected.getBytes(StandardCharsets.UTF_8).length);
        assertThat(body.isRepeatable()).isTrue();
    }

    @Test
    void textIsUtf8() throws IOException {
        RequestBody body = RequestBody.text("é☃");
        assertBoth(body, "é☃");
        assertThat(body.contentType()).hasToString("text/plain;charset=UTF-8");
        assertBoth(RequestBody.text(""), "");
    }

    @Test
    void bytesAreNotCopied() throws IOException {
        byte[] bytes = { 'a' };
        RequestBody body = RequestBody.bytes(bytes);
        assertThat(body.bytes()).isSameAs(bytes);
        assertThat(body.contentType()).isEqualTo(MediaType.APPLICATION_OCTET_STREAM);
        assertBoth(RequestBody.bytes(bytes, null), "a");
        assertThat(RequestBody.bytes(bytes, null).contentType()).isNull();
        assertThat(body.under("text/plain")).isSameAs(body);
    }

    @Test
    void formRepeatsNames() throws IOException {
        assertBoth(RequestBody.form(Map.of("a b", new String[] { "1&", "2" })), "a+b=1%26&a+b=2");
    }

    @Test
    void formWithoutFieldsHasNoType() throws IOException {
        assertBoth(RequestBody.form(Map.of()), "");
        assertThat(RequestBody.form(Map.of()).contentType()).isNull();
    }

    @Test
    void fileIsReadEachTime(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "x".repeat(100_000));
        assertBoth(RequestBody.file(file), "x".repeat(100_000));
    }

    @Test
    void missingFileFailsBothWays(@TempDir Path folder) {
        RequestBody body = RequestBody.file(folder.resolve("none"));
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(body::contentLength)
            .withMessageContaining("none");
        assertThatExceptionOfType(NoSuchFileException.class)
            .isThrownBy(() -> body.writeTo(OutputStream.nullOutputStream()));
        StepVerifier.create(body.toFlux(BUFFERS))
            .expectErrorSatisfies((ex) -> assertThat(ex).hasRootCauseInstanceOf(NoSuchFileException.class))
            .verify(SOON);
    }

    @Test
    void streamIsReadOnceAndClosed() throws IOException {
        AtomicInteger closed = new AtomicInteger();
        RequestBody body = RequestBody.stream(new ByteArrayInputStream("abc".getBytes(StandardCharsets.UTF_8)) {

            @Override
            public void close() {
                closed.incrementAndGet();
            }

        }, 3);
        assertThat(body.isRepeatable()).isFalse();
        assertThat(body.contentLength()).isEqualTo(3);
        assertThat(text(BodyBytes.reactive(body))).isEqualTo("abc");
        assertThat(closed).hasValue(1);
        assertThatIllegalStateException().isThrownBy(() -> BodyBytes.blocking(body)).withMessageContaining("already");
        StepVerifier.create(body.toFlux(BUFFERS)).verifyError(IllegalStateException.class);
    }

    @Test
    void failingStreamFailsBothWaysAndIsClosed() {
        for (boolean reactive : new boolean[] { false, true }) {
            AtomicInteger closed = new AtomicInteger();
            RequestBody body = RequestBody.stream(new InputStream() {

                private int given;

                @Override
                public int read() throws IOException {
                    if (this.given++ < 10) {
                        return 'x';
                    }
                    throw new IOException("disk on fire");
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    bytes[offset] = (byte) read();
                    return 1;
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }

            }, -1);
            if (reactive) {
                StepVerifier.create(body.toFlux(BUFFERS).doOnNext(DataBufferUtils::release).then())
                    .expectErrorSatisfies((ex) -> assertThat(ex).rootCause().hasMessage("disk on fire"))
                    .verify(SOON);
            }
            else {
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> BodyBytes.blocking(body))
                    .withMessage("disk on fire");
            }
            assertThat(closed).hasValue(1);
        }
    }

    @Test
    void ownKindNeedsOnlyWriteTo() throws IOException {
        RequestBody body = new RequestBody() {

            @Override
            public @Nullable MediaType contentType() {
                return null;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                for (int i = 0; i < 10_000; i++) {
                    out.write("0123456789".getBytes(StandardCharsets.US_ASCII));
                }
            }

        };
        assertThat(body.contentLength()).isEqualTo(-1);
        assertThat(BodyBytes.reactive(body)).hasSize(100_000).isEqualTo(BodyBytes.blocking(body));
        StepVerifier.create(body.toFlux(BUFFERS), 1)
            .assertNext((buffer) -> assertThat(buffer.readableByteCount()).isLessThanOrEqualTo(32 * 1024))
            .thenCancel()
            .verify(SOON);
    }

    @Test
    void publisherIsForReactiveClientsOnly() {
        DataBuffer buffer = BUFFERS.wrap(new byte[] { 'x' });
        RequestBody body = RequestBody.publisher(Flux.just(buffer), MediaType.TEXT_PLAIN);
        assertThat(body.isRepeatable()).isFalse();
        assertThat(body.contentType()).isEqualTo(MediaType.TEXT_PLAIN);
        assertThatIllegalStateException().isThrownBy(() -> BodyBytes.blocking(body))
            .withMessageContaining("reactive client");
        assertThat(text(BodyBytes.reactive(body))).isEqualTo("x");
        StepVerifier
            .create(RequestBody.publisher(Flux.<DataBuffer>error(new IOException("gone")), null).toFlux(BUFFERS))
            .verifyErrorMessage("gone");
    }

    @Test
    void toStringShowsNoContent() {
        assertThat(RequestBody.text("s3cret").toString()).doesNotContain("s3cret").contains("6 bytes");
        assertThat(RequestBody.form(Map.of("password", "s3cret")).toString()).doesNotContain("s3cret");
    }

    @Test
    void nullsAndBadLengthsAreMisuse() {
        assertThatIllegalArgumentException().isThrownBy(() -> RequestBody.text(Nulls.nullString()));
        assertThatIllegalArgumentException().isThrownBy(() -> RequestBody.bytes(Nulls.of(byte[].class)));
        assertThatIllegalArgumentException().isThrownBy(() -> RequestBody.file(Nulls.of(Path.class)));
        assertThatIllegalArgumentException().isThrownBy(() -> RequestBody.stream(InputStream.nullInputStream(), -2));
    }

}
