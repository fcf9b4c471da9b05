package dev.outbound.boot;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What is written for one key of a block, or for one entry of a map: a value, or the
 * elements of a list. The property source that comes first has it all, as in Spring Boot.
 */
final class Slot {

    private final Key key;

    private final String entry;

    private final int source;

    /** Of most properties there are none. */
    private Map<Integer, ConfiguredValue> elements = Map.of();

    private @Nullable ConfiguredValue value;

    Slot(Key key, String entry, int source) {
        this.key = key;
        this.entry = entry;
        this.source = source;
    }

    Key key() {
        return this.key;
    }

    /** The name in a map, as it is written, or an empty text. */
    String entry() {
        return this.entry;
    }

    int source() {
        return this.source;
    }

    void set(@Nullable Integer index, ConfiguredValue value) {
        if (value.source() == this.source) {
            if (index != null) {
                if (this.elements.isEmpty()) {
                    this.elements = new TreeMap<>();
                }
                this.elements.putIfAbsent(index, value);
            }
            else if (this.value == null) {
                this.value = value;
            }
        }
    }

    /** The value, or the first element. */
    ConfiguredValue first() {
        return (this.value != null) ? this.value : this.elements.values().iterator().next();
    }

    /** The elements of a list by their position; empty where there is one value. */
    Map<Integer, ConfiguredValue> elements() {
        return (this.value != null) ? Map.of() : this.elements;
    }

}
