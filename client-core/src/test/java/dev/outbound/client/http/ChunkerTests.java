package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChunkerTests {

    @Test
    void bytesAreCutToSize() {
        for (int size : new int[] { 1, 3, 8192, 10_000, 100_000 }) {
            ByteChunker chunker = new ByteChunker(size);
            List<byte[]> chunks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                chunks.addAll(chunker.add(ByteBuffer.wrap(new byte[997])));
            }
            assertThat(chunks).hasSize(50 * 997 / size).allSatisfy((chunk) -> assertThat(chunk).hasSize(size));
            assertThat(chunker.finish()).hasSize(50 * 997 % size);
            assertThat(chunker.finish()).isEmpty();
        }
    }

    @Test
    void hugeSizeAllocatesOnlyWhatArrives() {
        ByteChunker chunker = new ByteChunker(Integer.MAX_VALUE - 8);
        assertThat(chunker.add(ByteBuffer.wrap(new byte[20_000]))).isEmpty();
        assertThat(chunker.finish()).hasSize(20_000);
    }

    @Test
    void textIsCountedInCodePoints() {
        TextChunker chunker = new TextChunker(2);
        assertThat(chunker.add("😀a😀")).containsExactly("😀a");
        assertThat(chunker.add("")).isEmpty();
        assertThat(chunker.add("bc")).containsExactly("😀b");
        assertThat(chunker.finish()).isEqualTo("c");
        assertThat(chunker.finish()).isEmpty();
    }

}
