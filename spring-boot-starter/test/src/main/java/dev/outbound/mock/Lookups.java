package dev.outbound.mock;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The lookups that come with the router. As records they are equal when they mean the
 * same.
 */
final class Lookups {

    private Lookups() {
    }

    /** Return a lookup that asks for the same in lower case. */
    static Lookup lowerCase(Lookup lookup) {
        if (lookup instanceof EqualTo equalTo) {
            return new EqualTo(equalTo.text.toLowerCase(Locale.ROOT));
        }
        if (lookup instanceof In in) {
            return new In(in.texts.stream().map((text) -> text.toLowerCase(Locale.ROOT)).toList());
        }
        return lookup;
    }

    record EqualTo(String text) implements Lookup {

        @Override
        public boolean matches(String actual) {
            return actual.equals(this.text);
        }

        @Override
        public String toString() {
            return this.text.isEmpty() ? "\"\"" : this.text;
        }

    }

    record Containing(String text) implements Lookup {

        @Override
        public boolean matches(String actual) {
            return actual.contains(this.text);
        }

        @Override
        public String toString() {
            return "containing " + this.text;
        }

    }

    record StartingWith(String text) implements Lookup {

        @Override
        public boolean matches(String actual) {
            return actual.startsWith(this.text);
        }

        @Override
        public String toString() {
            return "starting with " + this.text;
        }

    }

    record In(List<String> texts) implements Lookup {

        @Override
        public boolean matches(String actual) {
            return this.texts.contains(actual);
        }

        @Override
        public String toString() {
            return this.texts.stream().collect(Collectors.joining(", ", "one of ", ""));
        }

    }

    /** Compared by its text, for compiled expressions have no equality. */
    record Matching(String expression, int flags, Pattern pattern) implements Lookup {

        static Matching of(String expression, int flags) {
            try {
                return new Matching(expression, flags, Pattern.compile(expression, flags));
            }
            catch (PatternSyntaxException ex) {
                throw new IllegalArgumentException("'" + expression + "' is not a regular expression: "
                        + ex.getDescription() + " at position " + ex.getIndex() + ". Quote what is meant literally, "
                        + "or use Lookup.equalTo, containing or startingWith", ex);
            }
        }

        @Override
        public boolean matches(String actual) {
            return this.pattern.matcher(actual).find();
        }

        @Override
        public Map<String, String> variables(String actual) {
            Matcher matcher = this.pattern.matcher(actual);
            return matcher.find() ? groups(this.expression, matcher) : Map.of();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Matching matching && this.expression.equals(matching.expression)
                    && this.flags == matching.flags;
        }

        @Override
        public int hashCode() {
            return this.expression.hashCode() + this.flags;
        }

        @Override
        public String toString() {
            return "matching /" + this.expression + "/";
        }

    }

    /** A path with variables; each takes one segment. Compared by its text. */
    record Template(String path, Pattern pattern) implements Lookup {

        private static final Pattern VARIABLE = Pattern.compile("\\{([^{}/]*)}");

        private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9]*");

        static Template of(String path) {
            Matcher matcher = VARIABLE.matcher(path);
            while (matcher.find()) {
                if (!NAME.matcher(matcher.group(1)).matches()) {
                    throw malformed(path, "'{" + matcher.group(1)
                            + "}' is not a variable: its name must be letters and digits, and begin with a letter");
                }
            }
            String rest = VARIABLE.matcher(path).replaceAll("");
            if (rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0) {
                throw malformed(path, "a brace has no counterpart");
            }
            try {
                return new Template(path, compile(path));
            }
            catch (PatternSyntaxException ex) {
                throw malformed(path, "a variable is named twice");
            }
        }

        private static IllegalArgumentException malformed(String path, String why) {
            return new IllegalArgumentException("'" + path + "' is not a path template: " + why
                    + ". Write /users/{id}, or use Lookup.equalTo for a path that contains braces");
        }

        private static Pattern compile(String path) {
            StringBuilder expression = new StringBuilder();
            Matcher matcher = VARIABLE.matcher(path);
            int end = 0;
            while (matcher.find()) {
                expression.append(Pattern.quote(path.substring(end, matcher.start())))
                    .append("(?<")
                    .append(matcher.group(1))
                    .append(">[^/]+)");
                end = matcher.end();
            }
            return Pattern.compile(expression.append(Pattern.quote(path.substring(end))).toString());
        }

        @Override
        public boolean matches(String actual) {
            return this.pattern.matcher(actual).matches();
        }

        @Override
        public Map<String, String> variables(String actual) {
            Matcher matcher = this.pattern.matcher(actual);
            return matcher.matches() ? groups(this.pattern.pattern(), matcher) : Map.of();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Template template && this.path.equals(template.path);
        }

        @Override
        public int hashCode() {
            return this.path.hashCode();
        }

        @Override
        public String toString() {
            return this.path;
        }

    }

    enum Any implements Lookup {

        INSTANCE;

        @Override
        public boolean matches(String actual) {
            return true;
        }

        @Override
        public String toString() {
            return "anything";
        }

    }

    record Where(String description, Predicate<String> test) implements Lookup {

        @Override
        public boolean matches(String actual) {
            return this.test.test(actual);
        }

        @Override
        public String toString() {
            return this.description;
        }

    }

    private static final Pattern GROUP = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");

    /** Java 17 does not tell the names of groups. */
    private static Map<String, String> groups(String expression, Matcher found) {
        Map<String, String> groups = new LinkedHashMap<>();
        Matcher names = GROUP.matcher(expression);
        while (names.find()) {
            String value = found.group(names.group(1));
            if (value != null) {
                groups.put(names.group(1), value);
            }
        }
        return groups;
    }

}
