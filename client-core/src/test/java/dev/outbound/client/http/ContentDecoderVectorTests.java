package dev.outbound.client.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
class ContentDecoderVectorTests {

    @TestFactory
    Stream<DynamicTest> contentDecoder() {
        return Topic.of("content_decoder")
            .op("decode", ContentDecoderVectorTests::decode)
            .follows("content_b64", "text")
            .tag("brotli", ContentDecoder.supported().contains("br"))
            .tag("zstd", ContentDecoder.supported().contains("zstd"))
            .tests();
    }

    private static Map<String, ?> decode(JsonNode in) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ContentDecoder.Output output = (bytes) -> {
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            content.writeBytes(piece);
        };
        long downloaded = 0;
        try (ContentDecoder decoder = ContentDecoder.of(codings(in.get("content_encoding")), -1, -1, 5)) {
            for (JsonNode chunk : in.get("chunks_b64")) {
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(chunk.asString()));
                downloaded += bytes.remaining();
                if (decoder != null) {
                    decoder.decode(bytes, output);
                }
                else {
                    output.accept(bytes);
                }
            }
            if (decoder != null) {
                decoder.finish(output);
                downloaded = decoder.received();
            }
        }
        return Map.of("content_b64", Base64.getEncoder().encodeToString(content.toByteArray()), "downloaded",
                downloaded, "text", content.toString(StandardCharsets.UTF_8));
    }

    private static List<String> codings(JsonNode header) {
        return header.isArray() ? header.valueStream().map(JsonNode::asString).toList()
                : header.isNull() ? List.of() : List.of(header.asString());
    }

}
