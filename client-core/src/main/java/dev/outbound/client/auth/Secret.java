package dev.outbound.client.auth;

import java.util.Locale;

import org.springframework.util.Assert;

/**
 * Checks secrets before anything is made of them. No message shows any part of one: a
 * line feed at the end of a mounted file must not print the password in front of it.
 */
final class Secret {

    private Secret() {
    }

    /** Refuse control characters. */
    static String withoutControls(String what, String value) {
        Assert.notNull(value, () -> what + " must not be null");
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                throw refused(what, value, i);
            }
        }
        return value;
    }

    /** Refuse all but visible ASCII, which is what a header can carry in one word. */
    static String word(String what, String value) {
        Assert.hasLength(value, () -> what + " must not be empty");
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) <= ' ' || value.charAt(i) > '~') {
                throw refused(what, value, i);
            }
        }
        return value;
    }

    private static IllegalArgumentException refused(String what, String value, int index) {
        char c = value.charAt(index);
        String name = switch (c) {
            case '\n' -> "a line feed";
            case '\r' -> "a carriage return";
            case '\t' -> "a tab";
            case ' ' -> "a space";
            default -> (c < ' ' || c > '~') ? String.format(Locale.ROOT, "U+%04X", (int) c) : "a character";
        };
        return new IllegalArgumentException(what + " contains " + name + " at position " + index + " of "
                + value.length() + ", which is not allowed");
    }

}
