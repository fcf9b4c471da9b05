package dev.outbound.client.http;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class FormEncodingVectorTests {

    @TestFactory
    Stream<DynamicTest> formEncoding() {
        return Topic.of("form_encoding").op("form", (in) -> {
            RequestBody body = RequestBody.form(Params.map(in.get("data")));
            Map<String, @Nullable Object> out = new HashMap<>();
            out.put("body", new String(BodyBytes.blocking(body), StandardCharsets.UTF_8));
            out.put("content_type", (body.contentType() != null) ? body.contentType().toString() : null);
            out.put("content_length", Long.toString(body.contentLength()));
            return out;
        }).tests();
    }

}
