package dev.outbound.client.http;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.MultiValueMap;

/**
 * Field lines as the map that Spring's headers are backed by; only reading is possible.
 * Looking up a name copies nothing, for that is what is done on every call.
 */
final class HeadersView extends AbstractMap<String, List<String>> implements MultiValueMap<String, String> {

    private final FieldLines lines;

    HeadersView(FieldLines lines) {
        this.lines = lines;
    }

    @Override
    public @Nullable List<String> get(@Nullable Object key) {
        return (key instanceof String name && this.lines.contains(name)) ? this.lines.all(name) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String name && this.lines.contains(name);
    }

    @Override
    public @Nullable String getFirst(String key) {
        return this.lines.first(key);
    }

    @Override
    public boolean isEmpty() {
        return this.lines.isEmpty();
    }

    @Override
    public Map<String, String> toSingleValueMap() {
        Map<String, String> map = new LinkedHashMap<>();
        forEach((name, values) -> map.put(name, values.get(0)));
        return map;
    }

    @Override
    public Set<Entry<String, List<String>>> entrySet() {
        Map<String, List<String>> entries = new LinkedCaseInsensitiveMap<>();
        this.lines.forEach((name, value) -> entries.computeIfAbsent(name, (key) -> new ArrayList<>(1)).add(value));
        return Collections.unmodifiableMap(entries).entrySet();
    }

    @Override
    public void add(String key, @Nullable String value) {
        throw readOnly();
    }

    @Override
    public void addAll(String key, List<? extends @Nullable String> values) {
        throw readOnly();
    }

    @Override
    public void addAll(MultiValueMap<String, String> values) {
        throw readOnly();
    }

    @Override
    public void set(String key, @Nullable String value) {
        throw readOnly();
    }

    @Override
    public void setAll(Map<String, String> values) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("These headers are read-only");
    }

}
