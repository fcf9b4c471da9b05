package dev.outbound.client;

import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Url;

/**
 * Puts a call's URL to a client's base URL. A URL that would leave the base is refused
 * before anything is sent.
 */
final class Merging {

    /** Fields of the framing and of the connection; only the transport may set them. */
    private static final Set<String> FRAMING = Set.of("host", "content-length", "transfer-encoding", "connection",
            "keep-alive", "upgrade", "expect", "te", "trailer", "proxy-authorization", "proxy-connection");

    private Merging() {
    }

    static boolean isHttp(Url url) {
        return url.scheme().equals("http") || url.scheme().equals("https");
    }

    static void checkHeader(String name) {
        Assert.hasText(name, "header name must not be empty");
        if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("Header " + name + " is set by the transport; remove it");
        }
    }

    /** Lines that were received were not checked yet. */
    static void checkHeaders(FieldLines headers) {
        Assert.notNull(headers, "headers must not be null");
        headers.forEach((name, value) -> {
            checkHeader(name);
            FieldLines.check(name, value);
        });
    }

    static Url base(String text) {
        Assert.hasText(text, "baseUrl must not be empty");
        Url url = Url.parse(text);
        checkAbsolute(url, "The base URL '" + url.redacted() + "'", true);
        if (url.query() != null || url.fragment() != null) {
            throw new InvalidUrlException("The base URL '" + url.redacted() + "' cannot have a query or a fragment");
        }
        return url.asBase();
    }

    private static void checkAbsolute(Url url, String what, boolean userInfo) {
        if (url.scheme().isEmpty() && !url.hasAuthority()) {
            throw new InvalidUrlException(what + " is relative; write http:// or https:// and a host");
        }
        if (!isHttp(url)) {
            throw new InvalidUrlException(
                    what + " has the scheme '" + url.scheme() + "'; supported are http and https");
        }
        if (url.host().isEmpty()) {
            throw new InvalidUrlException(what + " has no host");
        }
        if (!url.hasSendableHost()) {
            throw new InvalidUrlException(what + " has a host with characters that are not allowed");
        }
        if (!userInfo) {
            checkUserInfo(url, what);
        }
    }

    static void checkUserInfo(Url url, String what) {
        if (url.userInfo() != null) {
            throw new InvalidUrlException(
                    what + " contains user information, which would end up in logs; use authentication instead");
        }
    }

    /** The URL to send a call to. */
    static Url url(ClientSettings settings, String text) {
        Url base = settings.baseUrl();
        if (base == null) {
            Url url = Url.parse(text);
            checkAbsolute(url, "'" + url.redacted() + "' (the client has no base URL)", settings.allowUserInfo());
            return url;
        }
        Url simple = base.appendSimple(text);
        return (simple != null) ? simple : append(settings, base, Url.parse(text));
    }

    /** A URL below one base, put below another. */
    static String moved(String text, @Nullable Url from, @Nullable Url to) {
        if (from == null || to == null || from.text().equals(to.text())) {
            return text;
        }
        String prefix = withoutSlash(from);
        boolean below = text.startsWith(prefix)
                && (text.length() == prefix.length() || "/?#".indexOf(text.charAt(prefix.length())) >= 0);
        return below ? withoutSlash(to) + text.substring(prefix.length()) : text;
    }

    private static String withoutSlash(Url base) {
        String text = base.text();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** Check the URL of a request that was made elsewhere. */
    static void checkTarget(ClientSettings settings, Url url) {
        Url base = settings.baseUrl();
        if (base == null) {
            checkAbsolute(url, "'" + url.redacted() + "'", settings.allowUserInfo());
        }
        else {
            absolute(settings, base, url);
        }
    }

    private static Url append(ClientSettings settings, Url base, Url reference) {
        if (!reference.scheme().isEmpty() || reference.hasAuthority()) {
            return absolute(settings, base, reference);
        }
        if (!settings.allowPathTraversal()) {
            checkInside(reference.path(), base, reference);
        }
        return base.append(reference);
    }

    private static Url absolute(ClientSettings settings, Url base, Url url) {
        checkAbsolute(url, "'" + url.redacted() + "'", settings.allowUserInfo());
        if (!url.hasSameOrigin(base)) {
            if (!settings.allowAbsoluteUrls()) {
                throw new InvalidUrlException("'" + url.redacted() + "' is outside of the base URL's origin "
                        + base.origin() + "; call it with another client, or set allow-absolute-urls: true");
            }
            return url;
        }
        if (!settings.allowPathTraversal()) {
            if (!(url.path() + "/").startsWith(base.path())) {
                throw climbs(base, url);
            }
            checkInside(url.path().substring(Math.min(base.path().length(), url.path().length())), base, url);
        }
        return url;
    }

    /**
     * Check that no reading of the path, however lenient a server's, leads above its
     * beginning.
     */
    private static void checkInside(String path, Url base, Url reference) {
        int depth = 0;
        for (String segment : decode(path).split("[/\\\\]+")) {
            String name = parameterless(segment);
            if (name.equals("..")) {
                if (--depth < 0) {
                    throw climbs(base, reference);
                }
            }
            else if (!name.isEmpty() && !name.equals(".")) {
                depth++;
            }
        }
    }

    private static String parameterless(String segment) {
        int semicolon = segment.indexOf(';');
        return (semicolon >= 0) ? segment.substring(0, semicolon) : segment;
    }

    /** Decode dots, slashes and backslashes, as often as they were encoded. */
    private static String decode(String path) {
        String decoded = path;
        while (decoded.indexOf('%') >= 0) {
            String next = decoded.replaceAll("(?i)%2e", ".")
                .replaceAll("(?i)%2f", "/")
                .replaceAll("(?i)%5c", "/")
                .replaceAll("(?i)%3b", ";")
                .replaceAll("(?i)%25(?=2e|2f|5c|3b|25)", "%");
            if (next.equals(decoded)) {
                break;
            }
            decoded = next;
        }
        return decoded;
    }

    private static InvalidUrlException climbs(Url base, Url reference) {
        return new InvalidUrlException("'" + reference.redacted() + "' leads out of the base URL's path " + base.path()
                + "; correct it, or set allow-path-traversal: true");
    }

    /** Whether credentials of the client may be sent to the URL. */
    static boolean isOwn(@Nullable Url base, Url url) {
        return base == null || url.hasSameOrigin(base);
    }

}
