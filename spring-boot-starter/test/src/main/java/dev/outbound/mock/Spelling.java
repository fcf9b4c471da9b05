package dev.outbound.mock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Url;

/**
 * Reads patterns as respx spells them. The first lookup of a part is the one that holds
 * where none is named.
 */
final class Spelling {

    private static final Map<String, List<String>> LOOKUPS = new TreeMap<>(Map.ofEntries(
            Map.entry("method", List.of("eq", "in")), Map.entry("scheme", List.of("eq", "in")),
            Map.entry("host", List.of("eq", "regex", "in")), Map.entry("port", List.of("eq", "in")),
            Map.entry("path", List.of("eq", "regex", "startswith", "in")),
            Map.entry("params", List.of("contains", "eq")), Map.entry("url", List.of("eq", "regex", "startswith")),
            Map.entry("headers", List.of("contains", "eq")), Map.entry("cookies", List.of("contains", "eq")),
            Map.entry("content", List.of("eq", "contains")), Map.entry("data", List.of("eq", "contains")),
            Map.entry("files", List.of("contains", "eq")), Map.entry("json", List.of("eq"))));

    private static final List<String> ALL_LOOKUPS = List.of("eq", "in", "regex", "startswith", "contains");

    private Spelling() {
    }

    static RequestPattern pattern(Map<String, ? extends @Nullable Object> lookups) {
        boolean otherParams = lookups.keySet().stream().anyMatch((key) -> key.startsWith("params"));
        List<RequestPattern> patterns = new ArrayList<>();
        lookups.forEach((key, value) -> {
            RequestPattern pattern = pattern(key, value, !otherParams);
            patterns.add(key.equals("url") ? without(pattern, lookups.keySet()) : pattern);
        });
        return RequestPattern.allOf(patterns);
    }

    /** A part that is given beside the URL takes the place of what the URL has. */
    private static RequestPattern without(RequestPattern url, Set<String> keys) {
        return RequestPattern
            .allOf(Combined.conditions(url)
                .filter((condition) -> !(condition instanceof TextPattern text) || keys.stream()
                    .noneMatch((key) -> key.split("__")[0].equals(text.part().label())
                            && text.part() != TextPattern.Part.URL))
                .toList());
    }

    private static RequestPattern pattern(String key, @Nullable Object value, boolean exactQuery) {
        String[] words = key.split("__");
        String part = words[0];
        List<String> supported = LOOKUPS.get(part);
        if (supported == null) {
            throw new UnknownPatternException("'" + part + "' is no part of a request that can be compared, but "
                    + String.join(", ", LOOKUPS.keySet()) + " are");
        }
        if (part.equals("json")) {
            return json(List.of(words).subList(1, words.length), value);
        }
        if (words.length == 1 && part.equals("url")) {
            return (value instanceof Pattern expression) ? RequestPattern.url(regex(expression))
                    : UrlShorthand.parse(String.valueOf(value), exactQuery);
        }
        String lookup = (words.length > 1) ? words[1] : supported.get(0);
        if (words.length > 1 && value instanceof Pattern && !lookup.equals("regex")) {
            throw new IllegalArgumentException(
                    "'" + key + "' has an expression as its value; write " + part + "__regex");
        }
        check(part, lookup, supported);
        if (!lookup.equals("eq") && isEmpty(value)) {
            return RequestPattern.anything();
        }
        return pattern(part, lookup, value);
    }

    private static void check(String part, String lookup, List<String> supported) {
        if (!ALL_LOOKUPS.contains(lookup)) {
            throw new IllegalArgumentException(
                    "'" + lookup + "' is not a lookup, but " + String.join(", ", ALL_LOOKUPS) + " are");
        }
        if (!supported.contains(lookup)) {
            throw new UnsupportedLookupException("'" + part + "' cannot be compared with '" + lookup + "', but with "
                    + String.join(", ", supported));
        }
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null || value.equals("") || (value instanceof Map<?, ?> map && map.isEmpty())
                || (value instanceof Collection<?> collection && collection.isEmpty())
                || (value instanceof byte[] bytes && bytes.length == 0);
    }

    private static RequestPattern pattern(String part, String lookup, @Nullable Object value) {
        return switch (part) {
            case "method" -> RequestPattern.method(text(lookup, upperCase(value)));
            case "scheme" -> RequestPattern.scheme(text(lookup, value));
            case "host" -> RequestPattern.host(text(lookup, value));
            case "port" -> new TextPattern(TextPattern.Part.PORT, text(lookup, value));
            case "path" -> RequestPattern.path(text(lookup, path(lookup, value)));
            case "url" -> RequestPattern.url(text(lookup, value));
            case "params" -> multi(MultiPattern.Part.PARAMS, lookup, params(value));
            case "headers" -> multi(MultiPattern.Part.HEADERS, lookup, value);
            case "cookies" -> multi(MultiPattern.Part.COOKIES, lookup, value);
            case "data" -> multi(MultiPattern.Part.FORM, lookup, value);
            case "files" -> new FilePattern(files(value), lookup.equals("eq"));
            case "content" -> ContentPattern.of(bytes(value), lookup.equals("contains"));
            default -> throw new IllegalStateException("No reader for " + part);
        };
    }

