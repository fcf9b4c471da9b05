package dev.outbound.client.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Query parameters: names in the order of their first use, each with its values.
 * Immutable and thread-safe; every change returns other parameters.
 * <p>
 * Written as {@code application/x-www-form-urlencoded} the way HTTPX does it: letters,
 * digits and {@code _.-~} as they are, a space as {@code +}, everything else
 * percent-encoded. A value is given as any object: {@code null} is an empty text, an
 * {@link Iterable} or an array repeats the name, all else is its {@code toString()}.
 *
 * @since 0.1
 */
public final class QueryParams {

    private static final QueryParams EMPTY = new QueryParams(Collections.emptyMap());

    private final Map<String, List<String>> values;

    private QueryParams(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Return parameters without a name.
     * @return the shared empty instance
     */
    public static QueryParams empty() {
        return EMPTY;
    }

    /**
     * Return the parameters of a map.
     * @param params names and values, in order; a name whose values are an empty list is
     * left out
     * @return the parameters
     */
    public static QueryParams of(Map<String, ? extends @Nullable Object> params) {
        Assert.notNull(params, "params must not be null");
        Map<String, List<String>> values = new LinkedHashMap<>();
        params.forEach((name, value) -> forEach(value, (text) -> append(values, name, text)));
        return values.isEmpty() ? EMPTY : new QueryParams(values);
    }

    /**
     * Parse an encoded text. Pairs are separated by {@code &} only, a name without an
     * equals sign has an empty value, bytes that are not UTF-8 become U+FFFD.
     * @param text the text, without a question mark
     * @return the parameters
     */
    public static QueryParams parse(String text) {
        Assert.notNull(text, "text must not be null");
        Map<String, List<String>> values = new LinkedHashMap<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('&', start);
            end = (end >= 0) ? end : text.length();
            if (end > start) {
                String pair = text.substring(start, end);
                int equals = pair.indexOf('=');
                append(values, PercentEncoding.decodeForm((equals >= 0) ? pair.substring(0, equals) : pair),
                        (equals >= 0) ? PercentEncoding.decodeForm(pair.substring(equals + 1)) : "");
            }
            start = end + 1;
        }
        return values.isEmpty() ? EMPTY : new QueryParams(values);
    }

    private static void append(Map<String, List<String>> values, String name, String value) {
        Assert.notNull(name, "name must not be null");
        values.computeIfAbsent(name, (key) -> new ArrayList<>(1)).add(value);
    }

    /** Give each single value as a text. */
    static void forEach(@Nullable Object value, Consumer<String> consumer) {
        if (value instanceof Iterable<?> all) {
            all.forEach((single) -> consumer.accept(text(single)));
        }
        else if (value instanceof Object[] all) {
            for (Object single : all) {
                consumer.accept(text(single));
            }
        }
        else {
            consumer.accept(text(value));
        }
    }

    private static String text(@Nullable Object value) {
        String text = (value != null) ? value.toString() : "";
        return (text != null) ? text : "";
    }

    /**
     * Return whether there is no parameter.
     * @return whether this is empty
     */
    public boolean isEmpty() {
        return this.values.isEmpty();
    }

    /**
     * Return how many different names there are.
     * @return the number of names
     */
    public int size() {
        return this.values.size();
    }

    /**
     * Return the names in order.
     * @return the names
     */
    public List<String> names() {
        return List.copyOf(this.values.keySet());
    }

    /**
     * Return whether there is a value of a name.
     * @param name the name; its case matters
     * @return whether there is one
     */
    public boolean contains(String name) {
        return this.values.containsKey(name);
    }

    /**
     * Return the first value of a name.
     * @param name the name; its case matters
     * @return the value, or {@code null}
     */
    public @Nullable String first(String name) {
        List<String> all = this.values.get(name);
        return (all != null) ? all.get(0) : null;
    }

    /**
     * Return all values of a name.
     * @param name the name; its case matters
     * @return the values, possibly none
     */
    public List<String> all(String name) {
        return Collections.unmodifiableList(this.values.getOrDefault(name, List.of()));
    }

    /**
     * Call the consumer for each value, those of one name together.
     * @param consumer is given name and value
     */
    public void forEach(BiConsumer<String, String> consumer) {
        this.values.forEach((name, values) -> values.forEach((value) -> consumer.accept(name, value)));
    }

    /**
     * Return these parameters with further values of a name.
     * @param name the name
     * @param value the value or values
     * @return other parameters
     */
    public QueryParams add(String name, @Nullable Object value) {
        return change(name, new ArrayList<>(all(name)), value);
    }

    /**
     * Return these parameters with other values of a name, in its place.
     * @param name the name
     * @param value the value or values; none at all removes the name
     * @return other parameters
     */
    public QueryParams set(String name, @Nullable Object value) {
        return change(name, new ArrayList<>(1), value);
    }

    private QueryParams change(String name, List<String> all, @Nullable Object value) {
        Assert.notNull(name, "name must not be null");
        forEach(value, all::add);
        if (all.isEmpty()) {
            return remove(name);
        }
        Map<String, List<String>> values = new LinkedHashMap<>(this.values);
        values.put(name, all);
        return new QueryParams(values);
    }

    /**
     * Return these parameters without a name.
     * @param name the name; its case matters
     * @return other parameters, or these where there is none of that name
     */
    public QueryParams remove(String name) {
        if (!this.values.containsKey(name)) {
            return this;
        }
        Map<String, List<String>> values = new LinkedHashMap<>(this.values);
        values.remove(name);
        return values.isEmpty() ? EMPTY : new QueryParams(values);
    }

    /**
     * Return these parameters with those of others, which replace all values of a name
     * that both have, in its place.
     * @param others the parameters that win
     * @return the merged parameters
     */
    public QueryParams merge(QueryParams others) {
        if (others.isEmpty() || isEmpty()) {
            return others.isEmpty() ? this : others;
        }
        Map<String, List<String>> values = new LinkedHashMap<>(this.values);
        values.putAll(others.values);
        return new QueryParams(values);
    }

    /**
     * Append to the query of a URL. What the URL has already stays, also a value of a
     * name that is here too: no part of a request is dropped because another was added.
     * @param url the URL
     * @return the URL with both
     */
    public Url appendTo(Url url) {
        if (isEmpty()) {
            return url;
        }
        String query = url.query();
        return url.withEncodedQuery((query == null || query.isEmpty()) ? text() : query + "&" + text());
    }

    /**
     * Return the encoded form, without a question mark.
     * @return the text to send
     */
    public String text() {
        StringBuilder text = new StringBuilder();
        forEach((name, value) -> text.append((text.length() > 0) ? "&" : "")
            .append(PercentEncoding.encodeForm(name))
            .append('=')
            .append(PercentEncoding.encodeForm(value)));
        return text.toString();
    }

    /**
     * Return the encoded form with values masked whose name says that they are secrets.
     */
    @Override
    public String toString() {
        return Secrets.maskQuery(text());
    }

    /**
     * Return whether the other has the same names with the same values, in any order.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof QueryParams params && sorted().equals(params.sorted()));
    }

    @Override
    public int hashCode() {
        return sorted().hashCode();
    }

    private Map<String, List<String>> sorted() {
        Map<String, List<String>> sorted = new LinkedHashMap<>(this.values);
        sorted.replaceAll((name, values) -> values.stream().sorted().toList());
        return sorted;
    }

}
