package dev.outbound.mock;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds conditions that no request can meet together.
 */
final class Contradiction {

    private Contradiction() {
    }

    static void check(RequestPattern pattern, RouteState route) {
        Map<String, Condition> seen = new HashMap<>();
        Combined.conditions(pattern).flatMap(Contradiction::conditions).forEach((condition) -> {
            Condition other = seen.putIfAbsent(condition.place, condition);
            if (other != null && !other.expected.equals(condition.expected)) {
                throw new IllegalArgumentException("Route " + route.describe() + " can never match: its "
                        + condition.label + " is to be both " + other.shown + " and " + condition.shown + ". "
                        + (condition.expected instanceof List ? "Give all of its values at once, keep" : "Keep")
                        + " one of them, or register two routes");
            }
        });
    }

    /** Those that only one value meets. */
    private static Stream<Condition> conditions(RequestPattern pattern) {
        if (pattern instanceof TextPattern text && text.lookup() instanceof Lookups.EqualTo equalTo) {
            String label = text.part().label();
            return Stream.of(new Condition(label, label, equalTo, equalTo.toString()));
        }
        if (pattern instanceof JsonPattern json && !json.partial()) {
            return Stream.of(new Condition("json " + json.path(), json.name(), json.expected(), json.wanted()));
        }
        if (pattern instanceof MultiPattern multi) {
            return multi.expected()
                .entrySet()
                .stream()
                .filter((entry) -> entry.getValue().stream().allMatch(Lookups.EqualTo.class::isInstance))
                .map((entry) -> {
                    String label = multi.part().label(entry.getKey());
                    return new Condition(label, label, entry.getValue(), multi.shown(entry.getKey(), entry.getValue()));
                });
        }
        return Stream.empty();
    }

    /**
     * What is expected of one place of a request.
     *
     * @param place which place
     * @param label the place, for people
     * @param expected the only value
     * @param shown the value, for people
     */
    private record Condition(String place, String label, Object expected, String shown) {
    }

}
