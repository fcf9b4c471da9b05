package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TextDecoderTests {

    @ParameterizedTest
    @ValueSource(strings = { "UTF-8", "UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32", "Shift_JIS", "GB18030", "Big5",
            "EUC-KR", "ISO-8859-1", "US-ASCII", "windows-1252" })
    void chunksMakeNoDifference(String name) {
        Charset charset = Charset.forName(name);
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = "aé☃😀中国ä".repeat(3).getBytes(charset);
            for (int j = 0; j < i % 7; j++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            TextDecoder decoder = new TextDecoder(charset);
            StringBuilder text = new StringBuilder();
            int position = 0;
            while (position < bytes.length) {
                int length = Math.min(1 + random.nextInt(4), bytes.length - position);
                text.append(decoder.decode(ByteBuffer.wrap(bytes, position, length)));
                position += length;
            }
            assertThat(text.append(decoder.finish()).toString()).isEqualTo(TextDecoder.decode(bytes, charset));
        }
    }

    @Test
    void characterIsGivenWhenItIsComplete() {
        TextDecoder decoder = new TextDecoder(StandardCharsets.UTF_8);
        byte[] bytes = "é€😀".getBytes(StandardCharsets.UTF_8);
        StringBuilder given = new StringBuilder();
        for (byte b : bytes) {
            given.append('[').append(decoder.decode(ByteBuffer.wrap(new byte[] { b }))).append(']');
        }
        assertThat(given.toString()).as("D31").isEqualTo("[][é][][][€][][][][😀]");
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void replacementCharacterOfTheSenderStays() {
        byte[] bytes = "a\ufffdb".getBytes(StandardCharsets.UTF_8);
        assertThat(TextDecoder.decode(bytes, StandardCharsets.UTF_8)).isEqualTo("a\ufffdb");
    }

    @Test
    void halvesAreReplacedOneByOne() {
        assertThat(TextDecoder.decode(new byte[] { (byte) 0xed, (byte) 0xa0, (byte) 0x80 }, StandardCharsets.UTF_8))
            .isEqualTo("\ufffd\ufffd\ufffd");
        assertThat(TextDecoder.decode(new byte[] { (byte) 0xd8, 0, 0, 'a' }, StandardCharsets.UTF_16BE))
            .isEqualTo("\ufffda");
    }

    @Test
    void directAndLargeBuffers() {
        String text = "é😀x".repeat(100_000);
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
        TextDecoder decoder = new TextDecoder(StandardCharsets.UTF_8);
        assertThat(decoder.decode(direct) + decoder.finish()).isEqualTo(text);
    }

}
