package dev.outbound.client.http;

import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class UrlJoinVectorTests {

    @TestFactory
    Stream<DynamicTest> urlJoin() {
        return Topic.of("url_join")
            .op("base_url", (in) -> Map.of("base_url", Url.parse(in.get("base_url").asString()).asBase().text()))
            .op("merge", (in) -> Map.of("url", merge(in.get("base_url").asString(), in.get("url").asString())))
            .op("join",
                    (in) -> Map.of("url",
                            Url.parse(in.get("base").asString()).join(Url.parse(in.get("ref").asString())).text()))
            .tests();
    }

    /** As a client does, which without a base URL takes the reference as it is. */
    private static String merge(String base, String reference) {
        return (base.isEmpty() ? Url.parse(reference) : Url.parse(base).asBase().append(Url.parse(reference))).text();
    }

}
