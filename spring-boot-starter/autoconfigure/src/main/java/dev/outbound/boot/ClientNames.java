package dev.outbound.boot;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;

/**
 * Collects the names of clients as they are written, and tells which of them are good.
 */
final class ClientNames {

    private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private static final Set<String> RESERVED = Set.of("default", "defaults");

    /** Where each name was met first, by the form in which names are compared. */
    private final Map<String, Map<String, ConfiguredValue>> names = new LinkedHashMap<>();

    void add(String name, ConfiguredValue value) {
        this.names.computeIfAbsent(PropertyPath.uniform(name), (uniform) -> new LinkedHashMap<>())
            .putIfAbsent(name, value);
    }

    /** Return the good names in order, and report the others. */
    Set<String> check(Problems problems) {
        Set<String> good = new TreeSet<>();
        for (Map<String, ConfiguredValue> spellings : this.names.values()) {
            List<String> names = new ArrayList<>(spellings.keySet());
            if (names.size() > 1) {
                sameName(names, spellings, problems);
            }
            else if (check(names.get(0), spellings.get(names.get(0)), problems)) {
                good.add(names.get(0));
            }
        }
        return good;
    }

    private static boolean check(String name, @Nullable ConfiguredValue value, Problems problems) {
        Origin origin = (value != null) ? value.origin() : null;
        if (RESERVED.contains(name)) {
            problems.fail("outbound.clients." + name, origin,
                    ValueParser.quoted(name) + " is reserved for `outbound.defaults`.", "Choose another name.");
            return false;
        }
        if (!VALID.matcher(name).matches()) {
            invalid(name, origin, problems);
            return false;
        }
        return true;
    }

    static void invalid(String name, @Nullable Origin origin, Problems problems) {
        problems.fail("outbound.clients." + ShownValue.escape(name), origin, ValueParser.quoted(name)
                + " is not a valid client name. Allowed: a-z, 0-9 and \"-\", starting with a letter, at most 63 characters.",
                "Rename it, for example \"" + valid(name) + "\".");
    }

    private static String valid(String name) {
        String ascii = Normalizer.normalize(name, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
        String dashed = ascii.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
        String valid = dashed.matches("[a-z].*") ? dashed : "client" + (dashed.isEmpty() ? "" : "-" + dashed);
        return (valid.length() > 63) ? valid.substring(0, 63) : valid;
    }

    private static void sameName(List<String> names, Map<String, ConfiguredValue> spellings, Problems problems) {
        ConfiguredValue second = spellings.get(names.get(1));
        problems.fail("outbound.clients." + names.get(1), (second != null) ? second.origin() : null,
                "Two clients have the same name after relaxed binding: " + ValueParser.quoted(names.get(0)) + " and "
                        + ValueParser.quoted(names.get(1)) + lines(spellings.get(names.get(0)), second)
                        + ". Their properties would be mixed.",
                "Keep one of them, or choose names that differ in letters or digits.");
    }

    private static String lines(@Nullable ConfiguredValue first, @Nullable ConfiguredValue second) {
        Integer line = line(first);
        Integer otherLine = line(second);
        return (line != null && otherLine != null) ? " (lines " + line + " and " + otherLine + ")" : "";
    }

    private static @Nullable Integer line(@Nullable ConfiguredValue value) {
        Origin origin = (value != null) ? value.origin() : null;
        if (origin instanceof PropertySourceOrigin source && source.getOrigin() != null) {
            origin = source.getOrigin();
        }
        TextResourceOrigin.Location location = (origin instanceof TextResourceOrigin text) ? text.getLocation() : null;
        return (location != null) ? location.getLine() + 1 : null;
    }

}
