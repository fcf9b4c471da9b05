package dev.outbound.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.io.Resource;

/**
 * A value that YAML reads otherwise than it is written, because it has no quotes:
 * {@code yes} is a boolean, {@code 010} an octal number, and {@code 1.10} the number 1.1.
 */
final class YamlScalar {

    private static final Pattern WORD = Pattern.compile("[^\\s,#\\[\\]{}\"']+");

    private YamlScalar() {
    }

    /** Tell of a header or parameter that would be sent as something else. */
    static void check(RawProperty property, Schema.Match match, Problems problems) {
        Object raw = property.raw();
        if (raw instanceof Boolean || raw instanceof Number) {
            String written = written(property.value().origin());
            if (written != null && !written.equals(raw.toString())) {
                boolean secret = ShownValue.isSecret(property.value().property());
                String read = (raw instanceof Boolean) ? "boolean" : "number";
                problems.warn(property.value(),
                        match.entry() + " was read as a YAML " + read + (secret ? "" : ", " + raw)
                                + "; it would be sent as that is written.",
                        "Quote the value" + (secret ? "." : ": \"" + ShownValue.escape(written) + "\"."));
            }
        }
    }

    private static @Nullable String written(@Nullable Origin origin) {
        Origin place = (origin instanceof PropertySourceOrigin source) ? source.getOrigin() : origin;
        if (!(place instanceof TextResourceOrigin text) || text.getLocation() == null || text.getResource() == null) {
            return null;
        }
        List<String> lines = lines(text.getResource());
        int line = text.getLocation().getLine();
        int column = text.getLocation().getColumn();
        if (line >= lines.size() || column >= lines.get(line).length()) {
            return null;
        }
        Matcher word = WORD.matcher(lines.get(line)).region(column, lines.get(line).length());
        return word.lookingAt() ? word.group() : null;
    }

    private static List<String> lines(Resource resource) {
        try {
            return resource.getContentAsString(StandardCharsets.UTF_8).lines().toList();
        }
        catch (IOException ex) {
            // What cannot be read a second time is taken as it is
            return List.of();
        }
    }

}
