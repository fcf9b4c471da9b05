package dev.outbound.client.vectors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.DecodingException;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.ProtocolException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.TooManyRedirectsException;

/**
 * Compares what our code does with what a vector says.
 */
final class Judge {

    private final Map<String, List<Class<? extends Throwable>>> errors = new HashMap<>();

    private final Map<String, String> follows = new HashMap<>();

    private final Set<String> free = new HashSet<>();

    Judge() {
        error("InvalidURL", InvalidUrlException.class);
        error("InvalidArgument", IllegalArgumentException.class);
        error("IllegalState", IllegalStateException.class);
        error("DecodingError", DecodingException.class);
        error("JsonError", ConversionException.class);
        error("ProtocolError", ProtocolException.class);
        error("RemoteProtocolError", RemoteProtocolException.class);
        error("TooManyRedirects", TooManyRedirectsException.class);
        error("HTTPStatusError", StatusException.class);
        error("UnsupportedProtocol", InvalidUrlException.class);
    }

    void error(String type, Class<? extends Throwable> exception) {
        this.errors.computeIfAbsent(type, (key) -> new ArrayList<>()).add(exception);
    }

    void follows(String key, String other) {
        this.follows.put(key, other);
    }

    void free(String key) {
        this.free.add(key);
    }

    Verdict judge(Vector vector, Operation operation) {
        JsonNode out = null;
        Throwable thrown = null;
        try {
            out = Vector.JSON.valueToTree(operation.run(vector.in()));
        }
        catch (Exception | LinkageError | AssertionError | StackOverflowError ex) {
            thrown = ex;
        }
        String difference = difference(expected(vector), out, thrown);
        if (difference == null) {
            return Verdict.PASSED;
        }
        Deviation deviation = Deviations.of(vector);
        if (deviation == null) {
            return Verdict.failed(difference);
        }
        String other = difference(deviation.instead().apply(vector), out, thrown);
        return (other == null) ? Verdict.deviated(deviation)
                : Verdict.failed("Not what the declared deviation '" + deviation.ours() + "' says:\n" + other);
    }

    private JsonNode expected(Vector vector) {
        JsonNode expected = vector.expected();
        JsonNode better = vector.better();
        if (better != null && expected.get("out") instanceof ObjectNode out) {
            this.follows.forEach((key, other) -> {
                if (better.has(other) && !better.has(key)) {
                    out.remove(key);
                }
            });
        }
        return expected;
    }

    private @Nullable String difference(JsonNode expected, @Nullable JsonNode out, @Nullable Throwable thrown) {
        if (expected.has("error")) {
            String type = expected.path("error").path("type").asString();
            boolean fits = thrown != null
                    && this.errors.getOrDefault(type, List.of()).stream().anyMatch((error) -> error.isInstance(thrown));
            return fits ? null : "expected " + type + ", but was " + describe(out, thrown);
        }
        if (thrown != null || out == null) {
            return "expected " + expected.path("out") + "\nbut was  " + describe(out, thrown);
        }
        String differences = expected.path("out")
            .propertyStream()
            .filter((entry) -> !this.free.contains(entry.getKey()))
            .filter((entry) -> !isSame(entry.getValue(), out.get(entry.getKey())))
            .map((entry) -> entry.getKey() + ": expected " + entry.getValue() + "\n"
                    + " ".repeat(entry.getKey().length()) + "  but was  " + out.get(entry.getKey()))
            .collect(Collectors.joining("\n"));
        return differences.isEmpty() ? null : differences;
    }

    private static String describe(@Nullable JsonNode out, @Nullable Throwable thrown) {
        if (thrown == null) {
            return String.valueOf(out);
        }
        StackTraceElement[] trace = thrown.getStackTrace();
        return thrown + ((trace.length > 0) ? " at " + trace[0] : "");
    }

    /** The message of an error is upstream's, and only for information. */
    private static Set<String> keys(JsonNode object) {
        Set<String> keys = new HashSet<>(object.propertyNames());
        if (object.has("error")) {
            keys.remove("message");
        }
        return keys;
    }

    /** Numbers are compared by value, and objects whatever the order of their keys. */
    private static boolean isSame(JsonNode expected, @Nullable JsonNode actual) {
        if (actual == null) {
            return false;
        }
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        }
        if (expected.isObject() && actual.isObject()) {
            Set<String> keys = keys(expected);
            return keys.equals(keys(actual))
                    && keys.stream().allMatch((key) -> isSame(expected.get(key), actual.get(key)));
        }
        if (expected.isArray() && actual.isArray()) {
            List<JsonNode> actuals = StreamSupport.stream(actual.spliterator(), false).toList();
            return expected.size() == actuals.size()
                    && IntStream.range(0, actuals.size()).allMatch((i) -> isSame(expected.get(i), actuals.get(i)));
        }
        return expected.equals(actual);
    }

    /**
     * What came out.
     *
     * @param deviation the declared deviation that was found, or {@code null}
     * @param failure what is wrong, or {@code null}
     */
    record Verdict(@Nullable Deviation deviation, @Nullable String failure) {

        static final Verdict PASSED = new Verdict(null, null);

        static Verdict failed(String failure) {
            return new Verdict(null, failure);
        }

        static Verdict deviated(Deviation deviation) {
            return new Verdict(deviation, null);
        }

        Verdict and(Verdict other) {
            if (this.failure != null || other.failure != null) {
                return (this.failure != null) ? this : other;
            }
            return (this.deviation != null) ? this : other;
        }

    }

}
