package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class TextDecoderVectorTests {

    @TestFactory
    Stream<DynamicTest> textDecoder() {
        return Topic.of("text_decoder")
            .op("text", TextDecoderVectorTests::text)
            .op("stream", TextDecoderVectorTests::stream)
            .tests();
    }

    private static Map<String, ?> text(JsonNode in) {
        byte[] content = Base64.getDecoder().decode(in.get("content_b64").asString());
        Response response = Responses.of(in.path("content_type").asStringOpt().orElse(null), content);
        TextEncoding encoding = in.path("set_encoding").isString() ? named(in.get("set_encoding")) : response
            .encoding(in.path("default_encoding").isString() ? named(in.get("default_encoding")) : TextEncoding.UTF_8);
        Map<String, @Nullable Object> out = new HashMap<>();
        out.put("encoding", encoding.label());
        out.put("charset", response.declaredCharset());
        out.put("text", response.text(encoding.charset()));
        if (!in.has("set_encoding") && !in.has("default_encoding")) {
            out.put("text", response.text());
        }
        return out;
    }

    private static TextEncoding named(JsonNode label) {
        TextEncoding encoding = TextEncoding.named(label.asString());
        if (encoding == null) {
            throw new IllegalArgumentException("Unknown character set " + label);
        }
        return encoding;
    }

    private static Map<String, ?> stream(JsonNode in) {
        TextEncoding encoding = TextEncoding.of(in.path("content_type").asStringOpt().orElse(null), TextEncoding.UTF_8);
        TextDecoder decoder = new TextDecoder(encoding.charset());
        TextChunker chunker = new TextChunker(0);
        List<String> chunks = new ArrayList<>();
        in.get("chunks_b64")
            .forEach((chunk) -> chunks
                .addAll(chunker.add(decoder.decode(ByteBuffer.wrap(Base64.getDecoder().decode(chunk.asString()))))));
        chunks.addAll(chunker.add(decoder.finish()));
        return Map.of("chunks", chunks);
    }

}
