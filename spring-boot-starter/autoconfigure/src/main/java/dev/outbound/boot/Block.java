package dev.outbound.boot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

import dev.outbound.boot.Key.Kind;

/**
 * What is written for one client, or for the defaults: nothing is inherited, converted or
 * checked yet.
 */
final class Block {

    private final String path;

    private final @Nullable String client;

    private final Schema schema;

    private final Map<String, Slot> slots = new LinkedHashMap<>();

    private final List<Unknown> unknown = new ArrayList<>();

    private final List<Slot> respelled = new ArrayList<>();

    private @Nullable Origin origin;

    Block(String path, @Nullable String client, Schema schema) {
        this.path = path;
        this.client = client;
        this.schema = schema;
    }

    /** The name of the block, for example {@code outbound.clients.billing}. */
    String path() {
        return this.path;
    }

    /** The name of the client, or {@code null} for the defaults. */
    @Nullable String client() {
        return this.client;
    }

    /** The block as the source of something inherited. */
    String shown() {
        return (this.client != null) ? "'" + this.client + "'" : this.path;
    }

    /** Where the block is written, more or less. */
    @Nullable Origin origin() {
        return this.origin;
    }

    void add(PropertyPath path, ConfiguredValue value) {
        this.origin = (this.origin != null) ? this.origin : value.origin();
        if (path.size() == 0 && value.text().isEmpty()) {
            return;
        }
        Schema.Match match = this.schema.find(path);
        if (match == null && isMapWithoutEntries(path, value)) {
            return;
        }
        if (match == null) {
            this.unknown.add(new Unknown(path, named(path.shown(), value)));
        }
        else {
            add(match, named(match.shown(), value));
        }
    }

    private boolean isMapWithoutEntries(PropertyPath path, ConfiguredValue value) {
        Key key = this.schema.named(path);
        return key != null && key.is(Kind.MAP) && path.index() == null && value.text().isEmpty();
    }

    private ConfiguredValue named(String relative, ConfiguredValue value) {
        return new ConfiguredValue(relative.isEmpty() ? this.path : this.path + "." + relative, value.text(),
                value.origin(), value.source());
    }

    void add(Schema.Match match, ConfiguredValue value) {
        String id = id(match.key(), match.entry());
        Slot slot = this.slots.computeIfAbsent(id, (key) -> new Slot(match.key(), match.entry(), value.source()));
        if (slot.entry().equals(match.entry())) {
            slot.set(match.index(), value);
        }
        else if (slot.source() == value.source()) {
            Slot other = new Slot(match.key(), match.entry(), value.source());
            other.set(match.index(), value);
            this.respelled.add(other);
        }
    }

    /**
     * Take a value that is written for several keys, unless a source that wins has one
     * for this key.
     */
    void spread(Key key, ConfiguredValue value) {
        Slot present = this.slots.get(key.path());
        if (present == null || present.source() > value.source()) {
            Slot slot = new Slot(key, "", value.source());
            slot.set(null, value);
            this.slots.put(key.path(), slot);
        }
    }

    private static String id(Key key, String entry) {
        return key.is(Kind.MAP) ? key.path() + "." + (isCaseInsensitive(key) ? entry.toLowerCase(Locale.ROOT) : entry)
                : key.path();
    }

    private static boolean isCaseInsensitive(Key key) {
        return key.path().equals("headers");
    }

    boolean isEmpty() {
        return this.slots.isEmpty() && this.unknown.isEmpty();
    }

    Collection<Slot> slots() {
        return this.slots.values();
    }

    @Nullable Slot slot(String path) {
        return this.slots.get(path);
    }

    /** Whether a scheme, or a part of one, is written here; sharing it alone is not. */
    boolean hasCredentials() {
        return this.slots.values()
            .stream()
            .anyMatch((slot) -> slot.key().isIn("auth") && !slot.key().path().equals("auth.share"));
    }

    boolean hasAnyIn(String block) {
        return this.slots.values().stream().anyMatch((slot) -> slot.key().isIn(block));
    }

    /** Properties that no key has. */
    List<Unknown> unknown() {
        return this.unknown;
    }

    /** Entries of a map that differ from another one by the case of their letters. */
    List<Slot> respelled() {
        return this.respelled;
    }

    /**
     * A property that no key has.
     *
     * @param path its name, relative to the block
     */
    record Unknown(PropertyPath path, ConfiguredValue value) {

    }

}
