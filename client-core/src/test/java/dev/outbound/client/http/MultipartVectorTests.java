package dev.outbound.client.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
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
class MultipartVectorTests {

    @TestFactory
    Stream<DynamicTest> multipart() {
        return Topic.of("multipart")
            .op("encode", (in) -> describe(body(in), BodyBytes::blocking),
                    (in) -> describe(body(in), BodyBytes::reactive))
            .op("boundary", (in) -> {
                Map<String, @Nullable Object> out = new HashMap<>();
                out.put("boundary", Boundary.of(in.get("content_type").asStringOpt().orElse(null)));
                return out;
            })
            .tests();
    }

    private static RequestBody body(JsonNode in) {
        Multipart multipart = new Multipart();
        in.path("data").forEach((field) -> multipart.field(field.get(0).asString(), value(field.get(1))));
        in.path("files").forEach((file) -> add(multipart, file));
        if (in.has("boundary")) {
            multipart.boundary(in.get("boundary").asString());
        }
        RequestBody body = multipart.build();
        return in.has("content_type") ? body.under(in.get("content_type").asString()) : body;
    }

    private static @Nullable Object value(JsonNode value) {
        if (value.isArray()) {
            List<@Nullable Object> values = new ArrayList<>();
            value.forEach((single) -> values.add(value(single)));
            return values;
        }
        return value.has("b64") ? Base64.getDecoder().decode(value.get("b64").asString()) : Params.value(value);
    }

    private static void add(Multipart multipart, JsonNode file) {
        String name = file.get("name").asString();
        FieldLines.Builder headers = FieldLines.builder();
        file.path("headers").forEach((line) -> headers.add(line.get(0).asString(), line.get(1).asString()));
        if (file.path("content_type").isString()) {
            FieldLines lines = headers.build();
            lines.forEach(headers::add);
            if (!lines.contains("Content-Type")) {
                headers.add("Content-Type", file.get("content_type").asString());
            }
        }
        FieldLines lines = headers.build();
        if (!file.has("filename") && file.has("content") && lines.isEmpty()) {
            multipart.file(name, file.get("content").asString().getBytes(StandardCharsets.UTF_8));
        }
        else {
            String fileName = file.has("filename") ? file.get("filename").asStringOpt().orElse(null) : "upload";
            multipart.part(name, fileName, content(file), lines);
        }
    }

    private static RequestBody content(JsonNode file) {
        if (file.has("stream")) {
            return RequestBody
                .stream(new ByteArrayInputStream(file.get("stream").asString().getBytes(StandardCharsets.UTF_8)), -1);
        }
        return RequestBody
            .bytes(file.has("content_b64") ? Base64.getDecoder().decode(file.get("content_b64").asString())
                    : file.get("content").asString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, ?> describe(RequestBody body, Reading reading) throws IOException {
        byte[] bytes = reading.read(body);
        Map<String, @Nullable Object> out = new HashMap<>();
        out.put("content_type", String.valueOf(body.contentType()));
        out.put("content_length", (body.contentLength() >= 0) ? Long.toString(body.contentLength()) : null);
        out.put("chunked", body.contentLength() < 0);
        out.put("body_b64", Base64.getEncoder().encodeToString(bytes));
        out.put("body", new String(bytes, StandardCharsets.UTF_8));
        return out;
    }

    private interface Reading {

        byte[] read(RequestBody body) throws IOException;

    }

}
