package dev.outbound.client.http;

import java.util.Locale;

/**
 * Makes text of unknown origin fit for a message or a log line.
 */
final class Text {

    private Text() {
    }

    /** Cut to a length, and escape what could forge a line or steer a terminal. */
    static String escape(String text, int limit) {
        StringBuilder escaped = new StringBuilder(Math.min(text.length(), limit) + 8);
        for (int i = 0; i < text.length() && i < limit; i++) {
            char c = text.charAt(i);
            if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029
                    || Character.getType(c) == Character.FORMAT || isHalf(text, i, limit)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
            else {
                escaped.append(c);
            }
        }
        return (text.length() > limit) ? escaped.append('…').toString() : escaped.toString();
    }

    /** Whether the character is half of a pair, or the limit would make it one. */
    private static boolean isHalf(String text, int i, int limit) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 >= Math.min(text.length(), limit) || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    static String describe(char c) {
        return switch (c) {
            case '\r' -> "a carriage return";
            case '\n' -> "a line feed";
            case '\t' -> "a tab";
            case ' ' -> "a space";
            default -> (c > ' ' && c < 0x7f) ? "'" + c + "'" : String.format(Locale.ROOT, "U+%04X", (int) c);
        };
    }

}
