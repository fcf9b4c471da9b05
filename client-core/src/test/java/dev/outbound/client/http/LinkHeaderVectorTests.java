package dev.outbound.client.http;

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
class LinkHeaderVectorTests {

    @TestFactory
    Stream<DynamicTest> linkHeader() {
        return Topic.of("link_header").op("links", (in) -> {
            FieldLines.Builder fields = FieldLines.builder();
            values(in.get("link")).forEach((value) -> fields.add("Link", value));
            Response response = Responses.of(200, "OK", fields.build(), new byte[0]);
            Map<String, Object> links = new LinkedHashMap<>();
            response.links().forEach((key, link) -> links.put(key, describe(link)));
            return Map.of("links", links, "list",
                    LinkParser.parse(response.fields().all("Link"))
                        .stream()
                        .map(LinkHeaderVectorTests::describe)
                        .toList());
        }).follows("list", "links").tests();
    }

    private static List<String> values(JsonNode link) {
        return link.isArray() ? link.valueStream().map(JsonNode::asString).toList()
                : link.isNull() ? List.of() : List.of(link.asString());
    }

    private static Map<String, String> describe(Link link) {
        Map<String, String> all = new LinkedHashMap<>(link.parameters());
        all.put("url", link.url());
        return all;
    }

}
