package dev.outbound.client.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ContentDecoderTests {

    private static final byte[] TEXT = "Hello, world! ".repeat(1000).getBytes(StandardCharsets.UTF_8);

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] bytes, boolean raw) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream deflate = new DeflaterOutputStream(out, new Deflater(9, raw))) {
            deflate.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] decode(String coding, byte[] bytes, int chunk) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ContentDecoder.Output output = (piece) -> {
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            out.writeBytes(copy);
        };
        try (ContentDecoder decoder = Objects.requireNonNull(ContentDecoder.of(List.of(coding), -1, -1, 5))) {
            for (int i = 0; i < bytes.length; i += chunk) {
                decoder.decode(ByteBuffer.wrap(bytes, i, Math.min(chunk, bytes.length - i)), output);
            }
            decoder.finish(output);
            assertThat(decoder.received()).isEqualTo(bytes.length);
        }
        return out.toByteArray();
    }

    /** It was an IllegalStateException where it came in a piece of its own. */
    @ParameterizedTest
    @ValueSource(ints = { 1, 15, 16, 100 })
    void whatIsBehindBrotliIsNoBrotliHoweverItComes(int chunk) {
        byte[] brotli = "\u000b\u0005\u0080hello world\u0003".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(decode("br", brotli, chunk)).asString(StandardCharsets.UTF_8).isEqualTo("hello world");
        assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode("br", join(brotli, TEXT), chunk));
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3, 10, 100, 100_000 })
    void chunksMakeNoDifference(int chunk) throws IOException {
        assertThat(decode("gzip", gzip(TEXT), chunk)).isEqualTo(TEXT);
        assertThat(decode("x-gzip", gzip(TEXT), chunk)).isEqualTo(TEXT);
        assertThat(decode("deflate", deflate(TEXT, false), chunk)).isEqualTo(TEXT);
        assertThat(decode("deflate", deflate(TEXT, true), chunk)).isEqualTo(TEXT);
        assertThat(decode("deflate, gzip", gzip(deflate(TEXT, false)), chunk)).isEqualTo(TEXT);
    }

    @Test
    void membersAreJoinedAndWhatFollowsIsIgnored() throws IOException {
        for (int chunk : new int[] { 1, 7, 100_000 }) {
            assertThat(decode("gzip", join(gzip(TEXT), gzip(new byte[0]), gzip(TEXT)), chunk)).as("D19")
                .isEqualTo(join(TEXT, TEXT));
            assertThat(decode("gzip", join(gzip(TEXT), new byte[] { 0, 0, 0x1f }), chunk)).isEqualTo(TEXT);
            assertThat(decode("gzip", join(gzip(TEXT), new byte[] { 0x1f }), chunk)).isEqualTo(TEXT);
            assertThat(decode("deflate", join(deflate(TEXT, false), TEXT), chunk)).isEqualTo(TEXT);
        }
    }

    @Test
    void optionalPartsOfTheHeadAreSkipped() throws IOException {
        byte[] plain = gzip(TEXT);
        CRC32 unused = new CRC32();
        unused.update(plain, 0, 10);
        byte[] head = { 0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0, 3, 0, 'x', 'y', 'z', 'n', 0, 'c', 'c',
                0, 1, 2 };
        byte[] rest = java.util.Arrays.copyOfRange(plain, 10, plain.length);
        for (int chunk : new int[] { 1, 100_000 }) {
            assertThat(decode("gzip", join(head, rest), chunk)).isEqualTo(TEXT);
        }
        head[10] = 0;
        assertThat(
                decode("gzip", join(java.util.Arrays.copyOf(head, 12), new byte[] { 'n', 0, 'c', 0, 1, 2 }, rest), 1))
            .isEqualTo(TEXT);
    }

    @Test
    void everyCutIsAnError() throws IOException {
        byte[] small = "abc".getBytes(StandardCharsets.UTF_8);
        for (String coding : new String[] { "gzip", "deflate", "deflate raw" }) {
            byte[] bytes = coding.equals("gzip") ? gzip(small) : deflate(small, coding.endsWith("raw"));
            for (int length = 1; length < bytes.length; length++) {
                byte[] cut = java.util.Arrays.copyOf(bytes, length);
                assertThatExceptionOfType(DecodingException.class).as("D18 %s %s", coding, length)
                    .isThrownBy(() -> decode(coding.replace(" raw", ""), cut, 100))
                    .withMessageContaining(coding.replace(" raw", ""));
            }
            assertThat(decode(coding.replace(" raw", ""), new byte[0], 100)).as("D22").isEmpty();
        }
    }

    @Test
    void everyFlippedByteIsAnErrorOrHarmless() throws IOException {
        byte[] bytes = gzip("Hello".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < bytes.length; i++) {
            byte[] bad = bytes.clone();
            bad[i] ^= 0x55;
            // Time, operating system and extra flags of the head are not covered by the
            // checksum.
            if (i >= 4 && i <= 9) {
                assertThat(decode("gzip", bad, 100)).hasSize(5);
            }
            else {
                assertThatExceptionOfType(DecodingException.class).as("D17 byte %s", i)
                    .isThrownBy(() -> decode("gzip", bad, 100));
            }
        }
    }

    @Test
    void bombIsStoppedBySize() throws IOException {
        byte[] bomb = gzip(new byte[50_000_000]);
        AtomicInteger given = new AtomicInteger();
        try (ContentDecoder decoder = Objects.requireNonNull(ContentDecoder.of(List.of("gzip"), 1_000_000, -1, 5))) {
            assertThatExceptionOfType(LimitExceededException.class).as("D15")
                .isThrownBy(() -> decoder.decode(ByteBuffer.wrap(bomb), (piece) -> given.addAndGet(piece.remaining())))
                .withMessageContaining("1000000 bytes")
                .satisfies((ex) -> assertThat(ex.phase()).isEqualTo(Phase.BODY));
        }
        assertThat(given).hasValueLessThanOrEqualTo(1_000_000);
    }

    @Test
    void bombIsStoppedByRatio() throws IOException {
        byte[] nested = gzip(gzip(gzip(new byte[50_000_000])));
        try (ContentDecoder decoder = Objects
            .requireNonNull(ContentDecoder.of(List.of("gzip, gzip, gzip"), -1, 100, 5))) {
            assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> decoder.decode(ByteBuffer.wrap(nested), (piece) -> {
                }))
                .withMessageContaining("100 times");
        }
    }

    @Test
    void smallBodyMayHaveAnyRatio() throws IOException {
        byte[] body = gzip(new byte[1_000_000]);
        AtomicInteger given = new AtomicInteger();
        try (ContentDecoder decoder = Objects.requireNonNull(ContentDecoder.of(List.of("gzip"), 1_000_000, 10, 5))) {
            decoder.decode(ByteBuffer.wrap(body), (piece) -> given.addAndGet(piece.remaining()));
        }
        assertThat(given).hasValue(1_000_000);
    }

    @Test
    void piecesAreSmall() throws IOException {
        try (ContentDecoder decoder = Objects.requireNonNull(ContentDecoder.of(List.of("deflate"), -1, -1, 5))) {
            decoder.decode(ByteBuffer.wrap(deflate(new byte[10_000_000], false)),
                    (piece) -> assertThat(piece.remaining()).isLessThanOrEqualTo(8192));
        }
    }

    @Test
    void nothingToUndoIsNoDecoder() {
        assertThat(ContentDecoder.of(List.of(), -1, -1, 5)).isNull();
        assertThat(ContentDecoder.of(List.of("identity", " , ", "nonsense", ""), -1, -1, 5)).isNull();
    }

    @Test
    void tooManyCodingsAreRefused() {
        assertThatExceptionOfType(DecodingException.class).as("D20")
            .isThrownBy(() -> ContentDecoder.of(List.of("gzip" + ", gzip".repeat(19)), -1, -1, 5));
        assertThatExceptionOfType(DecodingException.class)
            .isThrownBy(() -> ContentDecoder.of(java.util.Collections.nCopies(1000, "deflate"), -1, -1, 5));
    }

    @Test
    void closingTwiceAndDirectBuffers() throws IOException {
        byte[] bytes = gzip(TEXT);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        AtomicInteger given = new AtomicInteger();
        ContentDecoder decoder = Objects.requireNonNull(ContentDecoder.of(List.of("gzip"), -1, -1, 5));
        decoder.decode(direct.asReadOnlyBuffer(), (piece) -> given.addAndGet(piece.remaining()));
        decoder.close();
        decoder.close();
        assertThat(given).hasValue(TEXT.length);
    }

    @Test
    void supportedIsReadOnlyAndInOrder() {
        assertThat(ContentDecoder.supported()).startsWith("gzip", "deflate");
    }

}
