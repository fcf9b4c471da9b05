package dev.outbound.client.http;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.util.MultiValueMap;

/**
 * The field lines of a message (RFC 9110, section 5) in their order and with the case
 * they were given in. Names are compared without regard to case.
 * <p>
 * Immutable and thread-safe; every {@code with} returns another instance. Names and
 * values are checked when a line is added: a name must be a token, a value must consist
 * of visible Latin-1 characters, spaces and tabs. {@link #asHttpHeaders()} is the view
 * for everything that knows Spring's {@link HttpHeaders}.
 *
 * @since 0.1
 */
public final class FieldLines {

    private static final FieldLines EMPTY = new FieldLines(new String[0]);

    /** Name, value, name, value, … */
    private final String[] lines;

    private @Nullable HttpHeaders view;

    private FieldLines(String[] lines) {
        this.lines = lines;
    }

    /**
     * Return field lines without a line.
     * @return the shared empty instance
     */
    public static FieldLines empty() {
        return EMPTY;
    }

    /**
     * Return the lines of the given headers.
     * @param headers names and values, in order
     * @return the lines
     * @throws IllegalArgumentException if a name or value is not allowed in a message
     */
    public static FieldLines of(HttpHeaders headers) {
        Assert.notNull(headers, "headers must not be null");
        Builder builder = builder();
        headers.forEach((name, values) -> values.forEach((value) -> builder.add(name, value)));
        return builder.build();
    }

    /**
     * Return a builder without a line.
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder(8);
    }

    /**
     * Return how many lines there are.
     * @return the number of lines, repeated names counted each
     */
    public int size() {
        return this.lines.length / 2;
    }

    /**
     * Return whether there is no line.
     * @return whether this is empty
     */
    public boolean isEmpty() {
        return this.lines.length == 0;
    }

    /**
     * Return the name of a line, in its original case.
     * @param index the position, from 0
     * @return the name
     */
    public String name(int index) {
        return this.lines[2 * index];
    }

    /**
     * Return the value of a line.
     * @param index the position, from 0
     * @return the value
     */
    public String value(int index) {
        return this.lines[2 * index + 1];
    }

    /**
     * Call the consumer for each line, in order.
     * @param consumer is given name and value
     */
    public void forEach(BiConsumer<String, String> consumer) {
        for (int i = 0; i < this.lines.length; i += 2) {
            consumer.accept(this.lines[i], this.lines[i + 1]);
        }
    }

    /**
     * Return whether there is a line of that name.
     * @param name the name, in any case
     * @return whether there is one
     */
    public boolean contains(String name) {
        return indexOf(name) >= 0;
    }

    /**
     * Return the value of the first line of that name.
     * @param name the name, in any case
     * @return the value, or {@code null}
     */
    public @Nullable String first(String name) {
        int index = indexOf(name);
        return (index >= 0) ? this.lines[index + 1] : null;
    }

