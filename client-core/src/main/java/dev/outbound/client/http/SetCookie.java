package dev.outbound.client.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The attributes of one {@code Set-Cookie} field, read leniently (RFC 6265bis, section
 * 5.6). Of a repeated attribute the last one counts.
 */
final class SetCookie {

    /** RFC 6265bis, section 5.6: name and value together, in octets. */
    private static final int MAX_PAIR = 4096;

    /** RFC 6265bis, section 5.6: longer values of attributes are ignored. */
    private static final int MAX_ATTRIBUTE = 1024;

    /** RFC 6265bis, section 5.5: no cookie lives longer. */
    private static final Duration MAX_AGE = Duration.ofDays(400);

    private String domain = "";

    private @Nullable String path;

    private @Nullable Instant expires;

    private @Nullable Instant maxAge;

    private boolean secure;

    private boolean httpOnly;

    private @Nullable String sameSite;

    private SetCookie() {
    }

    static @Nullable Cookie parse(String line, Url url, Instant now) {
        int end = line.indexOf(';');
        String pair = (end >= 0) ? line.substring(0, end) : line;
        int equals = pair.indexOf('=');
        // Servers that leave the name out mean nothing that could be sent back
        // unambiguously (RFC 6265, 5.2).
        if (equals < 0 || !isVisible(line)) {
            return null;
        }
        String name = trim(pair.substring(0, equals));
        String value = trim(pair.substring(equals + 1));
        if (name.isEmpty() || name.length() + value.length() > MAX_PAIR || name.indexOf('\t') >= 0
                || value.indexOf('\t') >= 0) {
            return null;
        }
        SetCookie attributes = new SetCookie();
        attributes.read(line, end, now);
        return attributes.keepsPromise(name) ? attributes.cookie(name, value, url) : null;
    }

    /**
     * Control characters spoil the whole field; what is not Latin-1 was not received as
     * it was sent, and could not be sent back.
     */
    private static boolean isVisible(String line) {
        return line.chars().allMatch((c) -> (c >= ' ' && c != 0x7f && c <= 0xff) || c == '\t');
    }

    private void read(String line, int semicolon, Instant now) {
        int start = semicolon;
        while (start >= 0) {
            int end = line.indexOf(';', start + 1);
            String attribute = line.substring(start + 1, (end >= 0) ? end : line.length());
            int equals = attribute.indexOf('=');
            String name = trim((equals >= 0) ? attribute.substring(0, equals) : attribute);
            String value = (equals >= 0) ? trim(attribute.substring(equals + 1)) : "";
            if (value.length() <= MAX_ATTRIBUTE) {
                attribute(name.toLowerCase(Locale.ROOT), value, now);
            }
            start = end;
        }
    }

    private void attribute(String name, String value, Instant now) {
        switch (name) {
            case "domain" -> this.domain = value;
            case "path" -> this.path = value.startsWith("/") ? value : null;
            case "expires" -> this.expires = expires(value, now);
            case "max-age" -> this.maxAge = maxAge(value, now);
            case "secure" -> this.secure = true;
            case "httponly" -> this.httpOnly = true;
            case "samesite" -> this.sameSite = sameSite(value);
            default -> {
                // Unknown attributes are ignored: RFC 6265bis, section 5.6
            }
        }
    }

    private @Nullable Instant expires(String value, Instant now) {
        Instant date = CookieDate.parse(value);
        Instant limit = now.plus(MAX_AGE);
        return (date == null) ? this.expires : date.isAfter(limit) ? limit : date;
    }

    private @Nullable Instant maxAge(String value, Instant now) {
        boolean negative = value.startsWith("-");
        String digits = negative ? value.substring(1) : value;
        if (digits.isEmpty() || !digits.chars().allMatch((c) -> c >= '0' && c <= '9')) {
            return this.maxAge;
        }
        if (negative || digits.chars().allMatch((c) -> c == '0')) {
            return now;
        }
        String number = digits.replaceFirst("^0+", "");
        long seconds = (number.length() > 9) ? Long.MAX_VALUE : Long.parseLong(number);
        return now.plusSeconds(Math.min(seconds, MAX_AGE.toSeconds()));
    }

    private static @Nullable String sameSite(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "strict" -> "Strict";
            case "lax" -> "Lax";
            case "none" -> "None";
            default -> null;
        };
    }

    /**
     * RFC 6265bis, section 4.1.3. Prefixes are compared without case, since servers read
     * them so.
     */
    private boolean keepsPromise(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("__host-")) {
            return this.secure && this.domain.isEmpty() && "/".equals(this.path);
        }
        return !lower.startsWith("__secure-") || this.secure;
    }

    private @Nullable Cookie cookie(String name, String value, Url url) {
        String host = CookieSyntax.host(url);
        String domain = this.domain.startsWith(".") ? this.domain.substring(1) : this.domain;
        domain = domain.toLowerCase(Locale.ROOT);
        // A dot at the end would slip past a list of public suffixes (CVE-2022-27779).
        if (domain.endsWith(".") || !CookieSyntax.domainMatches(domain.isEmpty() ? host : domain, host)) {
            return null;
        }
        boolean hostOnly = domain.isEmpty() || CookieSyntax.isAddress(host);
        return new Cookie(name, value, hostOnly ? host : domain, hostOnly,
                (this.path != null) ? this.path : CookieSyntax.defaultPath(url.path()),
                (this.maxAge != null) ? this.maxAge : this.expires, this.secure, this.httpOnly, this.sameSite);
    }

    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
            start++;
        }
        while (end > start && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
            end--;
        }
        return text.substring(start, end);
    }

}
