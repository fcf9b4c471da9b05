package dev.outbound.client.http;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A cookie: its name and value, and where it may go (RFC 6265bis).
 * <p>
 * Without a domain it may go to every host, as in HTTPX; a client sends such a cookie
 * only to the origin its call was made to. With a domain it goes to that host and those
 * below it, or, if it is {@linkplain #hostOnly() host-only}, to that host alone.
 *
 * <pre class="code">
 * Cookie theme = Cookie.of("theme", "dark").withDomain("example.org").withPath("/app");
 * </pre>
 *
 * Immutable and thread-safe; every {@code with} returns another cookie.
 * {@link #toString()} does not show the value.
 *
 * @since 0.1
 */
public final class Cookie {

    private final String name;

    private final String value;

    private final @Nullable String domain;

    private final boolean hostOnly;

    private final String path;

    private final @Nullable Instant expires;

    private final boolean secure;

    private final boolean httpOnly;

    private final @Nullable String sameSite;

    Cookie(String name, String value, @Nullable String domain, boolean hostOnly, String path, @Nullable Instant expires,
            boolean secure, boolean httpOnly, @Nullable String sameSite) {
        this.name = name;
        this.value = value;
        this.domain = domain;
        this.hostOnly = hostOnly;
        this.path = path;
        this.expires = expires;
        this.secure = secure;
        this.httpOnly = httpOnly;
        this.sameSite = sameSite;
    }

    /**
     * Return a cookie without a domain, with the path {@code /}, that does not expire.
     * @param name a token
     * @param value characters that RFC 6265 (section 4.1.1) allows: no space, comma,
     * semicolon, backslash or control character, quotes only around the whole value
     * @return the cookie
     * @throws IllegalArgumentException if name or value has another character; the
     * message does not show the value
     */
    public static Cookie of(String name, String value) {
        CookieSyntax.checkName(name);
        CookieSyntax.checkValue(name, value);
        return new Cookie(name, value, null, false, "/", null, false, false, null);
    }

    /**
     * Read a {@code Set-Cookie} field as user agents do (RFC 6265bis, section 5.6), and
     * check what needs only the URL: the domain must be its host or one above it, and the
     * prefixes {@code __Secure-} and {@code __Host-} keep their promises.
     * @param setCookie the value of the field
     * @param url the URL that answered with it; its host counts, not a {@code Host} field
     * @param now the time, from which {@code Max-Age} is counted
     * @return the cookie, already {@linkplain #isExpired expired} if the server deletes
     * it, or {@code null} if it is to be ignored
     */
    public static @Nullable Cookie parse(String setCookie, Url url, Instant now) {
        Assert.notNull(setCookie, "setCookie must not be null");
        Assert.notNull(url, "url must not be null");
        Assert.notNull(now, "now must not be null");
        return SetCookie.parse(setCookie, url, now);
    }

    public String name() {
        return this.name;
    }

    public String value() {
        return this.value;
    }

    /**
     * Return the domain in lower case, without a leading dot.
     * @return the domain, or {@code null} for a cookie that may go to every host
     */
    public @Nullable String domain() {
        return this.domain;
    }

    /**
     * Return whether the cookie goes to the host of its domain only.
     * @return {@code false} if hosts below the domain get it, too
     */
    public boolean hostOnly() {
        return this.hostOnly;
    }

    /**
     * Return the path that URLs must have, or lie below.
     * @return the path, beginning with a slash
     */
    public String path() {
        return this.path;
    }

    /**
     * Return when the cookie ends.
     * @return the time, at most 400 days from when it was received, or {@code null} for a
     * cookie of the session
     */
    public @Nullable Instant expires() {
        return this.expires;
    }

    /**
     * Return whether the cookie goes over https only.
     * @return whether it has the attribute {@code Secure}
     */
    public boolean secure() {
        return this.secure;
    }

    /**
     * Return whether the cookie is hidden from scripts in browsers. Means nothing here.
     * @return whether it has the attribute {@code HttpOnly}
     */
    public boolean httpOnly() {
        return this.httpOnly;
    }

    /**
     * Return the attribute {@code SameSite}. It is kept and means nothing here: a client
     * has no site that its requests come from.
     * @return {@code Strict}, {@code Lax} or {@code None}, or {@code null} for none of
     * them
     */
    public @Nullable String sameSite() {
        return this.sameSite;
    }

    /**
     * Return this cookie for a host and those below it.
     * @param domain a host name; a leading dot makes no difference. Nothing is below an
     * address
     * @return another cookie
     * @throws IllegalArgumentException if it is not a host
     */
    public Cookie withDomain(String domain) {
        Assert.hasText(domain, "domain must not be empty");
        String name = CookieSyntax.domain(domain);
        return scoped(name, CookieSyntax.isAddress(name), this.path);
    }

    /**
     * Return this cookie for one host only.
     * @param host a host name or address
     * @return another cookie
     * @throws IllegalArgumentException if it is not a host
     */
    public Cookie withHost(String host) {
        Assert.hasText(host, "host must not be empty");
        return scoped(CookieSyntax.domain(host), true, this.path);
    }

    /**
     * Return this cookie for a path and those below it.
     * @param path the percent-encoded path, beginning with a slash
     * @return another cookie
     */
    public Cookie withPath(String path) {
        CookieSyntax.checkPath(path);
        return scoped(this.domain, this.hostOnly, path);
    }

    private Cookie scoped(@Nullable String domain, boolean hostOnly, String path) {
        return new Cookie(this.name, this.value, domain, hostOnly, path, this.expires, this.secure, this.httpOnly,
                this.sameSite);
    }

    /**
     * Return this cookie with an end.
     * @param expires the time, or {@code null} for a cookie of the session
     * @return another cookie
     */
    public Cookie withExpires(@Nullable Instant expires) {
        return new Cookie(this.name, this.value, this.domain, this.hostOnly, this.path, expires, this.secure,
                this.httpOnly, this.sameSite);
    }

    /**
     * Return this cookie for https only, or not.
     * @param secure whether it is for https only
     * @return another cookie
     */
    public Cookie withSecure(boolean secure) {
        return new Cookie(this.name, this.value, this.domain, this.hostOnly, this.path, this.expires, secure,
                this.httpOnly, this.sameSite);
    }

    /**
     * Return whether the cookie may be sent to the URL: host, path and, for a secure one,
     * scheme are as it asks. Its end is not looked at.
     * @param url the URL
     * @return whether it may be sent there
     */
    public boolean matches(Url url) {
        return (!this.secure || url.scheme().equals("https")) && matchesHost(CookieSyntax.host(url))
                && CookieSyntax.pathMatches(this.path, url.path());
    }

    private boolean matchesHost(String host) {
        return this.domain == null || host.equals(this.domain)
                || (!this.hostOnly && CookieSyntax.domainMatches(this.domain, host));
    }

    /**
     * Return whether the cookie has ended.
     * @param now the time
     * @return whether it must not be sent any more
     */
    public boolean isExpired(Instant now) {
        return this.expires != null && !this.expires.isAfter(now);
    }

    /**
     * Return whether the other cookie takes the place of this one: name, domain and path
     * are the same (RFC 6265bis, section 5.7).
     * @param other the other cookie
     * @return whether there can be only one of them
     */
    public boolean isReplacedBy(Cookie other) {
        return this.name.equals(other.name) && this.hostOnly == other.hostOnly
                && Objects.equals(this.domain, other.domain) && this.path.equals(other.path);
    }

    /**
     * Return whether this cookie is one that is asked for.
     * @param name the name in its case, or {@code null} for any
     * @param domain the domain without regard to case and a leading dot, an empty text
     * for none, or {@code null} for any
     * @param path the path, or {@code null} for any
     * @return whether all that is given is so
     */
    public boolean is(@Nullable String name, @Nullable String domain, @Nullable String path) {
        return (name == null || name.equals(this.name)) && (path == null || path.equals(this.path))
                && (domain == null || (domain.startsWith(".") ? domain.substring(1) : domain)
                    .equalsIgnoreCase((this.domain != null) ? this.domain : ""));
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return this == object
                || (object instanceof Cookie other && isReplacedBy(other) && this.value.equals(other.value)
                        && Objects.equals(this.expires, other.expires) && this.secure == other.secure
                        && this.httpOnly == other.httpOnly && Objects.equals(this.sameSite, other.sameSite));
    }

    @Override
    public int hashCode() {
        return Objects.hash(this.name, this.value, this.domain, this.path);
    }

    /**
     * Return the cookie for a log, with its value masked.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(Text.escape(this.name, 60)).append('=').append(Secrets.MASK);
        text.append(" (")
            .append((this.domain == null) ? "any host" : this.hostOnly ? this.domain : "*." + this.domain)
            .append(", ")
            .append(Text.escape(this.path, 100));
        if (this.expires != null) {
            text.append(", until ").append(this.expires);
        }
        return text.append(this.secure ? ", secure)" : ")").toString();
    }

}
