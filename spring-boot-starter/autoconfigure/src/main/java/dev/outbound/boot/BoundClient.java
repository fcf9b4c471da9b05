package dev.outbound.boot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

import dev.outbound.client.http.Url;

/**
 * The settings of a client after inheritance, and where each of them is written.
 */
final class BoundClient {

    private final List<Block> levels;

    private final ClientProperties properties = new ClientProperties();

    private final Map<String, Source> sources = new LinkedHashMap<>();

    private final List<@Nullable Url> baseUrls = new ArrayList<>();

    private final Problems problems;

    private boolean failed;

    BoundClient(Lineage lineage, Problems problems) {
        this.levels = lineage.levels();
        this.problems = problems;
    }

    String name() {
        return Objects.requireNonNullElse(own().client(), "defaults");
    }

    Block own() {
        return this.levels.get(0);
    }

    /** The name of a property of this client. */
    String path(String key) {
        return key.isEmpty() ? own().path() : own().path() + "." + key;
    }

    ClientProperties properties() {
        return this.properties;
    }

    /** The name of an entry of a map as it is compared. */
    static String header(String name) {
        return "headers." + name.toLowerCase(Locale.ROOT);
    }

    void put(String id, ConfiguredValue value, Block level, boolean valid) {
        this.sources.put(id, new Source(value, this.levels.indexOf(level), valid));
    }

    /** Take an inherited header or parameter away. */
    void remove(String id) {
        this.sources.remove(id);
        this.properties.getHeaders().keySet().removeIf((name) -> header(name).equals(id));
        this.properties.getQuery().keySet().removeIf((name) -> ("query." + name).equals(id));
    }

    /**
     * Connect elsewhere than is written, without the credentials that are written: those
     * in headers and parameters stay where they were meant to go.
     * @param withBundle whether a bundle comes with it in place of the one that is
     * written
     */
    void connect(Url baseUrl, boolean withBundle, Origin origin) {
        Url written = this.properties.getBaseUrl();
        if (written == null || !written.hasSameOrigin(baseUrl)) {
            CredentialRules.secrets(this).keySet().forEach(this::remove);
        }
        this.properties.setBaseUrl(baseUrl);
        this.properties.setAuth(null);
        this.sources.keySet().removeIf((id) -> id.equals("auth") || id.startsWith("auth."));
        if (withBundle) {
            this.properties.getSsl().setBundle(null);
            this.sources.remove("ssl.bundle");
        }
        put("base-url", new ConfiguredValue(path("base-url"), baseUrl.text(), origin, 0), own(), true);
    }

    /** Whether a key has a value that could be read. */
    boolean isSet(String id) {
        Source source = this.sources.get(id);
        return source != null && source.valid();
    }

    /** Whether a key has a value, good or bad. */
    boolean isWritten(String id) {
        return this.sources.containsKey(id);
    }

    /** The first key in a block, or entry of a map, that has a value, or {@code null}. */
    @Nullable String firstIn(String block) {
        return this.sources.keySet()
            .stream()
            .filter((id) -> id.equals(block) || id.startsWith(block + "."))
            .findFirst()
            .orElse(null);
    }

    @Nullable ConfiguredValue value(String id) {
        Source source = this.sources.get(id);
        return (source != null) ? source.value() : null;
    }

    /** The text of a value as it is written, or else what it is by default. */
    String text(String id, String byDefault) {
        ConfiguredValue value = value(id);
        return (value != null) ? value.text() : byDefault;
    }

    /** How far away a value is written: 0 for the client's own block. */
    int distance(String id) {
        Source source = this.sources.get(id);
        return (source != null) ? source.level() : this.levels.size();
    }

    Block level(int distance) {
        return this.levels.get(distance);
    }

    void addBaseUrl(@Nullable Url url) {
        this.baseUrls.add(url);
    }

    /** The base URL that holds for a level, its own or inherited. */
    @Nullable Url baseUrl(int distance) {
        return this.baseUrls.get(distance);
    }

    int levels() {
        return this.levels.size();
    }

    /** Report what is wrong with the value of a key, or with there being none. */
    void fail(String id, String reason, String action) {
        this.failed = true;
        ConfiguredValue value = value(id);
        if (value != null) {
            this.problems.fail(value, reason, action);
        }
        else {
            this.problems.fail(path(id), neighbour(id), reason, action);
        }
    }

    /** Where something beside the key is written, or else the client. */
    private @Nullable Origin neighbour(String id) {
        String block = id.substring(0, id.lastIndexOf('.') + 1);
        return this.sources.entrySet()
            .stream()
            .filter((source) -> !block.isEmpty() && source.getKey().startsWith(block))
            .map((source) -> source.getValue().value().origin())
            .findFirst()
            .orElse(own().origin());
    }

    /** Whether the same values are written for both, whatever the place. */
    boolean hasSameValues(BoundClient other) {
        return texts().equals(other.texts());
    }

    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        this.sources.forEach((id, source) -> texts.put(id, source.value().text()));
        return texts;
    }

    boolean hasNoFailure() {
        return !this.failed && this.sources.values().stream().allMatch(Source::valid);
    }

    void warn(String id, String reason, String action) {
        ConfiguredValue value = value(id);
        if (value != null) {
            this.problems.warn(value, reason, action);
        }
    }

    private record Source(ConfiguredValue value, int level, boolean valid) {

    }

}
