package dev.outbound.client.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Query parameters: names in the order of their first use, each with its values.
 * Immutable.
 * <p>
 * Written as {@code application/x-www-form-urlencoded} the way HTTPX does it: letters,
 * digits and {@code _.-~} as they are, a space as {@code +}, everything else
 * percent-encoded.
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
     * Return whether there is no parameter.
     * @return whether this is empty
     */
    public boolean isEmpty() {
        return this.values.isEmpty();
    }

    /**
     * Return the names in order.
     * @return the names
     */
    public List<String> names() {
        return List.copyOf(this.values.keySet());
    }

    /**
     * Return all values of a name.
     * @param name the name
     * @return the values, possibly none
     */
    public List<String> all(String name) {
        return this.values.getOrDefault(name, List.of());
    }

    /**
     * Return these parameters with a further value of a name.
     * @param name the name
     * @param value the value; {@code null} gives an empty text
     * @return other parameters
     */
    public QueryParams add(String name, @Nullable Object value) {
        Assert.notNull(name, "name must not be null");
        Map<String, List<String>> values = new LinkedHashMap<>(this.values);
        List<String> all = new ArrayList<>(all(name));
        all.add((value != null) ? value.toString() : "");
        values.put(name, List.copyOf(all));
        return new QueryParams(values);
    }

    /**
     * Return these parameters with those of others, which replace all values of a name
     * that both have.
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
     * Append to the query of a URL. Where the URL has a name of these parameters already,
     * the URL's stays beside it.
     * @param url the URL
     * @return the URL with both
     */
    public Url appendTo(Url url) {
        if (isEmpty()) {
            return url;
        }
        String query = url.query();
        return url.withQuery((query == null || query.isEmpty()) ? toString() : query + "&" + this);
    }

    /**
     * Return the encoded form, without a question mark.
     */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner("&");
        this.values
            .forEach((name, values) -> values.forEach((value) -> text.add(formEncode(name) + "=" + formEncode(value))));
        return text.toString();
    }

    static String formEncode(String text) {
        return PercentEncoding.encodeStrictly(text).replace("%20", "+");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof QueryParams params && this.values.equals(params.values);
    }

    @Override
    public int hashCode() {
        return this.values.hashCode();
    }

}
