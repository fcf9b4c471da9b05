package dev.outbound.client.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.Retries;
import dev.outbound.client.http.FailedAttempt;
import dev.outbound.client.http.RetriesExhaustedException;
import dev.outbound.client.lab.TestClock;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class RetryPolicyVectorTests {

    /** The limit of tenacity's waits that are given none. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(Long.MAX_VALUE / 2);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("retry_policy")
            .op("wait", RetryPolicyVectorTests::waits)
            .op("wait_range", RetryPolicyVectorTests::waitRange)
            .op("stop", RetryPolicyVectorTests::stops)
            .op("retry", (in) -> Map.of("retry", retryOn(in.get("retry")).matches(outcome(in.get("outcome")))))
            .op("run", (in) -> run(in, Retries::call),
                    (in) -> run(in, (retries, task) -> retries.mono(Mono.fromCallable(task)).block(PATIENCE)))
            .tests();
    }

    private static Map<String, ?> waits(JsonNode in) {
        Wait wait = backOff(in.get("wait"));
        return Map.of("seconds",
                in.get("attempts")
                    .valueStream()
                    .map((number) -> seconds(wait.after(attempt(number.asInt(), Duration.ZERO, () -> 0.5))))
                    .toList());
    }

    private static Map<String, ?> waitRange(JsonNode in) {
        Wait wait = backOff(in.get("wait"));
        SplittableRandom random = new SplittableRandom(7);
        List<DoubleSupplier> draws = List.of(() -> 0, () -> Math.nextDown(1.0), random::nextDouble);
        return Map.of("holds",
                in.get("ranges")
                    .valueStream()
                    .allMatch((range) -> draws.stream().allMatch((draw) -> IntStream.range(0, 1000).allMatch((i) -> {
                        double seconds = seconds(wait.after(attempt(range.get(0).asInt(), Duration.ZERO, draw)));
                        return seconds >= range.get(1).asDouble() && seconds <= range.get(2).asDouble();
                    }))));
    }

    private static Map<String, ?> stops(JsonNode in) {
        Stop stop = stop(in.get("stop"));
        return Map.of("stop",
                in.get("cases")
                    .valueStream()
                    .map((one) -> stop.stops(attempt(one.get(0).asInt(), duration(one.get(1)), () -> 0.5),
                            duration(one.get(2))))
                    .toList());
    }

    private static Map<String, ?> run(JsonNode in, Way way) throws Exception {
        TestClock clock = new TestClock();
        Run run = new Run(in);
        Map<String, @Nullable Object> out = new HashMap<>();
        try {
            Retries retries = Retries.of(run.policy()).withClock(clock);
            Object result = in.path("error_callback").asBoolean(false)
                    ? retries.call(run::next, (exhausted) -> "fallback") : way.call(retries, run::next);
            out.put("returned", result);
        }
        catch (Exception thrown) {
            Throwable ex = Exceptions.unwrap(thrown);
            out.put("raised", (ex instanceof RetriesExhaustedException) ? "RetryError" : name(ex));
            if (ex instanceof RetriesExhaustedException exhausted) {
                FailedAttempt last = exhausted.last();
                out.put("last_attempt", last.number());
                out.put("last_failed", last.failure() != null);
                out.put("cause", (ex.getCause() != null) ? name(ex.getCause()) : null);
            }
        }
        out.put("calls", run.calls);
        out.put("sleeps", clock.waits().stream().map(RetryPolicyVectorTests::seconds).toList());
        out.put("hooks", run.hooks);
        out.put("statistics", run.statistics);
        return out;
    }

    private static String name(Throwable ex) {
        return (ex instanceof TryAgainException) ? "TryAgain" : ex.getClass().getSimpleName();
    }

    private static Wait backOff(@Nullable JsonNode in) {
        if (in == null) {
            return Wait.none();
        }
        return switch (in.get("kind").asString()) {
            case "none" -> Wait.none();
            case "fixed" -> Wait.fixed(duration(in.get("wait")));
            case "incrementing" ->
                Wait.incrementing(seconds(in, "start", 0), seconds(in, "increment", 100)).atMost(max(in));
            case "random" -> Wait.random(seconds(in, "min", 0), seconds(in, "max", 1));
            case "exponential" -> exponential(in).atMost(max(in)).atLeast(seconds(in, "min", 0));
            case "random_exponential" -> exponential(in).atMost(max(in)).fullJitter(seconds(in, "min", 0));
            case "exponential_jitter" -> exponential(in).plus(Wait.random(Duration.ZERO, seconds(in, "jitter", 1)))
                .atMost(max(in))
                .atLeast(seconds(in, "min", 0));
            case "chain" -> Wait.chain(waits(in, "of").toArray(Wait[]::new));
            case "sum", "combine" -> waits(in, "of").reduce(Wait.none(), Wait::plus);
            default -> throw new UnsupportedOperationException("wait " + in);
        };
    }

    private static Stream<Wait> waits(JsonNode in, String key) {
        return in.get(key).valueStream().map(RetryPolicyVectorTests::backOff);
    }

    private static Wait exponential(JsonNode in) {
        String first = in.has("initial") ? "initial" : "multiplier";
        return Wait.exponential(seconds(in, first, 1), in.path("exp_base").asDouble(2));
    }

    private static Duration max(JsonNode in) {
        return in.has("max") ? duration(in.get("max")) : MAX_WAIT;
    }

    private static Stop stop(@Nullable JsonNode in) {
        if (in == null) {
            return Stop.never();
        }
        return switch (in.get("kind").asString()) {
            case "never" -> Stop.never();
            case "after_attempt" -> Stop.afterAttempts(in.get("value").asInt());
            case "after_delay" -> Stop.afterTime(duration(in.get("value")));
            case "before_delay" -> Stop.beforeTime(duration(in.get("value")));
            case "any" -> in.get("of").valueStream().map(RetryPolicyVectorTests::stop).reduce(Stop::or).orElseThrow();
            case "all" -> in.get("of").valueStream().map(RetryPolicyVectorTests::stop).reduce(Stop::and).orElseThrow();
            default -> throw new UnsupportedOperationException("stop " + in);
        };
    }

    private static RetryOn retryOn(@Nullable JsonNode in) {
        if (in == null) {
            return RetryOn.exception();
        }
        return switch (in.get("kind").asString()) {
            case "always" -> RetryOn.always();
            case "never" -> RetryOn.never();
            case "exception", "exception_type" -> RetryOn.exception(types(in));
            case "not_exception_type" -> RetryOn.exception().and(RetryOn.exception(types(in)).negate());
            case "unless_exception_type" -> RetryOn.exception(types(in)).negate();
            case "cause_type", "exception_cause_type" -> RetryOn.cause(types(in));
            case "message", "exception_message" -> message(in);
            case "not_message", "not_exception_message" -> message(in).negate();
            case "result" -> RetryOn.result((result) -> Objects.equals(result, value(in.get("equals"))));
            case "not_result" -> RetryOn.result((result) -> !Objects.equals(result, value(in.get("equals"))));
            case "any" ->
                in.get("of").valueStream().map(RetryPolicyVectorTests::retryOn).reduce(RetryOn::or).orElseThrow();
            case "all" ->
                in.get("of").valueStream().map(RetryPolicyVectorTests::retryOn).reduce(RetryOn::and).orElseThrow();
            default -> throw new UnsupportedOperationException("retry " + in);
        };
    }

    private static RetryOn message(JsonNode in) {
        if (in.has("message") == in.has("match")) {
            throw new IllegalArgumentException("either message or match");
        }
        return in.has("message") ? RetryOn.message(in.get("message").asString())
                : RetryOn.message(Pattern.compile(in.get("match").asString()));
    }

    @SuppressWarnings("unchecked")
    private static Class<? extends Throwable>[] types(JsonNode in) {
        return in.path("types")
            .valueStream()
            .map((type) -> error(type.asString(), "", null).getClass())
            .toArray(Class[]::new);
    }

    private static Exception error(String name, String message, @Nullable Throwable cause) {
        return switch (name) {
            case "E1" -> new E1(message, cause);
            case "E2" -> new E2(message, cause);
            case "E3" -> new E3(message, cause);
            case "TryAgain" -> new TryAgainException(cause);
            default -> throw new UnsupportedOperationException("error " + name);
        };
    }

    private static Attempt outcome(JsonNode outcome) {
        return attempt(1, value(outcome.get("result")), failure(outcome), Duration.ZERO, () -> 0.5);
    }

    private static @Nullable Exception failure(JsonNode outcome) {
        if (!outcome.has("raises")) {
            return null;
        }
        Exception cause = outcome.has("cause") ? error(outcome.get("cause").asString(), "", null) : null;
        return error(outcome.get("raises").asString(), outcome.path("message").asString(""), cause);
    }

    private static Attempt attempt(int number, Duration elapsed, DoubleSupplier random) {
        return attempt(number, null, null, elapsed, random);
    }

    private static Attempt attempt(int number, @Nullable Object result, @Nullable Throwable failure, Duration elapsed,
            DoubleSupplier random) {
        return new Attempt(number, null, result, failure, elapsed, Duration.ZERO, Instant.EPOCH, random);
    }

    private static @Nullable Object value(@Nullable JsonNode json) {
        return (json == null || json.isNull()) ? null : json;
    }

    private static Duration seconds(JsonNode in, String key, double otherwise) {
        return in.has(key) ? duration(in.get(key)) : duration(otherwise);
    }

    private static Duration duration(JsonNode seconds) {
        return duration(seconds.asDouble());
    }

    private static Duration duration(double seconds) {
        Duration duration = Durations.ofNanos(Math.abs(seconds) * 1e9);
        return (seconds < 0) ? duration.negated() : duration;
    }

    private static double seconds(Duration duration) {
        return Durations.nanos(duration) / 1e9;
    }

    /** Calls a task with retries. */
    private interface Way {

        @Nullable Object call(Retries retries, Callable<@Nullable Object> task) throws Exception;

    }

    /** One run of a function whose outcomes are given. */
    private static final class Run implements RetryListener {

        private final JsonNode in;

        private final List<String> hooks = new ArrayList<>();

        private Map<String, ?> statistics = Map.of();

        private int calls;

        Run(JsonNode in) {
            this.in = in;
        }

        RetryPolicy policy() {
            if (!this.in.path("enabled").asBoolean(true)) {
                return RetryPolicy.none();
            }
            return RetryPolicy.builder()
                .retryOn(retryOn(this.in.get("retry")))
                .stop(stop(this.in.get("stop")))
                .backOff(RetryPolicyVectorTests.backOff(this.in.get("wait")))
                .throwWhenExhausted(!this.in.path("reraise").asBoolean(false))
                .listener(this)
                .build();
        }

        @Nullable Object next() throws Exception {
            JsonNode outcomes = this.in.get("outcomes");
            JsonNode outcome = outcomes.get(Math.min(this.calls++, outcomes.size() - 1));
            Exception failure = failure(outcome);
            if (failure != null) {
                throw failure;
            }
            return value(outcome.get("result"));
        }

        @Override
        public void before(Attempt attempt) {
            this.hooks.add("before " + attempt.number());
        }

        @Override
        public void after(Attempt attempt) {
            this.hooks.add("after " + attempt.number());
        }

        @Override
        public void beforeWait(Attempt attempt, Duration delay) {
            String seconds = new java.math.BigDecimal(seconds(delay)).stripTrailingZeros().toPlainString();
            this.hooks.add("before_sleep " + attempt.number() + " " + seconds);
        }

        @Override
        public void ended(RetryStatistics statistics) {
            this.statistics = Map.of("attempt_number", statistics.attempts(), "idle_for", seconds(statistics.waited()));
        }

    }

    private static class E1 extends Exception {

        private static final long serialVersionUID = 1L;

        E1(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

    }

    private static final class E2 extends E1 {

        private static final long serialVersionUID = 1L;

        E2(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

    }

    private static final class E3 extends Exception {

        private static final long serialVersionUID = 1L;

        E3(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

    }

}
