package dev.outbound.client.cookie;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Cookie;
import dev.outbound.client.http.Url;

/**
 * Decides whether a cookie of a response is kept (RFC 6265bis, section 5.7).
 */
final class CookieRules {

    private final @Nullable PublicSuffixes suffixes;

    /**
     * Create the rules.
     * @param suffixes the public suffixes; without them no cookie is shared among hosts
     */
    CookieRules(@Nullable PublicSuffixes suffixes) {
        this.suffixes = suffixes;
    }

    /**
     * Return the cookie as it is kept.
     * @param cookie a cookie of a response
     * @param url the URL that answered
     * @return the cookie, for fewer hosts perhaps, or {@code null} if it is refused
     */
    @Nullable Cookie accept(Cookie cookie, Url url) {
        String domain = cookie.domain();
        if (domain == null || (cookie.secure() && !isSecure(url))) {
            return null;
        }
        if (cookie.hostOnly()) {
            return cookie;
        }
        String host = host(url);
        if (this.suffixes == null) {
            return cookie.withHost(host);
        }
        if (domain.indexOf('.') >= 0 && !this.suffixes.isPublicSuffix(domain)) {
            return cookie;
        }
        return host.equals(domain) ? cookie.withHost(domain) : null;
    }

    static boolean isSecure(Url url) {
        return url.scheme().equals("https");
    }

    /**
     * Return whether a cookie from an insecure URL would hide a secure one that is kept
     * ("leave secure cookies alone").
     * @param received the cookie from an insecure URL
     * @param kept a cookie that is kept
     * @return whether the received one is refused
     */
    static boolean wouldHide(Cookie received, Cookie kept) {
        return kept.secure() && kept.name().equals(received.name()) && overlap(received.domain(), kept.domain())
                && isWithin(received.path(), kept.path());
    }

    private static boolean overlap(@Nullable String one, @Nullable String other) {
        return one == null || other == null || one.equals(other) || one.endsWith("." + other)
                || other.endsWith("." + one);
    }

    private static boolean isWithin(String path, String parent) {
        return path.startsWith(parent)
                && (path.length() == parent.length() || parent.endsWith("/") || path.charAt(parent.length()) == '/');
    }

    /** The host without the dot of the root at its end, as cookies have it. */
    static String host(Url url) {
        String host = url.host();
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

}
