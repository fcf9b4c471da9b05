package dev.outbound.client.cookie;

import java.util.Comparator;

import dev.outbound.client.http.Cookie;

/**
 * A cookie in a {@link CookieStore}: when it came, and when it was set or sent last, on
 * the count of the store. Changed only by its store.
 */
final class KeptCookie {

    static final Comparator<KeptCookie> OLDEST = Comparator.comparingLong((kept) -> kept.created);

    static final Comparator<KeptCookie> LEAST_USED = Comparator.comparingLong((kept) -> kept.used);

    private final long created;

    private Cookie cookie;

    private boolean received;

    private long used;

    KeptCookie(Cookie cookie, boolean received, long tick) {
        this.created = tick;
        this.cookie = cookie;
        this.received = received;
        this.used = tick;
    }

    Cookie cookie() {
        return this.cookie;
    }

    /** Whether a response set it, not the program: only then may it make place. */
    boolean isReceived() {
        return this.received;
    }

    /** Keep the time of creation: RFC 6265bis, section 5.7. */
    void replace(Cookie cookie, boolean received, long tick) {
        this.cookie = cookie;
        this.received = received;
        this.used = tick;
    }

    void use(long tick) {
        this.used = tick;
    }

}
