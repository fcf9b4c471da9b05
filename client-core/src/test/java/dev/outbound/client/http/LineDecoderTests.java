package dev.outbound.client.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class LineDecoderTests {

    private static List<String> lines(LineDecoder decoder, String... chunks) {
        List<String> lines = new ArrayList<>();
        for (String chunk : chunks) {
            lines.addAll(decoder.decode(chunk));
        }
        String rest = decoder.finish();
        if (rest != null) {
            lines.add(rest);
        }
        return lines;
    }

    @Test
    void strictLeavesJsonWhole() {
        assertThat(lines(LineDecoder.strict(), "{\"a\":\"x\u2028y\u0085\u000b\"}\r\n{}\n"))
            .containsExactly("{\"a\":\"x\u2028y\u0085\u000b\"}", "{}");
    }

    @Test
    void lineIsGivenWithItsCarriageReturn() {
        LineDecoder decoder = LineDecoder.strict();
        assertThat(decoder.decode("a\r")).containsExactly("a");
        assertThat(decoder.decode("")).isEmpty();
        assertThat(decoder.decode("\nb")).isEmpty();
        assertThat(decoder.pending()).isEqualTo(1);
        assertThat(decoder.finish()).isEqualTo("b");
        assertThat(decoder.finish()).isNull();
    }

    @Test
    void chunksMakeNoDifference() {
        Random random = new Random(8);
        String[] pieces = { "a", "\r", "\n", "\r\n", "\u2028", "é", "" };
        for (int i = 0; i < 5000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 10; j++) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            assertThat(lines(LineDecoder.strict(), text.toString().split("(?<=.)")))
                .isEqualTo(lines(LineDecoder.strict(), text.toString()))
                .isEqualTo(text.toString().lines().toList());
        }
    }

    @Test
    void longLineInManyChunksTakesLinearTime() {
        assertTimeout(Duration.ofSeconds(3), () -> {
            LineDecoder decoder = LineDecoder.unicode();
            for (int i = 0; i < 1_000_000; i++) {
                assertThat(decoder.decode("x").isEmpty()).isTrue();
            }
            assertThat(decoder.pending()).isEqualTo(1_000_000);
        });
    }

}
