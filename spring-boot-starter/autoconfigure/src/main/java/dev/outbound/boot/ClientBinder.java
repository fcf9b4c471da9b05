package dev.outbound.boot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;

import dev.outbound.boot.Key.Kind;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Engine;

/**
 * Makes settings of what is written: inherits, resolves placeholders, converts. A value
 * that cannot be read is reported, and left at its default.
 */
final class ClientBinder {

    private final Declarations declarations;

    private final Placeholders placeholders;

    private final Problems problems;

    ClientBinder(Declarations declarations, Placeholders placeholders, Problems problems) {
        this.declarations = declarations;
        this.placeholders = placeholders;
        this.problems = problems;
    }

    BoundClient bind(Block client) {
        Lineage lineage = Lineage.of(client, this.declarations, this.placeholders, this.problems);
        BoundClient bound = new BoundClient(lineage, this.problems);
        BeanWrapper properties = new BeanWrapperImpl(bound.properties());
        properties.setAutoGrowNestedPaths(true);
        for (Key key : Schema.CLIENT.keys()) {
            List<Block> levels = lineage.visible(key);
            switch (key.kind()) {
                case BLOCK -> bindBlock(key, levels, bound, properties);
                case SCALAR, LIST -> bindNearest(key, levels, bound, properties);
                case MAP -> bindMap(key, levels, bound, properties);
            }
        }
        for (int i = 0; i < lineage.levels().size(); i++) {
            bound.addBaseUrl(baseUrl(lineage.levels().subList(i, lineage.levels().size())));
        }
        CredentialRules.dropAfterNone(bound);
        HeaderRules.dropTakenAway(bound);
        CredentialRules.markSecretHeaders(bound);
        return bound;
    }

    /**
     * The base URL of a level; what is wrong with it is reported for the client that uses
     * it.
     */
    private @Nullable Url baseUrl(List<Block> levels) {
        Key key = Schema.CLIENT.key("base-url");
        for (Block level : levels) {
            Slot slot = level.slot(key.path());
            if (slot != null) {
                try {
                    String text = this.placeholders.resolve(slot.first()).text();
                    return (Url) ValueParser.parse(text, key, level.path());
                }
                catch (InvalidValueException ex) {
                    return null;
                }
            }
        }
        return null;
    }

    /** Whether a client is wanted at all. */
    boolean isEnabled(Block client) {
        Key key = Schema.CLIENT.key("enabled");
        for (Block level : List.of(client, this.declarations.defaults())) {
            Slot slot = level.slot(key.path());
            if (slot != null) {
                Value value = read(slot.first(), key, level);
                return !value.valid() || !Boolean.FALSE.equals(value.value());
            }
        }
        return true;
    }

    /** Whether a key outside of clients and defaults is true. */
    boolean isTrue(Block global, String path) {
        Slot slot = global.slot(path);
        return slot != null && Boolean.TRUE.equals(read(slot.first(), Schema.GLOBAL.key(path), global).value());
    }

    private void bindBlock(Key key, List<Block> levels, BoundClient bound, BeanWrapper properties) {
        if (key.path().equals(EngineText.ANY.path())) {
            levels.forEach((level) -> spreadEngine(level, bound));
            return;
        }
        for (Block level : levels) {
            Slot slot = level.slot(key.path());
            ConfiguredValue value = (slot != null) ? slot.first() : null;
            if (value != null) {
                checkBlock(key, value);
            }
            if (level.hasAnyIn(key.path())) {
                boolean none = key.nullable() && Lineage.isCancelled(key, level);
                if (value != null) {
                    bound.put(key.path(), value, level, true);
                }
                if (key.nullable()) {
                    properties.setPropertyValue(key.property(), none ? null : BeanUtils.instantiateClass(key.type()));
                }
                return;
            }
        }
    }

    /** One word is for the calls that this engine can make. */
    private void spreadEngine(Block level, BoundClient bound) {
        Slot slot = level.slot(EngineText.ANY.path());
        if (slot == null || slot.first().text().isEmpty()) {
            return;
        }
        Value engine = read(slot.first(), EngineText.ANY, level);
        if (!engine.valid()) {
            bound.put(EngineText.ANY.path(), engine.source(), level, false);
        }
        for (String kind : List.of("blocking", "reactive")) {
            Key key = Schema.CLIENT.key(EngineText.ANY.path() + "." + kind);
            if (engine.value() instanceof Engine value && EngineText.serves(value, key)) {
                level.spread(key, engine.source());
            }
        }
    }

    private void checkBlock(Key key, ConfiguredValue value) {
        if (!value.text().isEmpty() && !(key.nullable() && value.text().equals("none"))) {
            ForeignName foreign = ForeignName.of(key.path());
            this.problems.fail(value,
                    "`" + key.path() + "` is a block of properties, but a value was found."
                            + ((foreign != null) ? " " + foreign.reason() : ""),
                    (foreign != null) ? foreign.action(value.text()) : "Write its properties below it, indented"
                            + (key.nullable() ? ", or \"none\" to cancel it." : "."));
        }
    }

