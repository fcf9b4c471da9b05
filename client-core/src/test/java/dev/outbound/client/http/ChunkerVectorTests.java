package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class ChunkerVectorTests {

    @TestFactory
    Stream<DynamicTest> chunker() {
        return Topic.of("chunker")
            .op("raw", ChunkerVectorTests::bytes)
            .op("bytes", ChunkerVectorTests::bytes)
            .op("read_bytes", ChunkerVectorTests::bytes)
            .op("text", ChunkerVectorTests::text)
            .tests();
    }

    private static Map<String, ?> bytes(JsonNode in) {
        ByteChunker chunker = new ByteChunker(in.path("chunk_size").asInt(0));
        List<byte[]> chunks = new ArrayList<>();
        long downloaded = 0;
        for (byte[] chunk : chunks(in)) {
            downloaded += chunk.length;
            chunks.addAll(chunker.add(ByteBuffer.wrap(chunk)));
        }
        byte[] rest = chunker.finish();
        if (rest.length > 0) {
            chunks.add(rest);
        }
        Map<String, Object> out = new HashMap<>();
        out.put("chunks", chunks.stream().map((chunk) -> new String(chunk, StandardCharsets.UTF_8)).toList());
        out.put("downloaded", downloaded);
        return out;
    }

    private static Map<String, ?> text(JsonNode in) {
        TextDecoder decoder = new TextDecoder(StandardCharsets.UTF_8);
        TextChunker chunker = new TextChunker(in.path("chunk_size").asInt(0));
        List<String> chunks = new ArrayList<>();
        for (byte[] chunk : chunks(in)) {
            chunks.addAll(chunker.add(decoder.decode(ByteBuffer.wrap(chunk))));
        }
        chunks.addAll(chunker.add(decoder.finish()));
        String rest = chunker.finish();
        if (!rest.isEmpty()) {
            chunks.add(rest);
        }
        return Map.of("chunks", chunks);
    }

    private static List<byte[]> chunks(JsonNode in) {
        if (in.has("content")) {
            return List.of(in.get("content").asString().getBytes(StandardCharsets.UTF_8));
        }
        return in.has("chunks_b64")
                ? in.get("chunks_b64")
                    .valueStream()
                    .map((chunk) -> Base64.getDecoder().decode(chunk.asString()))
                    .toList()
                : in.get("chunks")
                    .valueStream()
                    .map((chunk) -> chunk.asString().getBytes(StandardCharsets.UTF_8))
                    .toList();
    }

}
