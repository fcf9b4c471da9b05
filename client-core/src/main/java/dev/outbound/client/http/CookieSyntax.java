package dev.outbound.client.http;

import java.util.Locale;

import org.springframework.util.Assert;

/**
 * Characters of cookies, and the matching of domains and paths (RFC 6265bis, sections 4.1
 * and 5.1).
 */
final class CookieSyntax {

    private CookieSyntax() {
    }

    static void checkName(String name) {
        Assert.hasLength(name, "cookie name must not be empty");
        for (int i = 0; i < name.length(); i++) {
            if (!FieldLines.isTokenCharacter(name.charAt(i))) {
                throw new IllegalArgumentException("'" + Text.escape(name, 60) + "' is not a cookie name: "
                        + Text.describe(name.charAt(i)) + " at position " + i + " is not allowed");
            }
        }
    }

    static void checkValue(String name, String value) {
        Assert.notNull(value, () -> "value of cookie " + name + " must not be null");
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        int end = quoted ? value.length() - 1 : value.length();
        for (int i = quoted ? 1 : 0; i < end; i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\') {
                throw new IllegalArgumentException("The value of cookie " + name + " cannot be sent: "
                        + Text.describe(c) + " at position " + i + " is not allowed; encode the value");
            }
        }
    }

    static void checkPath(String path) {
        Assert.notNull(path, "path must not be null");
        if (!path.startsWith("/") || path.chars().anyMatch((c) -> c < ' ' || c >= 0x7f || c == ';')) {
            throw new IllegalArgumentException("'" + Text.escape(path, 100)
                    + "' is not a path of a cookie: it must begin with a slash and be percent-encoded");
        }
    }

    /** The form that domains of cookies and hosts of URLs are compared in. */
    static String domain(String text) {
        String name = text.startsWith(".") ? text.substring(1) : text;
        boolean address = name.indexOf(':') >= 0 && !name.startsWith("[");
        try {
            Url url = Url.parse("http://" + (address ? "[" + name + "]" : name));
            if (url.host().matches("[a-z0-9._:-]+") && url.origin().equals(url.text())
                    && url.authority().endsWith(suffix(url))) {
                return host(url);
            }
        }
        catch (InvalidUrlException ex) {
            throw new IllegalArgumentException(
                    "'" + Text.escape(text, 100) + "' is not the domain of a cookie: " + ex.getMessage(), ex);
        }
        throw new IllegalArgumentException(
                "'" + Text.escape(text, 100) + "' is not the domain of a cookie; write a host alone");
    }

    private static String suffix(Url url) {
        return (url.host().indexOf(':') >= 0) ? url.host() + "]" : url.host();
    }

    /** A host with the dot of the root at its end is the same host. */
    static String host(Url url) {
        String host = url.host().toLowerCase(Locale.ROOT);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /**
     * Return whether the host is the domain or below it. Nothing is below an address.
     */
    static boolean domainMatches(String domain, String host) {
        if (host.equals(domain)) {
            return true;
        }
        int dot = host.length() - domain.length() - 1;
        return dot > 0 && host.charAt(dot) == '.' && host.endsWith(domain) && !isAddress(host);
    }

    /**
     * Return whether the host is an IP address: as in the URL standard, one whose last
     * label is a number can be nothing else.
     */
    static boolean isAddress(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        int last = host.lastIndexOf('.') + 1;
        return last < host.length() && host.chars().skip(last).allMatch((c) -> c >= '0' && c <= '9');
    }

    /** RFC 6265, section 5.1.4; only whole segments match. */
    static boolean pathMatches(String cookiePath, String urlPath) {
        String path = urlPath.isEmpty() ? "/" : urlPath;
        return path.startsWith(cookiePath) && (path.length() == cookiePath.length() || cookiePath.endsWith("/")
                || path.charAt(cookiePath.length()) == '/');
    }

    /** RFC 6265, section 5.1.4; where a cookie without a path goes. */
    static String defaultPath(String urlPath) {
        int slash = urlPath.lastIndexOf('/');
        return (slash > 0 && urlPath.startsWith("/")) ? urlPath.substring(0, slash) : "/";
    }

}
