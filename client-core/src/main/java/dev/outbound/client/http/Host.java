package dev.outbound.client.http;

import java.util.Locale;

/**
 * Brings the host of a URL to the form that is looked up, compared and sent.
 */
final class Host {

    /**
     * What HTTPX escapes in a name of ASCII characters. No such name can be looked up.
     */
    private static final String ESCAPED = " #<>?/@[]^:";

    private Host() {
    }

    static String normalize(String text) {
        if (text.isEmpty()) {
            return "";
        }
        if (text.startsWith("[")) {
            return address(text);
        }
        // The URL standard reads it as a slash, which would end the host (CVE-2016-8624
        // and others).
        if (text.indexOf('\\') >= 0) {
            throw UrlBuilder.invalid("host", "a backslash is not allowed");
        }
        if (looksLikeAddress(text)) {
            if (!Ipv6.isIpv4(text, 0, text.length())) {
                throw UrlBuilder.invalid("host", "'" + text + "' is not an IPv4 address");
            }
            return text;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length(); i++) {
            if (lower.charAt(i) > 0x7f) {
                return Idna.toAscii(lower);
            }
        }
        Idna.checkEncoded(lower);
        return PercentEncoding.encode(lower, ESCAPED);
    }

    private static String address(String text) {
        String address = text.endsWith("]") ? text.substring(1, text.length() - 1) : "";
        int zone = address.indexOf('%');
        if (!Ipv6.isAddress((zone >= 0) ? address.substring(0, zone) : address)
                || (zone >= 0 && !isZone(address.substring(zone)))) {
            throw UrlBuilder.invalid("host", "'" + Text.escape(text, 60) + "' is not an IPv6 address");
        }
        return (zone >= 0) ? address.substring(0, zone).toLowerCase(Locale.ROOT) + address.substring(zone)
                : address.toLowerCase(Locale.ROOT);
    }

    /** RFC 6874: a zone is written with an encoded percent sign. */
    private static boolean isZone(String zone) {
        if (!zone.startsWith("%25") || zone.length() == 3) {
            return false;
        }
        for (int i = 3; i < zone.length(); i++) {
            if (!PercentEncoding.isUnreserved(zone.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean looksLikeAddress(String text) {
        int dots = 0;
        char previous = '.';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c != '.' || previous == '.')) {
                return false;
            }
            dots += (c == '.') ? 1 : 0;
            previous = c;
        }
        return dots == 3 && previous != '.';
    }

    /**
     * Return whether the host is one that can be looked up: an address, or a name of
     * letters, digits, hyphens, underscores and dots.
     */
    static boolean isSendable(String host) {
        if (host.isEmpty() || host.indexOf(':') >= 0) {
            return !host.isEmpty();
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!PercentEncoding.isUnreserved(c) || c == '~') {
                return false;
            }
        }
        return true;
    }

}
