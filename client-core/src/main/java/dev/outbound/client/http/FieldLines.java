package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;

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
     * Return the values of all lines of that name as one (RFC 9110, section 5.3). Not for
     * {@code Set-Cookie}, whose values have commas of their own.
     * @param name the name, in any case
     * @return the values, joined by a comma and a space, or {@code null}
     */
    public @Nullable String combined(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }

    /**
     * Return the elements of all lines of that name (RFC 9110, section 5.6.1): what
     * commas separate, but for commas in quotes.
     * @param name the name, in any case
     * @return the elements, trimmed and none of them empty
     */
    public List<String> elements(String name) {
        List<String> elements = new ArrayList<>();
        all(name).forEach((value) -> {
            int start = 0;
            boolean quoted = false;
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (quoted && c == '\\') {
                    i++;
                }
                else if (c == '"') {
                    quoted = !quoted;
                }
                else if (c == ',' && !quoted) {
                    addUnlessEmpty(elements, value.substring(start, i).trim());
                    start = i + 1;
                }
            }
            addUnlessEmpty(elements, value.substring(start).trim());
        });
        return elements;
    }

    private static void addUnlessEmpty(List<String> elements, String element) {
        if (!element.isEmpty()) {
            elements.add(element);
        }
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
     * Return the character set that the values of received lines were written in, as far
     * as can be told: UTF-8 when all of them fit, else ISO-8859-1, which is what they are
     * read as.
     * @return US-ASCII, UTF-8 or ISO-8859-1
     */
    public Charset charset() {
        boolean ascii = true;
        for (String text : this.lines) {
            for (int i = 0; i < text.length(); i++) {
                ascii &= text.charAt(i) < 0x80;
            }
        }
        if (ascii) {
            return StandardCharsets.US_ASCII;
        }
        for (String text : this.lines) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
            }
            catch (CharacterCodingException ex) {
                return StandardCharsets.ISO_8859_1;
            }
        }
        return StandardCharsets.UTF_8;
    }

    /**
     * Return received lines with their values in the character set they were written in.
     * For reading only: values beyond ISO-8859-1 cannot be sent.
     * @return other lines where that is UTF-8, else these
     * @see #charset()
     */
    public FieldLines decoded() {
        return charset().equals(StandardCharsets.UTF_8) ? mapped(
                (name, value) -> new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                : this;
    }

    /**
     * Return these lines for a log: values of names that carry credentials are masked.
     * @return other lines
     */
    public FieldLines masked() {
        return mapped((name, value) -> Secrets.isSecretHeader(name) ? Secrets.MASK : value);
    }

    private FieldLines mapped(BinaryOperator<String> value) {
        String[] lines = this.lines.clone();
        for (int i = 0; i < lines.length; i += 2) {
            lines[i + 1] = value.apply(lines[i], lines[i + 1]);
        }
        return new FieldLines(lines);
    }

    /**
     * Return a read-only view as Spring's headers.
     * @return the view, always the same
     */
    public HttpHeaders asHttpHeaders() {
        HttpHeaders view = this.view;
        if (view == null) {
            view = HttpHeaders.readOnlyHttpHeaders(new HttpHeaders(new HeadersView(this)));
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
        masked().forEach((name, value) -> text.append((text.length() > 1) ? ", " : "")
            .append(Text.escape(name, 100))
            .append(": ")
            .append(Text.escape(value, 200)));
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
                this.lines = Arrays.copyOf(this.lines, Math.max(8, 2 * this.length));
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
            String[] lines = (this.length == this.lines.length) ? this.lines : Arrays.copyOf(this.lines, this.length);
            this.lines = new String[0];
            this.length = 0;
            return new FieldLines(lines);
        }

    }

}
