package dev.outbound.client.auth;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class DigestAuthVectorTests {

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("digest_auth")
            .op("answer", (in) -> answer(Lane.BLOCKING, in), (in) -> answer(Lane.REACTIVE, in))
            .op("sequence", (in) -> sequence(Lane.BLOCKING, in), (in) -> sequence(Lane.REACTIVE, in))
            .tests();
    }

    private static Auth auth(JsonNode in) {
        String clientNonce = in.path("cnonce").asString("0a4f113b");
        return new DigestAuth(Challenger.ORIGIN_SERVER,
                new DigestCredentials(in.path("username").asString(), in.path("password").asString()),
                EnumSet.allOf(DigestAlgorithm.class), (nonce) -> clientNonce);
    }

    private static Map<String, @Nullable Object> answer(Lane lane, JsonNode in) {
        List<String> challenges = in.path("www_authenticate").valueStream().map(JsonNode::asString).toList();
        FakeUpstream upstream = FakeUpstream.answering(refusal(in.path("status").asInt(401), challenges),
                FakeUpstream.ok(""));
        LaneClient client = lane.client(upstream, new TestClock(), (builder) -> builder.auth(auth(in)));
        client.request(HttpMethod.valueOf(in.path("method").asString("GET")), in.path("url").asString(), (spec) -> {
        });
        Map<String, @Nullable Object> out = new HashMap<>();
        out.put("authorization", (upstream.requests().size() > 1) ? authorization(upstream.request(1)) : null);
        return out;
    }

    private static Map<String, @Nullable Object> sequence(Lane lane, JsonNode in) {
        List<@Nullable String> challenge = new ArrayList<>();
        FakeUpstream upstream = new FakeUpstream((request) -> {
            String next = challenge.isEmpty() ? null : challenge.remove(0);
            return (next != null) ? refusal(401, List.of(next)) : FakeUpstream.ok("");
        });
        LaneClient client = lane.client(upstream, new TestClock(), (builder) -> builder.auth(auth(in)));
        for (JsonNode step : in.path("steps")) {
            if (step.hasNonNull("challenge")) {
                challenge.add(step.path("challenge").asString());
            }
            client.get(step.path("url").asString());
        }
        List<@Nullable String> sent = new ArrayList<>();
        upstream.requests().forEach((request) -> sent.add(authorization(request)));
        return Map.of("authorizations", sent);
    }

    private static Answer refusal(int status, List<String> challenges) {
        FieldLines.Builder fields = FieldLines.builder();
        challenges.forEach((challenge) -> fields.append("WWW-Authenticate", challenge));
        return new Answer(status, fields.build(), new byte[0], null);
    }

    private static @Nullable String authorization(Request request) {
        return request.fields().first("Authorization");
    }

}
