package dev.outbound.client.vectors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A rule by which we differ from HTTPX for good.
 *
 * @param topics the topics that the rule is about
 * @param httpx what HTTPX does
 * @param ours what we do instead
 * @param why the reason
 * @param applies tells from a vector's content whether the rule is about it
 * @param instead returns what is to come out: an object with {@code out} or
 * {@code error}, as in a vector
 */
public record Deviation(List<String> topics, String httpx, String ours, String why, Predicate<Vector> applies,
        Function<Vector, JsonNode> instead) {

    boolean isAbout(Vector vector) {
        return this.topics.contains(vector.topic()) && this.applies.test(vector);
    }

    /** Return the expectation that the vector's operation is refused. */
    static Function<Vector, JsonNode> refused(String type) {
        return (vector) -> Vector.JSON.valueToTree(Map.of("error", Map.of("type", type)));
    }

    /** Return the expectation of the vector, with one key of {@code out} replaced. */
    static Function<Vector, JsonNode> with(String key, Function<Vector, ? extends @Nullable Object> value) {
        return with((vector) -> {
            Map<String, @Nullable Object> keys = new HashMap<>();
            keys.put(key, value.apply(vector));
            return keys;
        });
    }

    /** Return the expectation of the vector, with some keys of {@code out} replaced. */
    static Function<Vector, JsonNode> with(Function<Vector, ? extends Map<String, ? extends @Nullable Object>> keys) {
        return (vector) -> {
            ObjectNode expected = Vector.JSON.createObjectNode();
            expected.set("out", vector.outWith(Vector.JSON.valueToTree(keys.apply(vector))));
            return expected;
        };
    }

}
