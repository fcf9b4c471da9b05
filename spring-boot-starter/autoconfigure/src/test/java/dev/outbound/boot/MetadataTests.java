package dev.outbound.boot;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;

import dev.outbound.boot.Key.Kind;

import static org.assertj.core.api.Assertions.assertThat;

/** What an editor offers and explains. */
class MetadataTests {

    private static final JsonNode METADATA = read();

    private static final Map<String, JsonNode> PROPERTIES = byName("properties");

    private static final Map<String, JsonNode> HINTS = byName("hints");

    private static JsonNode read() {
        try (InputStream in = MetadataTests.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.shared().readTree(in);
        }
        catch (IOException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static Map<String, JsonNode> byName(String list) {
        Map<String, JsonNode> nodes = new HashMap<>();
        METADATA.get(list).forEach((node) -> nodes.put(node.get("name").stringValue(), node));
        return nodes;
    }

    static Stream<Key> keys() {
        return Schema.CLIENT.keys().stream().filter((key) -> !key.is(Kind.BLOCK));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKeyIsDescribed(Key key) {
        JsonNode property = PROPERTIES.get("outbound.defaults." + key.path());
        assertThat(property).as(key.path()).isNotNull();
        assertThat(property.path("description").asString()).endsWith(".").hasSizeGreaterThan(15);
        if (!key.nullable() && !key.is(Kind.MAP)) {
            assertThat(property.has("defaultValue")).as("default of " + key.path()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKeyThatTakesNoneSaysSo(Key key) {
        boolean number = key.type() == Duration.class || key.type() == DataSize.class;
        if (key.nullable() && number) {
            String name = "outbound.defaults." + key.path();
            assertThat(PROPERTIES.get(name).get("description").stringValue()).contains("\"none\"");
            assertThat(HINTS.get(name)).as("hint of " + key.path()).isNotNull();
        }
    }

    @Test
    void everythingElseIsDescribed() {
        Schema.GLOBAL.keys().forEach((key) -> assertThat(PROPERTIES).containsKey("outbound." + key.path()));
        assertThat(PROPERTIES.get("outbound.clients").get("description").stringValue()).contains("Environment");
    }

}
