package dev.outbound.client.http;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How the text of a body is encoded, as its {@code Content-Type} says it: a character set
 * that this JVM knows.
 *
 * @param label the name in lower case, as it was given
 * @param charset what it stands for
 */
record TextEncoding(String label, Charset charset) {

    /**
     * Return what the content type names, or {@code null} where that is nothing known.
     */
    static @Nullable TextEncoding of(@Nullable String contentType) {
        String label = label(contentType);
        return (label != null) ? named(label) : null;
    }

    /** Return what the content type names, known or not; {@code null} for nothing. */
    static @Nullable String label(@Nullable String contentType) {
        // Parsing is for the few responses that name one.
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).contains("charset")) {
            return null;
        }
        String label = ContentTypeParameters.of(contentType).get("charset");
        return (label != null) ? label.toLowerCase(Locale.ROOT) : null;
    }

    /** Return the encoding of that name, or {@code null}. */
    static @Nullable TextEncoding named(String label) {
        Charset charset = find(label);
        if (charset == null && !label.isEmpty()) {
            charset = Spellings.CHARSETS.get(letters(label));
        }
        return (charset != null) ? new TextEncoding(label.toLowerCase(Locale.ROOT), charset) : null;
    }

    private static @Nullable Charset find(String label) {
        try {
            return label.isEmpty() ? null : Charset.forName(label);
        }
        catch (IllegalCharsetNameException | UnsupportedCharsetException ex) {
            return null;
        }
    }

    private static String letters(String label) {
        StringBuilder letters = new StringBuilder(label.length());
        for (int i = 0; i < label.length() && i < 60; i++) {
            char c = Character.toLowerCase(label.charAt(i));
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                letters.append(c);
            }
        }
        return letters.toString();
    }

    /** Names with other hyphens than the JVM's: {@code latin-1}, {@code utf-16-be}. */
    private static final class Spellings {

        static final Map<String, Charset> CHARSETS = new HashMap<>();

        static {
            Charset.availableCharsets().values().forEach((charset) -> {
                CHARSETS.putIfAbsent(letters(charset.name()), charset);
                charset.aliases().forEach((alias) -> CHARSETS.putIfAbsent(letters(alias), charset));
            });
        }

        private Spellings() {
        }

    }

}
