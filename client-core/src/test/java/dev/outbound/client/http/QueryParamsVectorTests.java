package dev.outbound.client.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class QueryParamsVectorTests {

    @TestFactory
    Stream<DynamicTest> queryParams() {
        return Topic.of("query_params")
            .op("parse", (in) -> describe(QueryParams.parse(in.get("text").asString())))
            .op("encode", (in) -> describe(Params.of(in.get("params"))))
            .op("first", (in) -> lookUp(Params.of(in.get("params")), in.get("key").asString()))
            .op("change", (in) -> {
                QueryParams params = Params.of(in.get("params"));
                for (JsonNode step : in.get("steps")) {
                    params = change(params, step);
                }
                return describe(params);
            })
            .op("equal", (in) -> Map.of("equal", Params.of(in.get("a")).equals(Params.of(in.get("b")))))
            .op("request_url", (in) -> Map.of("url", requestUrl(in).text()))
            .op("url_change", (in) -> {
                Url url = Url.parse(in.get("url").asString());
                return Map.of("url", url.withParams(change(url.params(), in.get("change"))).text());
            })
            .tests();
    }

    private static QueryParams change(QueryParams params, JsonNode step) {
        return switch (step.get(0).asString()) {
            case "set" -> params.set(step.get(1).asString(), Params.value(step.get(2)));
            case "add" -> params.add(step.get(1).asString(), Params.value(step.get(2)));
            case "remove" -> params.remove(step.get(1).asString());
            case "merge" -> params.merge(Params.of(step.get(1)));
            default -> throw new IllegalStateException("Unknown change " + step);
        };
    }

    private static Url requestUrl(JsonNode in) {
        Url url = Url.parse(in.get("url").asString());
        Url target = in.has("base_url") ? Url.parse(in.get("base_url").asString()).asBase().append(url) : url;
        return Params.of(in.get("client_params")).merge(Params.of(in.get("params"))).appendTo(target);
    }

    private static Map<String, ?> describe(QueryParams params) {
        List<List<String>> items = new ArrayList<>();
        params.forEach((name, value) -> items.add(List.of(name, value)));
        return Map.of("items", items, "text", params.text());
    }

    private static Map<String, ?> lookUp(QueryParams params, String key) {
        Map<String, Object> first = new LinkedHashMap<>();
        params.names().forEach((name) -> first.put(name, params.first(name)));
        Map<String, Object> out = new HashMap<>();
        out.put("first", first);
        out.put("get", params.first(key));
        out.put("get_list", params.all(key));
        out.put("size", params.size());
        return out;
    }

}
