package dev.outbound.client.retry;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class RetryAfterVectorTests {

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("retry_after").op("delay", RetryAfterVectorTests::delay).tests();
    }

    private static Map<String, @Nullable Object> delay(JsonNode in) {
        FieldLines fields = FieldLines.empty();
        if (in.path("value").isString()) {
            fields = FieldLines.builder().append("Retry-After", in.get("value").asString()).build();
        }
        Duration delay = RetryAfter.of(ResponseHead.of(503, "", "HTTP/1.1", fields),
                Instant.parse(in.get("now").asString()));
        return Collections.singletonMap("delay_seconds", (delay != null) ? seconds(delay) : null);
    }

    private static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
    }

}
