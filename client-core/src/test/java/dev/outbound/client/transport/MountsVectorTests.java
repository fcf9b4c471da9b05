package dev.outbound.client.transport;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import dev.outbound.client.http.Url;
import dev.outbound.client.vectors.Topic;
import dev.outbound.client.vectors.VectorReport;

@ExtendWith(VectorReport.class)
class MountsVectorTests {

    private static final Url DIRECT = Url.parse("direct://");

    @TestFactory
    Stream<DynamicTest> vectors() {
        return Topic.of("mounts")
            .op("matches", (in) -> Map.of("matches", UrlPattern.of(text(in, "pattern")).matches(url(in))))
            .op("order", MountsVectorTests::order)
            .op("choose", MountsVectorTests::choose)
            .op("env", (in) -> Map.of("mounts", ProxyVariables.patterns(environment(in))))
            .op("env_choose", MountsVectorTests::chooseProxy)
            .op("proxy", (in) -> Map.of("url", ProxyVariables.proxyUrl(text(in, "url")).text()))
            .tests();
    }

    private static Object order(JsonNode in) {
        Map<String, String> mounts = new LinkedHashMap<>();
        in.path("patterns").forEach((pattern) -> mounts.put(pattern.asString(), ""));
        return Map.of("order", Mounts.of(mounts).patterns());
    }

    private static Object choose(JsonNode in) {
        Map<String, @Nullable String> mounts = new LinkedHashMap<>();
        in.path("mounts").forEach((mount) -> mounts.put(mount.path(0).asString(), nullable(mount.path(1))));
        return Map.of("transport", Mounts.of(mounts).choose(url(in), "default"));
    }

    private static Object chooseProxy(JsonNode in) {
        boolean trusted = in.path("trust_env").asBoolean(true);
        Mounts<Url> proxies = Mounts.of(trusted ? ProxyVariables.read(environment(in)) : Map.of());
        Url proxy = proxies.choose(url(in), DIRECT);
        Map<String, @Nullable Object> out = new HashMap<>();
        out.put("proxy", proxy.equals(DIRECT) ? null : proxy.text());
        return out;
    }

    private static Map<String, String> environment(JsonNode in) {
        Map<String, String> environment = new LinkedHashMap<>();
        in.path("env")
            .propertyStream()
            .forEach((entry) -> environment.put(entry.getKey(), entry.getValue().asString()));
        return environment;
    }

    private static Url url(JsonNode in) {
        return Url.parse(text(in, "url"));
    }

    private static String text(JsonNode in, String key) {
        return in.path(key).asString();
    }

    private static @Nullable String nullable(JsonNode node) {
        return node.isNull() ? null : node.asString();
    }

}
