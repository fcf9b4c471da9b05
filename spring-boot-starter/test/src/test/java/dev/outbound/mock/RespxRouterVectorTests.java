package dev.outbound.mock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.core.io.buffer.DataBufferUtils;

import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class RespxRouterVectorTests {

    private static final String REAL = "X-Real";

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("respx_router")
            .op("scenario", (in) -> new Scenario(in, Lane.BLOCKING).run(),
                    (in) -> new Scenario(in, Lane.REACTIVE).run())
            .op("set_cookie",
                    (in) -> Map.of("header",
                            Objects.requireNonNull(Reply.ok().cookie(cookie(in)).fields().first("Set-Cookie"))))
            .tests();
    }

    private static SetCookie cookie(JsonNode in) {
        SetCookie cookie = SetCookie.of(in.get("name").asString(), in.get("value").asString());
        if (in.hasNonNull("path")) {
            cookie = cookie.path(in.get("path").asString());
        }
        if (in.hasNonNull("domain")) {
            cookie = cookie.domain(in.get("domain").asString());
        }
        if (in.hasNonNull("expires")) {
            cookie = in.get("expires").isNumber() ? cookie.expires(Instant.ofEpochSecond(in.get("expires").asLong()))
                    : cookie.expires(in.get("expires").asString());
        }
        if (in.hasNonNull("max_age")) {
            cookie = cookie.maxAge(Duration.ofSeconds(in.get("max_age").asLong()));
        }
        if (in.hasNonNull("same_site")) {
            cookie = cookie.sameSite(in.get("same_site").asString());
        }
        cookie = in.path("http_only").asBoolean(false) ? cookie.httpOnly() : cookie;
        cookie = in.path("secure").asBoolean(false) ? cookie.secure() : cookie;
        return in.path("partitioned").asBoolean(false) ? cookie.partitioned() : cookie;
    }

    /** A router, what is done with it, and what was seen. */
    private static final class Scenario {

        private final JsonNode in;

        private final Lane lane;

        private final MockRouter router;

        private final Map<String, Route> routes = new LinkedHashMap<>();

        private final List<Map<String, @Nullable Object>> log = new ArrayList<>();

        private final List<MockRouter.Snapshot> snapshots = new ArrayList<>();

        Scenario(JsonNode in, Lane lane) {
            this.in = in;
            this.lane = lane;
            JsonNode settings = in.path("router");
            this.router = MockRouter.create(settings.path("base_url").asString("")).passThroughTo(real());
            if (!settings.path("assert_all_mocked").asBoolean(true)) {
                this.router.otherwise(Reply.ok());
            }
            if (!settings.path("assert_all_called").asBoolean(true)) {
                this.router.allowUncalled();
            }
        }

        private static Transports real() {
            FieldLines fields = FieldLines.builder().add(REAL, "1").build();
            return new Transports() {

                @Override
                public Transport blocking(TransportSettings settings) {
                    return (request, cancellation) -> TransportResponse.of(200, fields, new byte[0]);
                }

                @Override
                public ReactiveTransport reactive(TransportSettings settings) {
                    return (request, cancellation) -> Mono.just(ReactiveTransportResponse.of(200, fields, new byte[0]));
                }

            };
        }

        Map<String, Object> run() {
            for (JsonNode step : this.in.get("steps")) {
                switch (step.get("do").asString()) {
                    case "route" -> route(step);
                    case "send" -> this.log.add(send(VectorInput.request(step.get("request"))));
                    case "counts" -> counts();
                    case "reset" -> this.router.reset();
                    case "clear" -> this.router.clear();
                    case "snapshot" -> this.snapshots.add(this.router.snapshot());
                    case "rollback" -> this.router.restore(this.snapshots.remove(this.snapshots.size() - 1));
                    case "pop" -> pop(step.get("name").asString());
                    case "assert_all_called" -> verify();
                    case "set" -> answer(find(step), step);
                    default -> throw new IllegalArgumentException("No step " + step);
                }
            }
            return Map.of("log", this.log);
        }

        private Route find(JsonNode step) {
            Route route = step.has("id") ? this.routes.get(step.get("id").asString())
                    : this.router.named(step.get("name").asString());
            return Objects.requireNonNull(route);
        }

        private void route(JsonNode step) {
            Route route = this.router.route(RequestPattern.spelled(VectorInput.lookups(step.get("is"))));
            if (step.hasNonNull("name")) {
                route.named(step.get("name").asString());
            }
            answer(route, step);
            this.routes.put(step.get("id").asString(), route);
        }

        private void answer(Route route, JsonNode step) {
            if (step.path("pass_through").asBoolean(false)) {
                route.passThrough();
            }
            if (step.has("returns")) {
                route.reply(reply(step.get("returns")));
            }
            JsonNode effect = step.path("effect");
            if (effect.isArray()) {
                for (int i = 0; i < effect.size(); i++) {
                    Responder responder = responder(route, effect.get(i));
                    if (i == 0) {
                        route.answer(responder).times(1);
                    }
                    else {
                        route.thenAnswer(responder);
                    }
                }
            }
            else if (effect.isObject()) {
                route.answer(responder(route, effect));
            }
        }

        private static Reply reply(JsonNode returns) {
            Reply reply = Reply.of(returns.path("status").asInt(200));
            return returns.has("json") ? reply.json(returns.get("json").toString()) : reply;
        }

        private static Responder responder(Route route, JsonNode effect) {
            if (effect.has("no_match")) {
                return (request) -> null;
            }
            if (effect.has("pass_through")) {
                return (request) -> Reply.passThrough();
            }
            if (effect.has("echo_groups")) {
                return (request) -> Reply.ok().json(request.variables());
            }
            if (effect.has("route_count")) {
                return (request) -> Reply.ok().json(Map.of("count", route.callCount()));
            }
            if (effect.has("raises")) {
                return (request) -> Reply.failure((sent) -> exception(effect.get("raises").asString()));
            }
            return (request) -> reply(effect);
        }

        private static RequestException exception(String name) {
            return switch (name) {
                case "ConnectTimeout" -> new ConnectTimeoutException(Phase.CONNECT, "Mock Error", null);
                case "ReadTimeout" -> new ReadTimeoutException(Phase.HEAD, "Mock Error", null);
                case "ConnectError" -> new ConnectionFailedException("Mock Error", null);
                default -> throw new NoSuchElementException(name);
            };
        }

        private Map<String, @Nullable Object> send(Request request) {
            Map<String, @Nullable Object> seen = new HashMap<>();
            int before = this.router.calls().size();
            try {
                Answer answer = (this.lane == Lane.BLOCKING) ? blocking(request) : reactive(request);
                if (answer.fields.contains(REAL)) {
                    seen.put("passed_through", true);
                    return seen;
                }
                seen.put("status", answer.status);
                if (answer.body.length > 0) {
                    seen.put("json", Json.parse(answer.body));
                }
                seen.put("route", id(this.router.calls().get(before).route()));
            }
            catch (UnmatchedRequestError ex) {
                seen.put("error", "NotMocked");
                // Their text; ours is in ReportTests.
                seen.put("message",
                        "RESPX: <Request('" + ex.request().method() + "', '" + ex.request().url() + "')> not mocked!");
            }
            catch (RequestException ex) {
                seen.put("error", ex.getClass().getSimpleName().replace("Exception", ""));
                seen.put("message", ex.getMessage());
            }
            return seen;
        }

        private Answer blocking(Request request) {
            TransportResponse response = this.router.transport()
                .send(request, new Cancellation(Cancellation.NO_DEADLINE));
            try {
                return new Answer(response.statusCode(), response.fields(), response.body().readAllBytes());
            }
            catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

        private Answer reactive(Request request) {
            try {
                return Objects.requireNonNull(this.router.reactiveTransport()
                    .send(request, new Cancellation(Cancellation.NO_DEADLINE))
                    .flatMap((response) -> DataBufferUtils.join(response.body())
                        .map((buffer) -> buffer.toString(StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))
                        .defaultIfEmpty(new byte[0])
                        .map((body) -> new Answer(response.statusCode(), response.fields(), body)))
                    .block());
            }
            catch (RuntimeException ex) {
                if (Exceptions.unwrap(ex) instanceof Error error) {
                    throw error;
                }
                throw ex;
            }
        }

        private @Nullable String id(@Nullable Route route) {
            return this.routes.entrySet()
                .stream()
                .filter((entry) -> entry.getValue().equals(route))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        }

        private void counts() {
            Map<String, Integer> counts = new HashMap<>();
            this.routes.forEach((id, route) -> counts.put(id, route.callCount()));
            this.log.add(Map.of("router", this.router.calls().size(), "routes", counts, "registered",
                    this.router.routes().size(), "names",
                    this.router.routes().stream().map(Route::name).filter(Objects::nonNull).toList()));
        }

        private void pop(String name) {
            try {
                this.router.remove(name);
                this.log.add(Collections.singletonMap("popped", true));
            }
            catch (IllegalArgumentException ex) {
                this.log.add(Collections.singletonMap("error", "NoSuchRoute"));
            }
        }

        private void verify() {
            try {
                this.router.verify();
                this.log.add(Collections.singletonMap("all_called", true));
            }
            catch (AssertionError ex) {
                this.log.add(Map.of("error", "NotAllCalled", "message", "RESPX: some routes were not called!"));
            }
        }

    }

    private record Answer(int status, FieldLines fields, byte[] body) {
    }

}
