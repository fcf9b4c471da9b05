package dev.outbound.client.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads parameters and values as the vectors write them.
 */
final class Params {

    private Params() {
    }

    static QueryParams of(@Nullable JsonNode params) {
        if (params == null || params.isNull()) {
            return QueryParams.empty();
        }
        if (params.has("string")) {
            return QueryParams.parse(params.get("string").asString());
        }
        if (params.has("pairs")) {
            QueryParams all = QueryParams.empty();
            for (JsonNode pair : params.get("pairs")) {
                all = all.add(pair.get(0).asString(), value(pair.get(1)));
            }
            return all;
        }
        return QueryParams.of(map(params.has("map") ? params.get("map") : params));
    }

    static Map<String, @Nullable Object> map(JsonNode object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        object.properties().forEach((entry) -> map.put(entry.getKey(), value(entry.getValue())));
        return map;
    }

    static @Nullable Object value(JsonNode value) {
        if (value.isArray()) {
            List<@Nullable Object> values = new ArrayList<>();
            value.forEach((single) -> values.add(value(single)));
            return values;
        }
        if (value.isObject()) {
            return map(value);
        }
        if (value.isNumber()) {
            return value.numberValue();
        }
        return value.isNull() ? null : value.isBoolean() ? value.booleanValue() : value.asString();
    }

}
