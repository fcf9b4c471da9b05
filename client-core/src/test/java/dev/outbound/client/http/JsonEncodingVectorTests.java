package dev.outbound.client.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class JsonEncodingVectorTests {

    @TestFactory
    Stream<DynamicTest> jsonEncoding() {
        return Topic.of("json_encoding")
            .op("encode", JsonEncodingVectorTests::encode)
            .op("decode", JsonEncodingVectorTests::decode)
            .error("InvalidArgument", ConversionException.class)
            .tests();
    }

    private static Map<String, ?> encode(JsonNode in) throws Exception {
        RequestBody body = JsonConversion.defaults().write(Objects.requireNonNull(value(in)));
        Map<String, Object> out = new HashMap<>();
        out.put("body", new String(BodyBytes.blocking(body), StandardCharsets.UTF_8));
        out.put("content_length", Long.toString(body.contentLength()));
        out.put("content_type", String.valueOf(body.contentType()));
        return out;
    }

    private static @Nullable Object value(JsonNode in) {
        return switch (in.path("special").asString("")) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Params.value(in.get("value"));
        };
    }

    private static Map<String, ?> decode(JsonNode in) {
        byte[] content = Base64.getDecoder().decode(in.get("content_b64").asString());
        return Map.of("value", Responses.of(in.path("content_type").asStringOpt().orElse(null), content).json());
    }

}
