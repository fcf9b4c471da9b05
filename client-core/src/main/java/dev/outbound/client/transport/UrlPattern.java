package dev.outbound.client.transport;

import java.util.Comparator;

import org.springframework.util.Assert;

import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Url;

/**
 * A pattern of URLs as HTTPX writes it: {@code scheme://host:port}. The scheme
 * {@code all} and the host {@code *} stand for any; {@code *.example.com} for all hosts
 * below it, {@code *example.com} for it and all below. A path means nothing.
 */
final class UrlPattern {

    /** With a port first, then the longer host, then the longer scheme. */
    static final Comparator<UrlPattern> MOST_SPECIFIC_FIRST = Comparator
        .comparing((UrlPattern pattern) -> pattern.port < 0)
        .thenComparing((pattern) -> -pattern.host.length())
        .thenComparing((pattern) -> -pattern.scheme.length());

    private final String text;

    private final String scheme;

    private final String host;

    private final int port;

    private UrlPattern(String text, String scheme, String host, int port) {
        this.text = text;
        this.scheme = scheme;
        this.host = host;
        this.port = port;
    }

    /**
     * Read a pattern.
     * @param text the pattern; an empty one fits every URL
     * @return the pattern
     * @throws IllegalArgumentException if it is not one
     */
    static UrlPattern of(String text) {
        Assert.notNull(text, "pattern must not be null");
        if (!text.isEmpty() && text.indexOf(':') < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a pattern of URLs; for a scheme write " + text + "://");
        }
        try {
            Url url = Url.parse(text);
            return new UrlPattern(text, url.scheme().equals("all") ? "" : url.scheme(),
                    url.host().equals("*") ? "" : url.host(), port(url));
        }
        catch (InvalidUrlException ex) {
            throw new IllegalArgumentException("'" + text + "' is not a pattern of URLs: " + ex.getMessage(), ex);
        }
    }

    /** The port that the URL names, unless it is the scheme's own. */
    private static int port(Url url) {
        String authority = url.authority();
        return (authority.lastIndexOf(':') > authority.lastIndexOf(']') && url.hasAuthority()) ? url.port() : -1;
    }

    boolean matches(Url url) {
        return (this.scheme.isEmpty() || this.scheme.equals(url.scheme())) && (this.port < 0 || this.port == port(url))
                && matchesHost(url.host());
    }

    private boolean matchesHost(String candidate) {
        if (this.host.startsWith("*.")) {
            return candidate.length() >= this.host.length() && candidate.endsWith(this.host.substring(1));
        }
        if (this.host.startsWith("*")) {
            String domain = this.host.substring(1);
            return candidate.equals(domain) || (candidate.endsWith("." + domain) && !candidate.startsWith("."));
        }
        return this.host.isEmpty() || candidate.equals(this.host);
    }

    @Override
    public String toString() {
        return this.text;
    }

}
