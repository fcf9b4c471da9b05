package dev.outbound.mock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as patterns and replies use it.
 */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** The same on every system. */
    private static final JsonMapper PRETTY = JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .defaultPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")))
        .build();

    /** Numbers keep each of their digits. */
    private static final JsonMapper EXACT = JsonMapper.builder()
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();

    private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]]+)|\\[(\\d+)]");

    private Json() {
    }

    static JsonNode parse(byte[] json) {
        return MAPPER.readTree(json);
    }

    /** Read JSON whose numbers are written again as they were. */
    static JsonNode parseExactly(String json) {
        return EXACT.readTree(json);
    }

    /**
     * Return a value as it is when it has gone through a wire, so that whole numbers are
     * equal whatever their type was.
     */
    static JsonNode tree(@Nullable Object value) {
        return MAPPER.readTree(write(value));
    }

    /** Return the tree of a JSON text. */
    static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        }
        catch (JacksonException ex) {
            throw new IllegalArgumentException("'" + text + "' is not JSON: " + ex.getOriginalMessage()
                    + ". A text is taken as JSON; " + "to mean a JSON string, write it with its quotes", ex);
        }
    }

    static String write(@Nullable Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode text(String text) {
        return MAPPER.getNodeFactory().stringNode(text);
    }

    static JsonNode zero() {
        return MAPPER.getNodeFactory().numberNode(0);
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    static String pretty(JsonNode tree) {
        return PRETTY.writeValueAsString(tree);
    }

    /**
     * Read a path: {@code $.items[0].id}, or {@code items[0].id}.
     * @throws IllegalArgumentException if it is malformed
     */
    static List<String> path(String path) {
        String rest = path.startsWith("$") ? path.substring(1) : path;
        List<String> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(rest);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            steps.add((matcher.group(1) != null) ? matcher.group(1) : matcher.group(2));
            end = matcher.end();
        }
        if (end != rest.length()) {
            throw new IllegalArgumentException(
                    "'" + path + "' is not a path into JSON: it cannot be read from position "
                            + (path.length() - rest.length() + end) + " on. Write $.items[0].id");
        }
        return steps;
    }

    /** Return what is at a path; a step of digits is an index in an array. */
    static JsonNode at(JsonNode tree, List<String> path) {
        JsonNode node = tree;
        for (String step : path) {
            JsonNode next = node.isArray() ? element(node, step) : node.get(step);
            if (next == null) {
                return MissingNode.getInstance();
            }
            node = next;
        }
        return node;
    }

    private static @Nullable JsonNode element(JsonNode array, String step) {
        return step.matches("\\d{1,9}") ? array.get(Integer.parseInt(step)) : null;
    }

    /**
     * Compare two trees: where they differ, each place is a part, which begins with what
     * they are.
     */
    static Comparison difference(String what, JsonNode expected, JsonNode actual) {
        List<Comparison.Part> parts = new ArrayList<>();
        differences(what + " $", expected, actual, parts);
        if (parts.isEmpty()) {
            parts.add(new Comparison.Part(what, "the same", "the same", true));
        }
        return new Comparison(parts.get(0).matches(), parts, Map.of());
    }

    private static void differences(String place, JsonNode expected, JsonNode actual, List<Comparison.Part> parts) {
        if (expected.isObject() && actual.isObject()) {
            Set<String> names = new TreeSet<>(expected.propertyNames());
            names.addAll(actual.propertyNames());
            names.forEach((name) -> differences(place + "." + name, expected.path(name), actual.path(name), parts));
        }
        else if (expected.isArray() && actual.isArray()) {
            for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
                differences(place + "[" + i + "]", expected.path(i), actual.path(i), parts);
            }
        }
        else if (!expected.equals(actual)) {
            parts.add(new Comparison.Part(place, shown(expected), shown(actual), false));
        }
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.toString();
    }

    /** Return whether everything expected is there; objects may have more. */
    static boolean contains(JsonNode actual, JsonNode expected) {
        if (expected.isObject()) {
            return actual.isObject() && expected.propertyStream()
                .allMatch((entry) -> actual.has(entry.getKey())
                        && contains(actual.get(entry.getKey()), entry.getValue()));
        }
        if (expected.isArray()) {
            if (!actual.isArray() || actual.size() != expected.size()) {
                return false;
            }
            for (int i = 0; i < expected.size(); i++) {
                if (!contains(actual.get(i), expected.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return actual.equals(expected);
    }

}
