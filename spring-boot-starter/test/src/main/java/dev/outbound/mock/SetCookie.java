package dev.outbound.mock;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.FieldLines;

/**
 * A cookie that a reply sets. Immutable, each method returns another one.
 *
 * @since 0.1
 */
public final class SetCookie {

    private final String pair;

    private final @Nullable String path;

    private final @Nullable String domain;

    private final @Nullable String expires;

    private final @Nullable Long maxAge;

    private final boolean httpOnly;

    private final @Nullable String sameSite;

    private final boolean secure;

    private final boolean partitioned;

    private SetCookie(String pair, @Nullable String path, @Nullable String domain, @Nullable String expires,
            @Nullable Long maxAge, boolean httpOnly, @Nullable String sameSite, boolean secure, boolean partitioned) {
        FieldLines.check("Set-Cookie", pair);
        this.pair = pair;
        this.path = path;
        this.domain = domain;
        this.expires = expires;
        this.maxAge = maxAge;
        this.httpOnly = httpOnly;
        this.sameSite = sameSite;
        this.secure = secure;
        this.partitioned = partitioned;
    }

    /**
     * Return a cookie for the host and the session.
     * @param name its name
     * @param value its value
     * @return the cookie
     */
    public static SetCookie of(String name, String value) {
        Assert.hasText(name, "name must not be empty");
        Assert.notNull(value, "value must not be null");
        return new SetCookie(name + "=" + value, null, null, null, null, false, null, false, false);
    }

    public SetCookie path(String path) {
        return new SetCookie(this.pair, path, this.domain, this.expires, this.maxAge, this.httpOnly, this.sameSite,
                this.secure, this.partitioned);
    }

    public SetCookie domain(String domain) {
        return new SetCookie(this.pair, this.path, domain, this.expires, this.maxAge, this.httpOnly, this.sameSite,
                this.secure, this.partitioned);
    }

    public SetCookie expires(Instant expires) {
        return expires(DateTimeFormatter.RFC_1123_DATE_TIME.format(expires.atOffset(ZoneOffset.UTC))
            .replaceFirst("^(\\w+, )(\\d) ", "$10$2 "));
    }

    /**
     * Return this cookie with a date as it is, to see what a client makes of it.
     * @param expires the text
     * @return another cookie
     */
    public SetCookie expires(String expires) {
        return new SetCookie(this.pair, this.path, this.domain, expires, this.maxAge, this.httpOnly, this.sameSite,
                this.secure, this.partitioned);
    }

    public SetCookie maxAge(Duration maxAge) {
        return new SetCookie(this.pair, this.path, this.domain, this.expires, maxAge.toSeconds(), this.httpOnly,
                this.sameSite, this.secure, this.partitioned);
    }

    public SetCookie httpOnly() {
        return new SetCookie(this.pair, this.path, this.domain, this.expires, this.maxAge, true, this.sameSite,
                this.secure, this.partitioned);
    }

    /**
     * Return this cookie with the sites that send it.
     * @param sameSite {@code Strict}, {@code Lax} or {@code None}, which is also secure
     * @return another cookie
     */
    public SetCookie sameSite(String sameSite) {
        return new SetCookie(this.pair, this.path, this.domain, this.expires, this.maxAge, this.httpOnly, sameSite,
                this.secure || sameSite.equals("None"), this.partitioned);
    }

    public SetCookie secure() {
        return new SetCookie(this.pair, this.path, this.domain, this.expires, this.maxAge, this.httpOnly, this.sameSite,
                true, this.partitioned);
    }

    public SetCookie partitioned() {
        return new SetCookie(this.pair, this.path, this.domain, this.expires, this.maxAge, this.httpOnly, this.sameSite,
                this.secure, true);
    }

    String text() {
        return this.pair + attribute("Path", this.path) + attribute("Domain", this.domain)
                + attribute("Expires", this.expires) + attribute("Max-Age", this.maxAge)
                + (this.httpOnly ? "; HttpOnly" : "") + attribute("SameSite", this.sameSite)
                + (this.secure ? "; Secure" : "") + (this.partitioned ? "; Partitioned" : "");
    }

    private static String attribute(String name, @Nullable Object value) {
        return (value != null) ? "; " + name + "=" + value : "";
    }

    /** Return the cookie without its value. */
    @Override
    public String toString() {
        return this.pair.substring(0, this.pair.indexOf('=') + 1) + "…";
    }

}