    /**
     * Return the values of all lines of that name, in order.
     * @param name the name, in any case
     * @return the values, possibly none
     */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int i = 0; i < this.lines.length; i += 2) {
            if (this.lines[i].equalsIgnoreCase(name)) {
                values.add(this.lines[i + 1]);
            }
        }
        return values;
    }

    /**
     * Return these lines with one line of that name: it takes the place of the first one
     * there is, or comes last.
     * @param name the name
     * @param value the value
     * @return other lines
     * @throws IllegalArgumentException if name or value is not allowed in a message
     */
    public FieldLines with(String name, String value) {
        check(name, value);
        int index = indexOf(name);
        if (index < 0) {
            String[] lines = new String[this.lines.length + 2];
            System.arraycopy(this.lines, 0, lines, 0, this.lines.length);
            lines[this.lines.length] = name;
            lines[this.lines.length + 1] = value;
            return new FieldLines(lines);
        }
        Builder builder = new Builder(this.lines.length);
        for (int i = 0; i < this.lines.length; i += 2) {
            if (i == index) {
                builder.append(name, value);
            }
            else if (!this.lines[i].equalsIgnoreCase(name)) {
                builder.append(this.lines[i], this.lines[i + 1]);
            }
        }
        return builder.build();
    }

    /**
     * Return these lines without those of that name.
     * @param name the name, in any case
     * @return other lines, or these where there is none of that name
     */
    public FieldLines without(String name) {
        return contains(name) ? without((candidate) -> candidate.equalsIgnoreCase(name)) : this;
    }

    /**
     * Return these lines without those whose name fits.
     * @param names is asked for each name
     * @return other lines
     */
    public FieldLines without(Predicate<String> names) {
        Builder builder = new Builder(this.lines.length);
        for (int i = 0; i < this.lines.length; i += 2) {
            if (!names.test(this.lines[i])) {
                builder.append(this.lines[i], this.lines[i + 1]);
            }
        }
        return builder.build();
    }

    /**
     * Return these lines overridden by others, as HTTPX merges a client's headers with a
     * request's: lines whose name the others have are left out, the others come last.
     * @param others the lines that win
     * @return the merged lines
     */
    public FieldLines merge(FieldLines others) {
        if (others.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return others;
        }
        Builder builder = new Builder(this.lines.length + others.lines.length);
        for (int i = 0; i < this.lines.length; i += 2) {
            if (!others.contains(this.lines[i])) {
                builder.append(this.lines[i], this.lines[i + 1]);
            }
        }
        others.forEach(builder::append);
        return builder.build();
    }

    /**
     * Return a read-only view as Spring's headers.
     * @return the view, always the same
     */
    public HttpHeaders asHttpHeaders() {
        HttpHeaders view = this.view;
        if (view == null) {
            view = HttpHeaders.readOnlyHttpHeaders(new HttpHeaders(new HeadersMap(this)));
            this.view = view;
        }
        return view;
    }

    private int indexOf(String name) {
        for (int i = 0; i < this.lines.length; i += 2) {
            if (this.lines[i].equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Check that a line can be part of a message.
     * @param name the name, a token (RFC 9110, section 5.6.2)
     * @param value the value (RFC 9110, section 5.5)
     * @throws IllegalArgumentException if not; the message never shows the value
     */
    public static void check(String name, String value) {
        Assert.hasLength(name, "header name must not be empty");
        Assert.notNull(value, () -> "value of header " + name + " must not be null");
        for (int i = 0; i < name.length(); i++) {
            if (!isTokenCharacter(name.charAt(i))) {
                throw new IllegalArgumentException("'" + Text.escape(name, 60) + "' is not a header name: "
                        + Text.describe(name.charAt(i)) + " at position " + i + " is not allowed");
            }
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("The value of header " + name + " cannot be sent: "
                        + Text.describe(c) + " at position " + i + " is not allowed");
            }
        }
    }

    static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof FieldLines lines && sorted().equals(lines.sorted()));
    }

    @Override
    public int hashCode() {
        return sorted().hashCode();
    }

    private List<String> sorted() {
        List<String> sorted = new ArrayList<>(size());
        forEach((name, value) -> sorted.add(name.toLowerCase(Locale.ROOT) + ':' + value));
        Collections.sort(sorted);
        return sorted;
    }

    /**
     * Return the lines for a log: values of names that carry credentials are masked.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        forEach((name, value) -> text.append((text.length() > 1) ? ", " : "")
            .append(name)
            .append(": ")
            .append(Secrets.isSecretHeader(name) ? Secrets.MASK : Text.escape(value, 200)));
        return text.append(']').toString();
    }

    /**
     * Collects lines. Not thread-safe.
     */
    public static final class Builder {

        private String[] lines;

        private int length;

        private Builder(int capacity) {
            this.lines = new String[capacity];
        }

        /**
         * Add a line behind the others.
         * @param name the name
         * @param value the value
         * @return this builder
         * @throws IllegalArgumentException if name or value is not allowed in a message
         */
        public Builder add(String name, String value) {
            check(name, value);
            return append(name, value);
        }

        /**
         * Add a line as it was received, without a check.
         * @param name the name
         * @param value the value
         * @return this builder
         */
        public Builder append(String name, String value) {
            if (this.length == this.lines.length) {
                this.lines = java.util.Arrays.copyOf(this.lines, Math.max(8, 2 * this.length));
            }
            this.lines[this.length++] = name;
            this.lines[this.length++] = value;
            return this;
        }

        /**
         * Return the lines collected.
         * @return immutable lines
         */
        public FieldLines build() {
            if (this.length == 0) {
                return EMPTY;
            }
            String[] lines = (this.length == this.lines.length) ? this.lines
                    : java.util.Arrays.copyOf(this.lines, this.length);
            this.lines = new String[0];
            this.length = 0;
            return new FieldLines(lines);
        }

    }

    /** What Spring's headers ask of their backing map; only reading is possible. */
    private static final class HeadersMap extends AbstractMap<String, List<String>>
            implements MultiValueMap<String, String> {

        private final FieldLines lines;

        HeadersMap(FieldLines lines) {
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
        public Map<String, String> toSingleValueMap() {
            Map<String, String> map = new java.util.LinkedHashMap<>();
            forEach((name, values) -> map.put(name, values.get(0)));
            return map;
        }

        @Override
        public Set<Entry<String, List<String>>> entrySet() {
            Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            List<Entry<String, List<String>>> entries = new ArrayList<>();
            this.lines.forEach((name, value) -> {
                if (seen.add(name)) {
                    entries.add(Map.entry(name, this.lines.all(name)));
                }
            });
            return new AbstractSet<>() {

                @Override
                public Iterator<Entry<String, List<String>>> iterator() {
                    return Collections.unmodifiableList(entries).iterator();
                }

                @Override
                public int size() {
                    return entries.size();
                }

            };
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

}