    private void bindNearest(Key key, List<Block> levels, BoundClient bound, BeanWrapper properties) {
        for (Block level : levels) {
            Slot slot = level.slot(key.path());
            if (slot != null) {
                Value value = key.is(Kind.LIST) ? readList(slot, level) : read(slot.first(), key, level);
                bound.put(key.path(), value.source(), level, value.valid());
                if (value.valid()) {
                    properties.setPropertyValue(key.property(), value.value());
                }
                return;
            }
        }
    }

    private void bindMap(Key key, List<Block> levels, BoundClient bound, BeanWrapper properties) {
        Map<String, String> names = new LinkedHashMap<>();
        Map<String, List<Object>> entries = new LinkedHashMap<>();
        for (int i = levels.size() - 1; i >= 0; i--) {
            for (Slot slot : levels.get(i).slots()) {
                if (slot.key() == key) {
                    Value value = readElements(slot, levels.get(i));
                    String id = key.path() + "." + compared(key, slot.entry());
                    bound.put(id, value.source(), levels.get(i), value.valid());
                    names.put(id, slot.entry());
                    entries.put(id, value.elements());
                }
            }
        }
        Map<String, List<Object>> named = new LinkedHashMap<>();
        entries.forEach((id, values) -> named.put(names.getOrDefault(id, id), values));
        if (!named.isEmpty()) {
            properties.setPropertyValue(key.property(), named);
        }
    }

    private static String compared(Key key, String entry) {
        return key.path().equals("headers") ? entry.toLowerCase(Locale.ROOT) : entry;
    }

    private Value readList(Slot slot, Block level) {
        if (!slot.elements().isEmpty()) {
            return readElements(slot, level);
        }
        ConfiguredValue value = slot.first();
        List<Object> elements = new ArrayList<>();
        for (String element : value.text().split(",")) {
            if (!element.isBlank()) {
                Value read = read(
                        new ConfiguredValue(value.property(), element.strip(), value.origin(), value.source()),
                        slot.key(), level);
                if (!read.valid()) {
                    return read;
                }
                read.addTo(elements);
            }
        }
        return new Value(value, elements, true);
    }

    /** The elements of a list as they are, or the one value there is. */
    private Value readElements(Slot slot, Block level) {
        ConfiguredValue first = slot.first();
        if (slot.elements().isEmpty()) {
            Value value = read(first, slot.key(), level);
            return new Value(value.source(), (value.value() != null) ? List.of(value.value()) : List.of(),
                    value.valid());
        }
        List<Object> values = new ArrayList<>();
        StringJoiner text = new StringJoiner(", ");
        boolean valid = true;
        boolean secret = false;
        int next = 0;
        for (Map.Entry<Integer, ConfiguredValue> element : slot.elements().entrySet()) {
            Value value = read(element.getValue(), slot.key(), level);
            valid &= value.valid() && checkNoGap(next++, element.getKey(), element.getValue());
            value.addTo(values);
            text.add(value.source().text());
            secret |= value.source().secret();
        }
        String property = first.property().substring(0, first.property().lastIndexOf('['));
        return new Value(new ConfiguredValue(property, text.toString(), first.origin(), first.source(), secret), values,
                valid);
    }

    private boolean checkNoGap(int expected, int index, ConfiguredValue element) {
        if (index != expected) {
            this.problems.fail(element, "Element [" + index + "] is set here, but [" + expected + "] is missing.",
                    "Give the full list in one file.");
        }
        return index == expected;
    }

    private Value read(ConfiguredValue written, Key key, Block level) {
        ConfiguredValue value = written;
        try {
            value = this.placeholders.resolve(written);
            if (isSecret(written.text(), key)) {
                value = value.asSecret();
            }
            return new Value(value, ValueParser.parse(value.text(), key, level.path()), true);
        }
        catch (InvalidValueException ex) {
            this.problems.fail(value, ex.reason(), ex.action());
            return new Value(value, null, false);
        }
    }

    /**
     * Headers and parameters are free, also those of a URL; other keys say what they are
     * for.
     */
    private static boolean isSecret(String written, Key key) {
        int start = key.is(Kind.MAP) ? 0 : written.indexOf('?');
        return start >= 0 && Placeholders.nameSecret(written.substring(start));
    }

    /** What was read of a value, and the value with its placeholders resolved. */
    private record Value(ConfiguredValue source, @Nullable Object value, boolean valid) {

        void addTo(List<Object> elements) {
            if (this.value != null) {
                elements.add(this.value);
            }
        }

        @SuppressWarnings("unchecked")
        List<Object> elements() {
            return (this.value != null) ? (List<Object>) this.value : List.of();
        }

    }

}
