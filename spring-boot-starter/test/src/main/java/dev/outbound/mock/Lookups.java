package dev.outbound.mock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

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

    /**
     * A path with variables; each takes one segment, also where that contains an encoded
     * slash. Compared by its text.
     */
    record Template(String path, List<String> names, List<Pattern> segments) implements Lookup {

        private static final Pattern VARIABLE = Pattern.compile("\\{([^{}/]*)}");

        private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]*");

        static Template of(String path) {
            List<String> names = new ArrayList<>();
            Matcher matcher = VARIABLE.matcher(path);
            while (matcher.find()) {
                String name = matcher.group(1);
                if (!NAME.matcher(name).matches()) {
                    throw malformed(path, "'{" + name + "}' is not a variable: its name must be letters, digits, '_' "
                            + "and '-', and begin with a letter");
                }
                if (names.contains(name)) {
                    throw malformed(path, "a variable is named twice");
                }
                names.add(name);
            }
            String rest = VARIABLE.matcher(path).replaceAll("");
            if (rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0) {
                throw malformed(path, "a brace has no counterpart");
            }
            return new Template(path, List.copyOf(names), segments(path).map(Template::compile).toList());
        }

        private static IllegalArgumentException malformed(String path, String why) {
            return new IllegalArgumentException("'" + path + "' is not a path template: " + why
                    + ". Write /users/{id}, or use Lookup.equalTo for a path that contains braces");
        }

        private static Stream<String> segments(String path) {
            return Arrays.stream(path.split("/", -1));
        }

        private static Pattern compile(String segment) {
            StringBuilder expression = new StringBuilder();
            Matcher matcher = VARIABLE.matcher(segment);
            int end = 0;
            while (matcher.find()) {
                expression.append(Pattern.quote(segment.substring(end, matcher.start()))).append("(.+)");
                end = matcher.end();
            }
            return Pattern.compile(expression.append(Pattern.quote(segment.substring(end))).toString(), Pattern.DOTALL);
        }

        /** Compare a path that is still encoded. */
        @Override
        public boolean matches(String actual) {
            return values(actual) != null;
        }

        @Override
        public Map<String, String> variables(String actual) {
            Map<String, String> variables = new LinkedHashMap<>();
            List<String> values = values(actual);
            for (int i = 0; values != null && i < values.size(); i++) {
                variables.put(this.names.get(i), values.get(i));
            }
            return variables;
        }

        private @Nullable List<String> values(String actual) {
            List<String> segments = segments(actual).toList();
            if (segments.size() != this.segments.size()) {
                return null;
            }
            List<String> values = new ArrayList<>();
            for (int i = 0; i < segments.size(); i++) {
                Matcher matcher = this.segments.get(i)
                    .matcher(StringUtils.uriDecode(segments.get(i), StandardCharsets.UTF_8));
                if (!matcher.matches()) {
                    return null;
                }
                for (int group = 1; group <= matcher.groupCount(); group++) {
                    values.add(matcher.group(group));
                }
            }
            return values;
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
