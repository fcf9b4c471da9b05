package dev.outbound.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The name of a property, split at its dots and brackets and otherwise as it is written:
 * Spring Boot's own {@code ConfigurationPropertyName} drops the characters that a client
 * or header name must not have, so that they could not be reported.
 *
 * @param elements the parts in order
 * @param index the index at the end, or {@code null} if it is not that of a list element
 */
record PropertyPath(List<String> elements, @Nullable Integer index) {

    static PropertyPath of(String name) {
        List<String> elements = new ArrayList<>();
        Integer index = null;
        int start = 0;
        int depth = 0;
        for (int i = 0; i <= name.length(); i++) {
            char c = (i < name.length()) ? name.charAt(i) : '.';
            boolean end = i == name.length() || (depth == 0 && (c == '.' || c == '[')) || (depth == 1 && c == ']');
            if (end) {
                boolean bracket = c == ']';
                String element = name.substring(start, i);
                if (index != null && (bracket || !element.isEmpty())) {
                    elements.add(index.toString());
                    index = null;
                }
                if (bracket && isIndex(element)) {
                    index = Integer.valueOf(element);
                }
                else if (bracket || !element.isEmpty() || (i == name.length() && name.endsWith("."))) {
                    elements.add(element);
                }
                start = i + 1;
            }
            depth += (c == '[') ? 1 : (c == ']' && depth > 0) ? -1 : 0;
        }
        return new PropertyPath(List.copyOf(elements), index);
    }

    private static boolean isIndex(String text) {
        return !text.isEmpty() && text.length() < 7 && text.chars().allMatch((c) -> c >= '0' && c <= '9');
    }

    int size() {
        return this.elements.size();
    }

    String element(int position) {
        return this.elements.get(position);
    }

    boolean matches(int position, String element) {
        return position < size() && uniform(element(position)).equals(uniform(element));
    }

    /** The rest of this path, from a position on. */
    PropertyPath from(int position) {
        return new PropertyPath(this.elements.subList(position, size()), this.index);
    }

    /** The elements as one text. */
    String text() {
        return String.join(".", this.elements);
    }

    /** The elements and the index, as they are shown. */
    String shown() {
        return text() + ((this.index != null) ? "[" + this.index + "]" : "");
    }

    /** The elements as they are compared: {@code baseUrl} is {@code base-url}. */
    String uniform() {
        return this.elements.stream().map(PropertyPath::uniform).collect(Collectors.joining("."));
    }

    static String uniform(String element) {
        StringBuilder uniform = new StringBuilder(element.length());
        element.toLowerCase(Locale.ROOT)
            .chars()
            .filter(Character::isLetterOrDigit)
            .forEach((c) -> uniform.append((char) c));
        return uniform.toString();
    }

}
