package dev.outbound.mock;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compares the body as JSON.
 *
 * @param label the path as it was written
 * @param path where to look
 * @param expected what must be there
 * @param partial whether objects may have more keys
 */
record JsonPattern(String label, List<String> path, JsonNode expected, boolean partial) implements RequestPattern {

    private static final int SHOWN = 200;

    static RequestPattern of(String path, JsonNode expected, boolean partial) {
        return new JsonPattern(path, Json.path(path), expected, partial);
    }

    static JsonNode tree(@Nullable Object value) {
        return (value instanceof String text) ? Json.tree(text) : Json.tree(value);
    }

    @Override
    public Comparison compare(SentRequest request) {
        String actual;
        boolean matches = false;
        try {
            JsonNode found = Json.at(request.json(), this.path);
            matches = !found.isMissingNode()
                    && (this.partial ? Json.contains(found, this.expected) : found.equals(this.expected));
            actual = found.isMissingNode() ? "nothing there" : shown(found, isSecret());
        }
        catch (IllegalStateException ex) {
            actual = (request.body().length > 0) ? "not JSON" : "none";
        }
        return Comparison.of(new Comparison.Part(name(), wanted(), actual, matches), Map.of());
    }

    String name() {
        return "json " + this.label;
    }

    String wanted() {
        return (this.partial ? "containing " : "") + shown(this.expected, isSecret());
    }

    private boolean isSecret() {
        return this.path.stream().anyMatch(MaskedJson::isSecret);
    }

    private static String shown(JsonNode tree, boolean secret) {
        String text = MaskedJson.shown(tree, secret).toString();
        return (text.length() > SHOWN) ? text.substring(0, SHOWN) + "…" : text;
    }

    /** The label is for people: {@code $.a} and {@code a} are the same place. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonPattern pattern && this.path.equals(pattern.path)
                && this.expected.equals(pattern.expected) && this.partial == pattern.partial;
    }

    @Override
    public int hashCode() {
        return this.path.hashCode() + 31 * this.expected.hashCode();
    }

    @Override
    public String toString() {
        return name() + " = " + wanted();
    }

}
