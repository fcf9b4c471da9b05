package dev.outbound.mock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Secrets;

/**
 * Compares a part of a request in which names have values: every name with all of its
 * values, in order.
 *
 * @param part which part
 * @param expected lookups by name
 * @param exact whether there must be no other name
 */
record MultiPattern(Part part, Map<String, List<Lookup>> expected, boolean exact) implements RequestPattern {

    static RequestPattern one(Part part, String name, @Nullable Object... values) {
        Assert.hasText(name, "name must not be empty");
        Map<String, List<Lookup>> expected = new LinkedHashMap<>();
        expected.put(part.key(name),
                (values.length > 0) ? Arrays.stream(values).map(MultiPattern::lookup).toList() : List.of(Lookup.any()));
        return new MultiPattern(part, expected, false);
    }

    static RequestPattern of(Part part, Map<String, ? extends @Nullable Object> values, boolean exact) {
        Map<String, List<Lookup>> expected = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            List<Lookup> lookups = expected.computeIfAbsent(part.key(name), (key) -> new ArrayList<>());
            if (value instanceof Iterable<?> several) {
                several.forEach((one) -> lookups.add(lookup(one)));
            }
            else {
                lookups.add(lookup(value));
            }
        });
        return new MultiPattern(part, expected, exact);
    }

    static RequestPattern params(QueryParams params, boolean exact) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        params.names().forEach((name) -> values.put(name, params.all(name)));
        return of(Part.PARAMS, values, exact);
    }

    private static Lookup lookup(@Nullable Object value) {
        if (value instanceof Lookup lookup) {
            return lookup;
        }
        return Lookup.equalTo((value != null) ? value.toString() : "");
    }

    @Override
    public Comparison compare(SentRequest request) {
        Map<String, List<String>> actual = this.part.read.apply(request);
        List<Comparison.Part> parts = new ArrayList<>();
        this.expected.forEach((name, lookups) -> {
            List<String> values = actual.getOrDefault(name, List.of());
            parts.add(new Comparison.Part(this.part.label(name), shown(name, lookups), shown(name, values),
                    matches(lookups, values)));
        });
        if (this.exact) {
            Map<String, List<String>> others = new LinkedHashMap<>(actual);
            others.keySet().removeAll(this.expected.keySet());
            others.forEach((name, values) -> parts
                .add(new Comparison.Part(this.part.label(name), "none", shown(name, values), false)));
        }
        return new Comparison(parts.stream().allMatch(Comparison.Part::matches), parts, Map.of());
    }

    private static boolean matches(List<Lookup> lookups, List<String> values) {
        if (lookups.size() != values.size()) {
            return false;
        }
        for (int i = 0; i < lookups.size(); i++) {
            if (!lookups.get(i).matches(values.get(i))) {
                return false;
            }
        }
        return true;
    }

    String shown(String name, List<?> values) {
        String shown = values.stream().map(String::valueOf).collect(Collectors.joining(", "));
        if (values.isEmpty()) {
            return "none";
        }
        boolean secret = this.part == Part.COOKIES || Secrets.isSecretHeader(name);
        return (secret && !values.contains(Lookup.any())) ? Secrets.mask(shown) : shown;
    }

    @Override
    public String toString() {
        String all = this.expected.entrySet()
            .stream()
            .map((entry) -> this.part.label(entry.getKey()) + " " + shown(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(" and "));
        if (!this.exact) {
            return all;
        }
        return all.isEmpty() ? "no " + this.part.name().toLowerCase(Locale.ROOT) : all + " only";
    }

    /** What is read from the request. */
    enum Part {

        PARAMS((request) -> {
            Map<String, List<String>> params = new LinkedHashMap<>();
            request.params().names().forEach((name) -> params.put(name, request.params().all(name)));
            return params;
        }),

        HEADERS((request) -> {
            Map<String, List<String>> headers = new TreeMap<>();
            request.fields()
                .forEach((name, value) -> headers
                    .computeIfAbsent(name.toLowerCase(Locale.ROOT), (key) -> new ArrayList<>())
                    .add(value));
            return headers;
        }),

        COOKIES(SentRequest::cookies),

        FORM(SentRequest::form);

        private final Function<SentRequest, Map<String, List<String>>> read;

        Part(Function<SentRequest, Map<String, List<String>>> read) {
            this.read = read;
        }

        String key(String name) {
            return (this == HEADERS) ? name.toLowerCase(Locale.ROOT) : name;
        }

        String label(String name) {
            return switch (this) {
                case PARAMS -> "param ";
                case HEADERS -> "header ";
                case COOKIES -> "cookie ";
                case FORM -> "form field ";
            } + name;
        }

    }

}
