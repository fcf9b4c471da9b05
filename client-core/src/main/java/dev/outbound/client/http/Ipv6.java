package dev.outbound.client.http;

/**
 * The text forms of IP addresses (RFC 3986, section 3.2.2), strictly: no leading zeros in
 * IPv4, no octal, hexadecimal or short forms.
 */
final class Ipv6 {

    private Ipv6() {
    }

    static boolean isAddress(String text) {
        int groups = 0;
        boolean compressed = false;
        int position = 0;
        if (text.startsWith("::")) {
            compressed = true;
            position = 2;
        }
        while (position < text.length()) {
            int end = text.indexOf(':', position);
            boolean last = end < 0;
            end = last ? text.length() : end;
            if (last && text.indexOf('.', position) >= 0) {
                groups += isIpv4(text, position, end) ? 2 : 9;
            }
            else {
                groups += isGroup(text, position, end) ? 1 : 9;
            }
            position = end + 1;
            if (!last && position < text.length() && text.charAt(position) == ':') {
                if (compressed) {
                    return false;
                }
                compressed = true;
                position++;
            }
            else if (!last && position == text.length()) {
                return false;
            }
        }
        return compressed ? groups <= 7 : groups == 8;
    }

    private static boolean isGroup(String text, int start, int end) {
        if (end == start || end - start > 4) {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F')) {
                return false;
            }
        }
        return true;
    }

    static boolean isIpv4(String text, int start, int end) {
        int numbers = 0;
        int position = start;
        while (position <= end) {
            int dot = text.indexOf('.', position);
            dot = (dot < 0 || dot > end) ? end : dot;
            if (++numbers > 4 || !isByte(text, position, dot)) {
                return false;
            }
            position = dot + 1;
        }
        return numbers == 4;
    }

    private static boolean isByte(String text, int start, int end) {
        int length = end - start;
        if (length < 1 || length > 3 || (length > 1 && text.charAt(start) == '0')) {
            return false;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            value = 10 * value + c - '0';
        }
        return value <= 255;
    }

}
