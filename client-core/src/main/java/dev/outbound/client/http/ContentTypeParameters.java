package dev.outbound.client.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the parameters of a {@code Content-Type} as servers write it, also where it is
 * not one that {@code MediaType} takes.
 */
final class ContentTypeParameters {

    private ContentTypeParameters() {
    }

    /**
     * Return the parameters, names in lower case. Of equal names the first one counts. A
     * text that has no media type but parameters only is read all the same.
     */
    static Map<String, String> of(String contentType) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int start = 0;
        while (start <= contentType.length()) {
            int end = end(contentType, start);
            int equals = start;
            while (equals < end && contentType.charAt(equals) != '=') {
                equals++;
            }
            if (equals < end) {
                String name = contentType.substring(start, equals).trim().toLowerCase(Locale.ROOT);
                parameters.putIfAbsent(name, unquoted(contentType.substring(equals + 1, end).trim()));
            }
            start = end + 1;
        }
        return parameters;
    }

    /** Return where the next semicolon outside of quotes is, or the end. */
    private static int end(String text, int start) {
        boolean quoted = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            }
            else if (c == '"') {
                quoted = !quoted;
            }
            else if (c == ';' && !quoted) {
                return i;
            }
        }
        return text.length();
    }

    private static String unquoted(String value) {
        if (value.length() < 2 || value.charAt(0) != '"' || !value.endsWith("\"")) {
            return value;
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 1; i < value.length() - 1; i++) {
            if (value.charAt(i) == '\\' && i + 1 < value.length() - 1) {
                i++;
            }
            text.append(value.charAt(i));
        }
        return text.toString();
    }

}
