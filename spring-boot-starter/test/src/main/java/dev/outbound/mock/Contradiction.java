package dev.outbound.mock;

import java.util.EnumMap;
import java.util.Map;

/**
 * Finds conditions that no request can meet together.
 */
final class Contradiction {

    private Contradiction() {
    }

    static void check(RequestPattern pattern, RouteState route) {
        Map<TextPattern.Part, Lookups.EqualTo> seen = new EnumMap<>(TextPattern.Part.class);
        Combined.conditions(pattern).forEach((condition) -> {
            if (condition instanceof TextPattern text && text.lookup() instanceof Lookups.EqualTo equalTo) {
                Lookups.EqualTo other = seen.putIfAbsent(text.part(), equalTo);
                if (other != null && !other.equals(equalTo)) {
                    throw new IllegalArgumentException("Route " + route.describe() + " can never match: its "
                            + text.part().label() + " is to be both " + other + " and " + equalTo
                            + ". Keep one of them, or register two routes");
                }
            }
        });
    }

}
