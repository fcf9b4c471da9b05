package dev.outbound.mock;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.http.Request;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class RespxPatternsVectorTests {

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("respx_patterns")
            .error("UnknownPattern", UnknownPatternException.class)
            .error("UnsupportedLookup", UnsupportedLookupException.class)
            .op("match", RespxPatternsVectorTests::match)
            .op("equal", (in) -> {
                RequestPattern a = VectorInput.pattern(in.get("a"));
                RequestPattern b = VectorInput.pattern(in.get("b"));
                return Map.of("equal", a.equals(b) && a.hashCode() == b.hashCode());
            })
            .op("make", (in) -> Map.of("made", VectorInput.pattern(in.get("pattern")).toString()))
            .tests();
    }

    private static Map<String, Object> match(JsonNode in) throws IOException {
        Comparison comparison = VectorInput.pattern(in.get("pattern"))
            .compare(sent(VectorInput.request(in.get("request"))));
        return Map.of("match", comparison.matches(), "groups", comparison.variables());
    }

    private static SentRequest sent(Request request) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (request.body() != null) {
            request.body().writeTo(body);
        }
        return SentRequest.of(request, body.toByteArray());
    }

}
