package dev.outbound.mock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came out of comparing a request with a pattern. Immutable.
 *
 * @param matches whether the request is one that the pattern describes
 * @param parts what was looked at, in order
 * @param variables what was taken out of the request, by name
 * @since 0.1
 */
public record Comparison(boolean matches, List<Part> parts, Map<String, String> variables) {

    public Comparison {
        parts = List.copyOf(parts);
        variables = Map.copyOf(variables);
    }

    /**
     * Return the comparison of one part.
     * @param part the part
     * @param variables what was taken out of it
     * @return a comparison that matches as the part does
     */
    public static Comparison of(Part part, Map<String, String> variables) {
        return new Comparison(part.matches(), List.of(part), variables);
    }

    /**
     * Return both comparisons as one that matches when both do.
     * @param other the other; of variables with the same name, its own count
     * @return another comparison
     */
    Comparison and(Comparison other) {
        List<Part> parts = new ArrayList<>(this.parts);
        parts.addAll(other.parts);
        Map<String, String> variables = new LinkedHashMap<>(this.variables);
        variables.putAll(other.variables);
        return new Comparison(this.matches && other.matches, parts, variables);
    }

    /** Return how many parts differ. */
    long differences() {
        return this.parts.stream().filter((part) -> !part.matches()).count();
    }

    /**
     * One part of a request, for example its path.
     *
     * @param name which part
     * @param expected what the pattern asks for
     * @param actual what the request has
     * @param matches whether it is as expected
     */
    public record Part(String name, String expected, String actual, boolean matches) {
    }

}
