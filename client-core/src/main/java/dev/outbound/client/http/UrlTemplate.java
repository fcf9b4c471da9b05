package dev.outbound.client.http;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Puts values in the places of a URL's {@code {variables}}. Values are encoded strictly
 * (all but RFC 3986's unreserved characters) and never expanded again; a value that would
 * be a dot segment is refused.
 *
 * @since 0.1
 */
public final class UrlTemplate {

    private UrlTemplate() {
    }

    /**
     * Expand a template with values in the order of its variables.
     * @param template for example {@code /repos/{owner}/{name}}
     * @param values as many as there are variables
     * @return the text of the URL
     * @throws InvalidUrlException if the number of values is wrong, a value is
     * {@code null} or a dot segment, or a brace is not closed
     */
    public static String expand(String template, Object... values) {
        int[] next = { 0 };
        String expanded = expand(template, (Lookup) (name) -> {
            if (next[0] == values.length) {
                throw new InvalidUrlException("No value for variable {" + Text.escape(name, 60) + "} of "
                        + quote(template) + ": " + count(values.length));
            }
            return values[next[0]++];
        });
        if (next[0] < values.length) {
            throw new InvalidUrlException(quote(template) + " has only " + next[0] + " variable"
                    + ((next[0] == 1) ? "" : "s") + ", but " + count(values.length));
        }
        return expanded;
    }

    private static String count(int values) {
        return (values == 1) ? "1 value was given" : values + " values were given";
    }

    /**
     * Expand a template with named values.
     * @param template for example {@code /repos/{owner}/{name}}
     * @param values one for each variable, and no other
     * @return the text of the URL
     * @throws InvalidUrlException if a value is missing, unknown, {@code null} or a dot
     * segment, or a brace is not closed
     */
    public static String expand(String template, Map<String, ?> values) {
        Set<String> unused = new LinkedHashSet<>(values.keySet());
        String expanded = expand(template, (Lookup) (name) -> {
            if (!values.containsKey(name)) {
                throw new InvalidUrlException(
                        "No value for variable {" + Text.escape(name, 60) + "} of " + quote(template));
            }
            unused.remove(name);
            return values.get(name);
        });
        if (!unused.isEmpty()) {
            throw new InvalidUrlException(quote(template) + " has no variable " + Text.escape(unused.toString(), 200));
        }
        return expanded;
    }

    private static String expand(String template, Lookup lookup) {
        StringBuilder expanded = new StringBuilder(template.length() + 32);
        int position = 0;
        int empty = 0;
        while (position < template.length()) {
            int open = template.indexOf('{', position);
            if (open < 0) {
                break;
            }
            int close = template.indexOf('}', open);
            if (close < 0) {
                throw new InvalidUrlException(quote(template) + " has a '{' without a '}'");
            }
            String name = template.substring(open + 1, close);
            Object value = lookup.value(name);
            if (value == null) {
                throw new InvalidUrlException(variable(name, template) + " is null");
            }
            String text = value.toString();
            if (text.equals(".") || text.equals("..")) {
                throw new InvalidUrlException(
                        variable(name, template) + " is '" + text + "', which would change the path");
            }
            empty += text.isEmpty() ? 1 : 0;
            expanded.append(template, position, open).append(PercentEncoding.encodeStrictly(text));
            position = close + 1;
        }
        String text = expanded.append(template, position, template.length()).toString();
        if (empty > 0 && hasDotSegment(text) && !hasDotSegment(template)) {
            // Such as '.{a}./x' with an empty value.
            throw new InvalidUrlException(
                    "The empty values of " + quote(template) + " leave a '.' or '..' in the path");
        }
        return text;
    }

    private static boolean hasDotSegment(String url) {
        for (String segment : url.split("[?#]", 2)[0].split("/")) {
            if (segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static String variable(String name, String template) {
        return "The value of variable {" + Text.escape(name, 60) + "} of " + quote(template);
    }

    private static String quote(String template) {
        return "'" + Text.escape(template, 200) + "'";
    }

    private interface Lookup {

        @org.jspecify.annotations.Nullable
        Object value(String name);

    }

}