    private static Lookup text(String lookup, @Nullable Object value) {
        return switch (lookup) {
            case "in" -> Lookup.in(texts(value));
            case "regex" ->
                (value instanceof Pattern expression) ? regex(expression) : Lookup.matching(String.valueOf(value));
            case "startswith" -> Lookup.startingWith(String.valueOf(value));
            default -> Lookup.equalTo((value != null) ? value.toString() : "");
        };
    }

    private static Lookup regex(Pattern expression) {
        return Lookups.Matching.of(expression.pattern(), expression.flags());
    }

    private static List<String> texts(@Nullable Object value) {
        if (value instanceof Iterable<?> several) {
            return StreamSupport.stream(several.spliterator(), false).<String>map(String::valueOf).toList();
        }
        return List.of(String.valueOf(value));
    }

    private static Object upperCase(@Nullable Object value) {
        return (value instanceof Iterable<?>)
                ? texts(value).stream().map((text) -> text.toUpperCase(Locale.ROOT)).toList()
                : String.valueOf(value).toUpperCase(Locale.ROOT);
    }

    /** With a slash, and without dot segments. */
    private static @Nullable Object path(String lookup, @Nullable Object value) {
        if (!lookup.equals("eq") && !lookup.equals("startswith")) {
            return value;
        }
        String path = String.valueOf(value);
        String absolute = path.startsWith("/") ? path : "/" + path;
        boolean dots = absolute.contains("/.");
        return dots ? Url.parse("/").resolve(Url.parse(absolute)).decodedPath() : absolute;
    }

    private static @Nullable Object params(@Nullable Object value) {
        if (!(value instanceof String text)) {
            return value;
        }
        QueryParams params = QueryParams.parse(text);
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        params.forEach((name, one) -> pairs.add(Map.entry(name, one)));
        return pairs;
    }

    private static RequestPattern multi(MultiPattern.Part part, String lookup, @Nullable Object value) {
        return MultiPattern.of(part, map(value), lookup.equals("eq"));
    }

    /** Of a map, or of a list of pairs. */
    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> values) {
            values.forEach((name, one) -> map.put(String.valueOf(name), one));
        }
        else if (value instanceof Iterable<?> pairs) {
            for (Object pair : pairs) {
                if (pair instanceof Map.Entry<?, ?> entry) {
                    add(map, String.valueOf(entry.getKey()), entry.getValue());
                }
            }
        }
        else if (value != null) {
            throw new IllegalArgumentException(
                    "Names and values are a map or a list of entries, and not " + value.getClass().getSimpleName());
        }
        return map;
    }

    private static void add(Map<String, @Nullable Object> map, String name, @Nullable Object value) {
        Object known = map.get(name);
        if (known instanceof List<?> list) {
            List<@Nullable Object> longer = new ArrayList<>(list);
            longer.add(value);
            map.put(name, longer);
        }
        else {
            List<@Nullable Object> list = new ArrayList<>();
            list.add(value);
            map.put(name, list);
        }
    }

    private static List<FilePattern.Expected> files(@Nullable Object value) {
        List<FilePattern.Expected> files = new ArrayList<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, file) -> files.add(file(String.valueOf(name), file)));
        }
        else if (value instanceof Iterable<?> pairs) {
            for (Object pair : pairs) {
                if (pair instanceof Map.Entry<?, ?> entry) {
                    files.add(file(String.valueOf(entry.getKey()), entry.getValue()));
                }
            }
        }
        return files;
    }

    /** Of its content alone, or of file name and content. */
    private static FilePattern.Expected file(String name, @Nullable Object file) {
        if (file instanceof List<?> list && list.size() >= 2) {
            return new FilePattern.Expected(name, content(list.get(0)), content(list.get(1)));
        }
        return new FilePattern.Expected(name, Lookup.any(), content(file));
    }

    private static Lookup content(@Nullable Object value) {
        return (value instanceof Lookup lookup) ? lookup
                : Lookup.equalTo(new String(bytes(value), StandardCharsets.UTF_8));
    }

    private static byte[] bytes(@Nullable Object value) {
        return (value instanceof byte[] bytes) ? bytes : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    }

    private static RequestPattern json(List<String> path, @Nullable Object value) {
        List<String> steps = (path.size() == 1 && path.get(0).equals("eq")) ? List.of() : path;
        return new JsonPattern(steps.isEmpty() ? "$" : "$." + String.join(".", steps), steps, Json.tree(value), false);
    }

}
