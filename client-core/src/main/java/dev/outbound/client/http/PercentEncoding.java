package dev.outbound.client.http;

import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding (RFC 3986, section 2.1) with capital digits over UTF-8.
 */
final class PercentEncoding {

    private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();

    private PercentEncoding() {
    }

    /**
     * Encode the given characters and all that are not visible ASCII; an escape that is
     * there already is kept.
     */
    static String encode(String text, String escaped) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (c > ' ' && c < 0x7f && escaped.indexOf(c) < 0) {
                encoded.append((char) c);
            }
            else {
                append(encoded, text.substring(i, next));
            }
            i = next;
        }
        return encoded.toString();
    }

    /** Encode all but the unreserved characters (RFC 3986, section 2.3). */
    static String encodeStrictly(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!isUnreserved(value.charAt(i))) {
                StringBuilder encoded = new StringBuilder(value.length() + 16);
                for (int j = 0; j < value.length();) {
                    int c = value.codePointAt(j);
                    int next = j + Character.charCount(c);
                    if (c < 0x7f && isUnreserved((char) c)) {
                        encoded.append((char) c);
                    }
                    else {
                        append(encoded, value.substring(j, next));
                    }
                    j = next;
                }
                return encoded.toString();
            }
        }
        return value;
    }

    static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
                || c == '_' || c == '~';
    }

    private static void append(StringBuilder encoded, String character) {
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
            encoded.append('%').append(DIGITS[(b >> 4) & 0xf]).append(DIGITS[b & 0xf]);
        }
    }

}
