package dev.outbound.client.vectors;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One case of a topic.
 *
 * @param topic the name of its file
 * @param json what the file says
 */
public record Vector(String topic, JsonNode json) {

    static final JsonMapper JSON = new JsonMapper();

    public String id() {
        return this.json.path("id").asString("?");
    }

    public String name() {
        return this.json.path("name").asString("");
    }

    public String op() {
        return this.json.path("op").asString("");
    }

    public JsonNode in() {
        return this.json.path("in");
    }

    public boolean isQuirk() {
        return this.json.has("quirk");
    }

    public List<String> tags() {
        return this.json.path("tags").valueStream().map(JsonNode::asString).toList();
    }

    /** Return what upstream does: {@code out} or {@code error} and what is under it. */
    public JsonNode upstream() {
        ObjectNode upstream = JSON.createObjectNode();
        for (String key : List.of("out", "error")) {
            if (this.json.has(key)) {
                upstream.set(key, this.json.get(key));
            }
        }
        return upstream;
    }

    /** Return what we are to do: where there is {@code better}, it replaces. */
    public JsonNode expected() {
        JsonNode better = better();
        if (better == null) {
            return upstream();
        }
        ObjectNode expected = JSON.createObjectNode();
        if (better.has("error")) {
            expected.set("error", better.get("error"));
        }
        else {
            expected.set("out", outWith(better));
        }
        return expected;
    }

    @Nullable JsonNode better() {
        return this.json.get("better");
    }

    /** Return the {@code out} with other keys. */
    public ObjectNode outWith(JsonNode keys) {
        ObjectNode out = JSON.createObjectNode();
        this.json.path("out").propertyStream().forEach((entry) -> out.set(entry.getKey(), entry.getValue()));
        keys.propertyStream().forEach((entry) -> out.set(entry.getKey(), entry.getValue()));
        return out;
    }

    @Override
    public String toString() {
        return id() + " " + op() + ": " + name();
    }

}
