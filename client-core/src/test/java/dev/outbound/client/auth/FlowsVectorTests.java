package dev.outbound.client.auth;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import dev.outbound.client.Client;
import dev.outbound.client.Hook;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.FakeUpstream.Answer;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.PiecemealUpstream;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Calls with hooks, authentication and redirects through both drivers, and the lives of
 * responses and clients.
 */
@ExtendWith(VectorReport.class)
class FlowsVectorTests {

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("flows")
            .op("exchange", (in) -> exchange(Lane.BLOCKING, in), (in) -> exchange(Lane.REACTIVE, in))
            .op("response", FlowsVectorTests::response, FlowsVectorTests::reactiveResponse)
            .op("client", (in) -> client(Lane.BLOCKING, in), (in) -> client(Lane.REACTIVE, in))
            .op("invalid_url", (in) -> invalidUrl(Lane.BLOCKING, in), (in) -> invalidUrl(Lane.REACTIVE, in))
            .tests();
    }

    private static Object exchange(Lane lane, JsonNode in) {
        List<List<@Nullable Object>> events = new ArrayList<>();
        Map<String, AtomicInteger> counts = new HashMap<>();
        FakeUpstream upstream = new FakeUpstream((request) -> {
            events.add(Arrays.asList("send", request.method().name(), request.url().text(),
                    request.fields().first("Authorization")));
            return answer(in.path("server"), request, counts);
        });
        boolean follow = in.path("follow").asBoolean(false);
        try (LaneClient client = lane.client(upstream, new TestClock(),
                (builder) -> builder.auth(auth(in.path("auth").path("kind").asString("")))
                    .redirects(follow ? RedirectPolicy.of(RedirectMode.FOLLOW, 20) : RedirectPolicy.none())
                    .hook(new Noting(events)))) {
            Response response = client.get(in.path("url").asString());
            return Map.of("status", response.statusCode(), "history",
                    response.history().stream().map(Response::statusCode).toList(), "history_depths",
                    response.history().stream().map((earlier) -> earlier.history().size()).toList(), "events", events);
        }
    }

    private record Noting(List<List<@Nullable Object>> events) implements Hook {

        @Override
        public Request onRequest(Request request) {
            this.events.add(List.of("request_hook", request.method().name(), request.url().text()));
            return request;
        }

        @Override
        public void onResponse(Request request, ResponseHead response) {
            this.events.add(List.of("response_hook", response.statusCode()));
        }

    }

    private static Answer answer(JsonNode server, Request request, Map<String, AtomicInteger> counts) {
        for (JsonNode rule : server) {
            String url = rule.get(0).asString();
            if (url.equals("*") || url.equals(request.url().text())) {
                int number = counts.computeIfAbsent(url, (key) -> new AtomicInteger()).getAndIncrement();
                JsonNode status = rule.get(1);
                FieldLines.Builder fields = FieldLines.builder();
                rule.get(2).properties().forEach((line) -> fields.add(line.getKey(), line.getValue().asString()));
                return new Answer(status.isArray() ? status.get(number).asInt() : status.asInt(), fields.build(),
                        rule.get(3).asString().getBytes(UTF_8), null);
            }
        }
        return FakeUpstream.ok("");
    }

    private static @Nullable Auth auth(String kind) {
        return switch (kind) {
            case "basic" -> Auth.basic("u", "p");
            case "digest" -> new DigestAuth(Challenger.ORIGIN_SERVER, new DigestCredentials("u", "p"),
                    EnumSet.allOf(DigestAlgorithm.class), (nonce) -> "0a4f113b");
            case "body" -> (now) -> new FromBody();
            default -> null;
        };
    }

    /** Sends the body of the first response as the credentials of the second request. */
    private static final class FromBody implements AuthFlow {

        private @Nullable Request call;

        @Override
        public AuthStep start(Request request) {
            this.call = request;
            return AuthStep.send(request.withHeader("Authorization", "xyz"));
        }

        @Override
        public AuthStep responded(Response response) {
            return AuthStep.sendLast(this.call.withHeader("Authorization", response.text()));
        }

        @Override
        public boolean readsBody() {
            return true;
        }

    }

    private static Object response(JsonNode in) throws Exception {
        List<Map<String, ?>> log = new ArrayList<>();
        if (in.has("content")) {
            Response response = Response.of(Request.of(HttpMethod.GET, Url.parse("http://a.test/")), 200,
                    RequestBody.text(in.get("content").asString()));
            for (JsonNode step : in.path("steps")) {
                log.add(attempt(() -> read(response, step.asString())));
            }
            return Map.of("log", log);
        }
        List<InputStream> chunks = new ArrayList<>();
        in.path("chunks").forEach((chunk) -> chunks.add(new ByteArrayInputStream(chunk.asString().getBytes(UTF_8))));
        Transport transport = (request,
                cancellation) -> new Chunked(new SequenceInputStream(Collections.enumeration(chunks)));
        try (Client client = Client.builder().transport(transport).build();
                StreamedResponse response = client.stream(HttpMethod.GET, "http://a.test/")) {
            Response[] read = new Response[1];
            for (JsonNode step : in.path("steps")) {
                log.add(attempt(() -> {
                    if (step.asString().equals("read")) {
                        read[0] = response.read();
                        return read[0].text();
                    }
                    return (read[0] != null && !step.asString().equals("state")) ? read(read[0], step.asString())
                            : stream(response, step.asString());
                }));
            }
        }
        return Map.of("log", log);
    }

    /**
     * The same on a reactive client, where leaving the function of {@code stream} closes
     * the response.
     */
    private static Object reactiveResponse(JsonNode in) throws Exception {
        if (in.has("content")) {
            return response(in);
        }
        PiecemealUpstream upstream = PiecemealUpstream.of(null,
                in.path("chunks").valueStream().map(JsonNode::asString).toArray(String[]::new));
        List<String> steps = in.path("steps").valueStream().map(JsonNode::asString).toList();
        int closing = steps.contains("close") ? steps.indexOf("close") : steps.size();
        List<Map<String, ?>> log = new ArrayList<>();
        Response[] read = new Response[1];
        ReactiveStreamedResponse[] streamed = new ReactiveStreamedResponse[1];
        try (ReactiveClient client = ReactiveClient.builder()
            .reactiveTransport(upstream.reactiveTransport())
            .buildReactive()) {
            client.stream(HttpMethod.GET, "http://a.test/", (response) -> {
                streamed[0] = response;
                steps.subList(0, closing).forEach((step) -> log.add(attempt(() -> step(response, read, step))));
                return Mono.empty();
            }).blockLast(Duration.ofSeconds(20));
            for (String step : steps.subList(closing, steps.size())) {
                log.add(attempt(() -> step(streamed[0], read, step)));
            }
        }
        return Map.of("log", log);
    }

    private static @Nullable Object step(ReactiveStreamedResponse response, @Nullable Response[] read, String step)
            throws NoSuchMethodException {
        if (step.equals("read")) {
            read[0] = (read[0] != null) ? read[0] : response.read().block();
            return read[0].text();
        }
        if (read[0] != null && !step.equals("state")) {
            return read(read[0], step);
        }
        return switch (step) {
            case "iter_bytes" ->
                response.bytes().map((bytes) -> new String(bytes, UTF_8)).collectList().block(Duration.ofSeconds(20));
            case "iter_text" -> response.text().collectList().block(Duration.ofSeconds(20));
            case "close" -> null;
            case "state" -> Map.of("is_closed", response.isClosed(), "is_stream_consumed", response.isConsumed(),
                    "num_bytes_downloaded", response.bytesReceived());
            case "content" -> throw new NoSuchMethodException("a streamed response has no content before it is read");
            default -> throw new AssertionError("Unknown step " + step);
        };
    }

    private static @Nullable Object stream(StreamedResponse response, String step) throws NoSuchMethodException {
        return switch (step) {
            case "iter_bytes" -> response.bytes().map((bytes) -> new String(bytes, UTF_8)).toList();
            case "iter_text" -> response.text().toList();
            case "close" -> {
                response.close();
                yield null;
            }
            case "state" -> Map.of("is_closed", response.isClosed(), "is_stream_consumed", response.isConsumed(),
                    "num_bytes_downloaded", response.bytesReceived());
            case "content" -> throw new NoSuchMethodException("a streamed response has no content before it is read");
            default -> throw new AssertionError("Unknown step " + step);
        };
    }

    /**
     * A response in memory is no stream: what HTTPX iterates over is there as a whole.
     */
    private static @Nullable Object read(Response response, String step) {
        return switch (step) {
            case "read", "content" -> new String(response.bytes(), UTF_8);
            case "text" -> response.text();
            case "iter_bytes" -> List.of(new String(response.bytes(), UTF_8));
            case "iter_text" -> List.of(response.text());
            case "iter_lines" -> response.lines();
            case "state" -> null;
            case "set_encoding" -> response.text(StandardCharsets.ISO_8859_1);
            case "elapsed" -> response.elapsed().toNanos();
            case "request" -> response.request().toString();
            default -> throw new AssertionError("Unknown step " + step);
        };
    }

    private static Map<String, @Nullable Object> attempt(Callable<@Nullable Object> step) {
        try {
            return Collections.singletonMap("value", step.call());
        }
        catch (IllegalStateException ex) {
            return Map.of("error",
                    ex.getMessage().matches(".*was (closed|released).*") ? "StreamClosed" : "StreamConsumed");
        }
        catch (NoSuchMethodException ex) {
            return Map.of("error", "NoSuchMethod");
        }
        catch (Exception ex) {
            throw new AssertionError(ex);
        }
    }

    /** A body that arrives in pieces. */
    private record Chunked(InputStream body) implements TransportResponse {

        @Override
        public int statusCode() {
            return 200;
        }

        @Override
        public String reasonPhrase() {
            return "OK";
        }

        @Override
        public String httpVersion() {
            return "HTTP/1.1";
        }

        @Override
        public FieldLines fields() {
            return FieldLines.empty();
        }

        @Override
        public void close() {
        }

        @Override
        public void abort() {
        }

    }

    private static Object client(Lane lane, JsonNode in) throws Exception {
        List<Map<String, ?>> log = new ArrayList<>();
        LaneClient client = lane.client(FakeUpstream.answering(FakeUpstream.ok("sent")), new TestClock(), (builder) -> {
        });
        for (JsonNode step : in.path("steps")) {
            try {
                log.add(Collections.singletonMap("value", step(client, step.asString())));
            }
            catch (IllegalStateException ex) {
                log.add(Map.of("error", "IllegalState"));
            }
        }
        return Map.of("log", log);
    }

    private static @Nullable Object step(LaneClient client, String step) {
        return switch (step) {
            case "get" -> client.get("http://a.test/").text();
            case "close" -> {
                client.close();
                yield null;
            }
            case "is_closed" -> client.isClosed();
            // A client is ready when it is built: there is nothing to open.
            case "enter" -> null;
            default -> throw new AssertionError("Unknown step " + step);
        };
    }

    private static Object invalidUrl(Lane lane, JsonNode in) {
        try (LaneClient client = lane.client((builder) -> {
        })) {
            return Map.of("status", client.get(in.path("url").asString()).statusCode());
        }
    }

}
