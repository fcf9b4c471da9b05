package dev.outbound.client.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding (RFC 3986, section 2.1) with capital digits over UTF-8.
 */
final class PercentEncoding {

    private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();

    private PercentEncoding() {
    }

    /**
     * Encode the given characters and all that are not visible ASCII. A percent sign
     * stays, so that what is encoded is not encoded again.
     */
    static String encode(String text, String escaped) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (!isPlain(text.charAt(i), escaped)) {
                return encodeFrom(i, text, escaped);
            }
        }
        return text;
    }

    private static String encodeFrom(int first, String text, String escaped) {
        StringBuilder encoded = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length();) {
            int c = text.codePointAt(i);
            if (c < 0x7f && isPlain((char) c, escaped)) {
                encoded.append((char) c);
            }
            else {
                append(encoded, c);
            }
            i += Character.charCount(c);
        }
        return encoded.toString();
    }

    private static boolean isPlain(char c, String escaped) {
        return c > ' ' && c < 0x7f && escaped.indexOf(c) < 0;
    }

    /** Encode all but the unreserved characters (RFC 3986, section 2.3). */
    static String encodeStrictly(String value) {
        return encodeStrictly(value, false);
    }

    /** Encode as {@code application/x-www-form-urlencoded}, the way HTTPX does it. */
    static String encodeForm(String value) {
        return encodeStrictly(value, true);
    }

    private static String encodeStrictly(String value, boolean plusForSpace) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            if (!isUnreserved(value.charAt(i))) {
                return encodeStrictlyFrom(i, value, plusForSpace);
            }
        }
        return value;
    }

    private static String encodeStrictlyFrom(int first, String value, boolean plusForSpace) {
        StringBuilder encoded = new StringBuilder(value.length() + 16).append(value, 0, first);
        for (int i = first; i < value.length();) {
            int c = value.codePointAt(i);
            if (c < 0x7f && isUnreserved((char) c)) {
                encoded.append((char) c);
            }
            else if (c == ' ' && plusForSpace) {
                encoded.append('+');
            }
            else {
                append(encoded, c);
            }
            i += Character.charCount(c);
        }
        return encoded.toString();
    }

    static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
                || c == '_' || c == '~';
    }

    private static void append(StringBuilder encoded, int character) {
        if (character < 0x80) {
            append(encoded, (byte) character);
            return;
        }
        // Half a surrogate pair has no UTF-8; URLs take U+FFFD for it (WHATWG Infra,
        // "scalar value string").
        boolean half = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
        for (byte b : Character.toString(half ? 0xfffd : character).getBytes(StandardCharsets.UTF_8)) {
            append(encoded, b);
        }
    }

    private static void append(StringBuilder encoded, byte b) {
        encoded.append('%').append(DIGITS[(b >> 4) & 0xf]).append(DIGITS[b & 0xf]);
    }

    /**
     * Decode what is encoded. Bytes that are not UTF-8 become U+FFFD; a percent sign that
     * two digits do not follow stays.
     */
    static String decode(String text) {
        return (text.indexOf('%') < 0) ? text : decode(text, false);
    }

    /** Decode {@code application/x-www-form-urlencoded}. */
    static String decodeForm(String text) {
        return (text.indexOf('%') < 0 && text.indexOf('+') < 0) ? text : decode(text, true);
    }

    private static String decode(String text, boolean plusForSpace) {
        StringBuilder decoded = new StringBuilder(text.length());
        ByteBuffer bytes = ByteBuffer.allocate(text.length() / 3 + 1);
        int i = 0;
        while (i < text.length()) {
            int high = (text.charAt(i) == '%' && i + 2 < text.length()) ? digit(text.charAt(i + 1)) : -1;
            int low = (high >= 0) ? digit(text.charAt(i + 2)) : -1;
            if (low >= 0) {
                bytes.put((byte) (high << 4 | low));
                i += 3;
            }
            else {
                flush(bytes, decoded);
                char c = text.charAt(i++);
                decoded.append((plusForSpace && c == '+') ? ' ' : c);
            }
        }
        flush(bytes, decoded);
        return decoded.toString();
    }

    private static int digit(char c) {
        return (c < 0x80) ? Character.digit(c, 16) : -1;
    }

    private static void flush(ByteBuffer bytes, StringBuilder decoded) {
        if (bytes.position() > 0) {
            decoded.append(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
            bytes.clear();
        }
    }

}
