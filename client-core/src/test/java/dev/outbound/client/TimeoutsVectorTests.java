package dev.outbound.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Timeouts;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class TimeoutsVectorTests {

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("timeouts")
            .op("make", (in) -> values(timeouts(in)))
            .op("request", (in) -> request(Lane.BLOCKING, in), (in) -> request(Lane.REACTIVE, in))
            .op("limits", (in) -> limits(Client.builder().settings().transport()))
            .tests();
    }

    private static Timeouts timeouts(JsonNode in) {
        Timeouts timeouts = Timeouts.defaults();
        JsonNode timeout = in.path("timeout");
        if (timeout.isArray()) {
            timeouts = timeouts.withConnect(duration(timeout.path(0)))
                .withRead(duration(timeout.path(1)))
                .withWrite(duration(timeout.path(2)))
                .withPool(duration(timeout.path(3)));
        }
        else if (in.has("timeout")) {
            timeouts = timeouts.withAll(duration(timeout));
        }
        timeouts = part(timeouts, in, "connect", Timeouts::withConnect);
        timeouts = part(timeouts, in, "read", Timeouts::withRead);
        timeouts = part(timeouts, in, "write", Timeouts::withWrite);
        return part(timeouts, in, "pool", Timeouts::withPool);
    }

    private static Timeouts part(Timeouts timeouts, JsonNode in, String name,
            BiFunction<Timeouts, @Nullable Duration, Timeouts> with) {
        return in.has(name) ? with.apply(timeouts, duration(in.get(name))) : timeouts;
    }

    private static @Nullable Duration duration(JsonNode seconds) {
        return (seconds.isNull() || seconds.isMissingNode()) ? null
                : Duration.ofNanos((long) (seconds.asDouble() * 1e9));
    }

    private static Object request(Lane lane, JsonNode in) {
        FakeUpstream upstream = FakeUpstream.answering(FakeUpstream.ok(""));
        try (LaneClient client = lane.client(upstream, new TestClock(), (builder) -> {
            if (in.has("client")) {
                builder.timeout(duration(in.get("client")));
            }
        })) {
            client.request(HttpMethod.GET, "http://a.test/", (spec) -> {
                if (in.has("request")) {
                    spec.timeout(duration(in.get("request")));
                }
                if (in.has("extension")) {
                    spec.timeouts(Timeouts.none().withConnect(duration(in.get("extension").path("connect"))));
                }
            });
        }
        return values(upstream.request(0).timeouts());
    }

    private static Map<String, @Nullable Object> values(Timeouts timeouts) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("connect", seconds(timeouts.connect()));
        values.put("read", seconds(timeouts.read()));
        values.put("write", seconds(timeouts.write()));
        values.put("pool", seconds(timeouts.pool()));
        return values;
    }

    private static @Nullable Double seconds(@Nullable Duration duration) {
        return (duration != null) ? duration.toNanos() / 1e9 : null;
    }

    /** There is no limit of its own on idle connections: all may be idle. */
    private static Map<String, @Nullable Object> limits(TransportSettings settings) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("max_connections", settings.maxConnections());
        values.put("max_keepalive_connections", settings.maxConnections());
        values.put("keepalive_expiry", seconds(settings.idle()));
        return values;
    }

}
