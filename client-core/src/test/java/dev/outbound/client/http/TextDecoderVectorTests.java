package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

    private static final TextEncoding UTF_8 = new TextEncoding("utf-8", StandardCharsets.UTF_8);

    @TestFactory
    Stream<DynamicTest> textDecoder() {
        return Topic.of("text_decoder")
            .op("text", TextDecoderVectorTests::text)
            .op("stream", TextDecoderVectorTests::stream)
            .tests();
    }

    private static Map<String, ?> text(JsonNode in) {
        byte[] content = Base64.getDecoder().decode(in.get("content_b64").asString());
        String contentType = in.path("content_type").asStringOpt().orElse(null);
        TextEncoding otherwise = in.path("default_encoding").isString() ? named(in.get("default_encoding")) : UTF_8;
        Response response = Responses.of(contentType, content, DefaultCharset.of(otherwise.charset()));
        TextEncoding declared = TextEncoding.of(contentType);
        Map<String, @Nullable Object> out = new HashMap<>();
        out.put("charset", response.declaredCharset());
        if (in.path("set_encoding").isString()) {
            TextEncoding explicit = named(in.get("set_encoding"));
            out.put("encoding", explicit.label());
            out.put("text", response.text(explicit.charset()));
        }
        else {
            out.put("encoding", ((declared != null) ? declared : otherwise).label());
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
        TextEncoding encoding = TextEncoding.of(in.path("content_type").asStringOpt().orElse(null));
        TextDecoder decoder = new TextDecoder(((encoding != null) ? encoding : UTF_8).charset());
        TextChunker chunker = new TextChunker(0);
        List<String> chunks = new ArrayList<>();
        in.get("chunks_b64")
            .forEach((chunk) -> chunks
                .addAll(chunker.add(decoder.decode(ByteBuffer.wrap(Base64.getDecoder().decode(chunk.asString()))))));
        chunks.addAll(chunker.add(decoder.finish()));
        return Map.of("chunks", chunks);
    }

}
