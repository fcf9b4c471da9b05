package dev.outbound.mock;

import java.util.TreeSet;
import java.util.function.UnaryOperator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import dev.outbound.client.http.Secrets;

/**
 * JSON whose secrets are not shown: what is below a name that stands for credentials is
 * one, whole, and so are some parameters of URLs.
 */
final class MaskedJson {

    /** Contains a word that stands for credentials, but names the scheme (RFC 6749). */
    private static final String TOKEN_TYPE = "token_type";

    private MaskedJson() {
    }

    static boolean isSecret(String name) {
        return Secrets.isSecretHeader(name) && !name.equals(TOKEN_TYPE);
    }

    /**
     * Return the tree with other values in the place of secrets, and with its keys in
     * order: some programs write them in another one each time.
     * @param secret whether the tree itself is one
     * @param mask what stands in the place of a text or a number
     */
    static JsonNode masked(JsonNode tree, boolean secret, UnaryOperator<JsonNode> mask) {
        if (tree instanceof ObjectNode object) {
            ObjectNode masked = Json.object();
            for (String key : new TreeSet<>(object.propertyNames())) {
                masked.set(key, masked(object.get(key), secret || isSecret(key), mask));
            }
            return masked;
        }
        if (tree instanceof ArrayNode array) {
            ArrayNode masked = Json.array();
            array.forEach((element) -> masked.add(masked(element, secret, mask)));
            return masked;
        }
        if (secret && (tree.isString() || tree.isNumber())) {
            return mask.apply(tree);
        }
        return tree.isString() ? Json.text(MaskedUrls.in(tree.asString())) : tree;
    }

    /** Return the tree to compare by eye: of a secret only its length. */
    static JsonNode shown(JsonNode tree, boolean secret) {
        return masked(tree, secret, (value) -> Json.text(Secrets.mask(value.asString())));
    }

    /** Return the tree without its secrets. */
    static JsonNode without(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            ObjectNode rest = Json.object();
            object.forEachEntry((name, value) -> {
                if (!isSecret(name)) {
                    rest.set(name, without(value));
                }
            });
            return rest;
        }
        if (tree instanceof ArrayNode array) {
            ArrayNode rest = Json.array();
            array.forEach((element) -> rest.add(without(element)));
            return rest;
        }
        return tree;
    }

}
