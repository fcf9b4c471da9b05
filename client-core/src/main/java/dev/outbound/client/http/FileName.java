package dev.outbound.client.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The name for a file that a server suggests. It must not be able to choose where the
 * file goes (curl's CVE-2020-8177 and CVE-2016-0754), on any system.
 */
final class FileName {

    /** Of most file systems. */
    private static final int MAX_BYTES = 255;

    /** What is kept of a name that is too long. */
    private static final int MAX_EXTENSION = 16;

    private static final Pattern FORBIDDEN = Pattern.compile("[<>:\"|?*]");

    /** Controls, what changes the direction of text, halves of characters. */
    private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\ufffd]");

    /** Names that Windows gives to devices, whatever stands behind a dot. */
    private static final Pattern DEVICE = Pattern
        .compile("(?i)(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\\s*(\\..*)?");

    private FileName() {
    }

    static @Nullable String of(FieldLines fields) {
        String value = fields.first("Content-Disposition");
        if (value == null) {
            return null;
        }
        Map<String, String> plain = ContentTypeParameters.of(value);
        String extended = extended(plain.get("filename*"));
        String name = (extended != null) ? harmless(extended) : null;
        if (name == null) {
            // Many servers write UTF-8 there, which is not for headers.
            String written = ContentTypeParameters.of(String.valueOf(fields.decoded().first("Content-Disposition")))
                .get("filename");
            name = (written != null) ? harmless(written) : null;
        }
        return name;
    }

    /** The form of RFC 8187: {@code UTF-8'en'%e2%82%ac%20rates}. */
    private static @Nullable String extended(@Nullable String value) {
        String[] parts = (value != null) ? value.split("'", 3) : new String[0];
        if (parts.length < 3) {
            return null;
        }
        Charset charset = parts[0].equalsIgnoreCase("UTF-8") ? StandardCharsets.UTF_8
                : parts[0].equalsIgnoreCase("ISO-8859-1") ? StandardCharsets.ISO_8859_1 : null;
        try {
            return (charset != null) ? StringUtils.uriDecode(parts[2], charset) : null;
        }
        catch (IllegalArgumentException ex) {
            return null;
        }
    }

    /** Return what is left of a name, or {@code null} where nothing is. */
    private static @Nullable String harmless(String name) {
        String leaf = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        leaf = FORBIDDEN.matcher(HIDDEN.matcher(leaf).replaceAll("")).replaceAll("_");
        leaf = stripped(leaf);
        if (DEVICE.matcher(leaf).matches()) {
            leaf = "_" + leaf;
        }
        leaf = stripped(shortened(leaf));
        return leaf.isEmpty() ? null : leaf;
    }

    /** Without the dots and spaces that hide a file, or that Windows takes away. */
    private static String stripped(String name) {
        int start = 0;
        int end = name.length();
        while (start < end && isDotOrSpace(name.charAt(start))) {
            start++;
        }
        while (end > start && isDotOrSpace(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(start, end);
    }

    private static boolean isDotOrSpace(char c) {
        return c == '.' || Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static String shortened(String name) {
        if (size(name) <= MAX_BYTES) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String extension = (dot > 0 && size(name.substring(dot)) <= MAX_EXTENSION) ? name.substring(dot) : "";
        String stem = name.substring(0, name.length() - extension.length());
        StringBuilder kept = new StringBuilder();
        int room = MAX_BYTES - size(extension);
        for (int i = 0; i < stem.length();) {
            String character = Character.toString(stem.codePointAt(i));
            room -= size(character);
            if (room < 0) {
                break;
            }
            kept.append(character);
            i += character.length();
        }
        return kept.append(extension).toString();
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

}
