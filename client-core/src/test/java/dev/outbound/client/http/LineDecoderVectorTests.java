package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
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
class LineDecoderVectorTests {

    @TestFactory
    Stream<DynamicTest> lineDecoder() {
        return Topic.of("line_decoder")
            .op("lines",
                    (in) -> Map.of("lines", lines(in.get("chunks").valueStream().map(JsonNode::asString).toList())))
            .op("lines_bytes", (in) -> Map.of("lines", lines(decode(in))))
            .tests();
    }

    private static List<String> decode(JsonNode in) {
        TextEncoding encoding = TextEncoding.of(in.path("content_type").asStringOpt().orElse(null));
        TextDecoder decoder = new TextDecoder((encoding != null) ? encoding.charset() : StandardCharsets.UTF_8);
        List<String> chunks = new ArrayList<>();
        in.get("chunks_b64")
            .forEach((chunk) -> chunks
                .add(decoder.decode(ByteBuffer.wrap(Base64.getDecoder().decode(chunk.asString())))));
        chunks.add(decoder.finish());
        return chunks;
    }

    private static List<String> lines(List<String> chunks) {
        LineDecoder decoder = LineDecoder.unicode();
        List<String> lines = new ArrayList<>();
        chunks.forEach((chunk) -> lines.addAll(decoder.decode(chunk)));
        String rest = decoder.finish();
        if (rest != null) {
            lines.add(rest);
        }
        return lines;
    }

}
