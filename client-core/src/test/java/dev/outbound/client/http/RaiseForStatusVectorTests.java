package dev.outbound.client.http;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class RaiseForStatusVectorTests {

    @TestFactory
    Stream<DynamicTest> raiseForStatus() {
        return Topic.of("raise_for_status").op("status", RaiseForStatusVectorTests::status).free("message").tests();
    }

    private static Map<String, ?> status(JsonNode in) {
        FieldLines.Builder fields = FieldLines.builder();
        in.path("headers").properties().forEach((line) -> fields.add(line.getKey(), line.getValue().asString()));
        Request request = Request.of(HttpMethod.GET, Url.parse(in.path("url").asString("https://example.org")));
        Response response = Responses.of(in.get("status").asInt(), in.path("reason").asStringOpt().orElse(null),
                fields.build(), new byte[0], request);
        Map<String, Object> out = new HashMap<>();
        out.put("reason_phrase", response.reasonPhrase());
        out.put("flags",
                Map.of("is_informational", response.isInformational(), "is_success", response.isSuccess(),
                        "is_redirect", response.isRedirect(), "is_client_error", response.isClientError(),
                        "is_server_error", response.isServerError(), "is_error", response.isError(),
                        "has_redirect_location", response.hasRedirectLocation()));
        out.put("raised", false);
        try {
            response.raiseForStatus();
        }
        catch (StatusException ex) {
            out.put("raised", true);
            out.put("kind", ex.detail().replaceFirst(" [0-9].*", ""));
        }
        return out;
    }

}
