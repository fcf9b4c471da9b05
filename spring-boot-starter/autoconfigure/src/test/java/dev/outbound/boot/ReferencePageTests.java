package dev.outbound.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.outbound.client.lab.GeneratedPage;

/**
 * Keeps {@code docs/reference.md} in step with the properties: the page is made from
 * their metadata, and {@code -Dreference.update=true} writes it anew.
 */
class ReferencePageTests {

    private static final Path PAGE = Path.of("../../docs/reference.md");

    private static final String DEFAULTS = "outbound.defaults.";

    @Test
    void thePageIsMadeFromTheMetadata() throws IOException {
        GeneratedPage.assertUpToDate(PAGE, page(), "reference.update");
    }

    private static String page() throws IOException {
        Map<String, JsonNode> properties = new TreeMap<>();
        try (InputStream in = ReferencePageTests.class
            .getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            JsonMapper.shared()
                .readTree(in)
                .get("properties")
                .forEach((property) -> properties.put(property.get("name").stringValue(), property));
        }
        StringBuilder page = new StringBuilder("""
                # Reference

                Every property, with its default. This page is made from the metadata that editors use; do not edit it.

                The keys of a client are written below `outbound.clients.<name>`, or below `outbound.defaults` for all
                clients. A client inherits what it does not say from the client that it `extends`, and then from the
                defaults; maps merge by key. Credentials (`auth`, headers and parameters whose names say that they carry
                a secret) are inherited on the same origin only, unless they are marked `auth.share: true`.

                A duration has a unit: `500ms`, `5s`, `2m`. Where a property says that it takes "none", that is the word
                for no limit. An environment variable such as `OUTBOUND_CLIENTS_MYAPI_BASEURL` overrides a property of a
                client that a file declares (`my-api`), and never declares one.

                ## Clients and defaults

                | key | default | meaning |
                | --- | --- | --- |
                """);
        properties.forEach((name, property) -> {
            if (name.startsWith(DEFAULTS)) {
                append(page, name.substring(DEFAULTS.length()), property);
            }
        });
        page.append("\n## Once for all\n\n| key | default | meaning |\n| --- | --- | --- |\n");
        properties.forEach((name, property) -> {
            if (!name.startsWith(DEFAULTS)) {
                append(page, name, property);
            }
        });
        return page.toString();
    }

    private static void append(StringBuilder page, String name, JsonNode property) {
        JsonNode value = property.get("defaultValue");
        page.append("| `")
            .append(name)
            .append("` | ")
            .append((value == null || text(value).isEmpty()) ? "" : "`" + text(value) + "`")
            .append(" | ")
            .append(property.path("description").asString().replace("|", "\\|"))
            .append(" |\n");
    }

    private static String text(JsonNode value) {
        return value.isArray() ? String.join(", ", value.valueStream().map(JsonNode::asString).toList())
                : value.asString();
    }

}
