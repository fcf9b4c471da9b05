package dev.outbound.client.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Cookies at one moment: those of a response, of a call, or of a client. Ordered,
 * immutable and thread-safe; every {@code with} returns others.
 *
 * @since 0.1
 */
public final class Cookies implements Iterable<Cookie> {

    private static final Cookies EMPTY = new Cookies(List.of());

    private final List<Cookie> cookies;

    private Cookies(List<Cookie> cookies) {
        this.cookies = cookies;
    }

    /**
     * Return no cookies.
     * @return the shared empty instance
     */
    public static Cookies empty() {
        return EMPTY;
    }

    /**
     * Return the given cookies; a later one of the same name, domain and path takes the
     * place of an earlier one.
     * @param cookies the cookies, in order
     * @return the cookies
     */
    public static Cookies of(Iterable<Cookie> cookies) {
        Assert.notNull(cookies, "cookies must not be null");
        List<Cookie> list = new ArrayList<>();
        cookies.forEach((cookie) -> put(list, cookie));
        return list.isEmpty() ? EMPTY : new Cookies(List.copyOf(list));
    }

    /**
     * Return the cookies that a response sets. Those it deletes are not among them.
     * @param fields the field lines of the response
     * @param url the URL that answered
     * @param now the time of the response
     * @return the cookies, in the order of their {@code Set-Cookie} fields
     */
    public static Cookies received(FieldLines fields, Url url, Instant now) {
        if (!fields.contains("Set-Cookie")) {
            return EMPTY;
        }
        List<Cookie> list = new ArrayList<>();
        for (String line : fields.all("Set-Cookie")) {
            Cookie cookie = Cookie.parse(line, url, now);
            if (cookie != null) {
                put(list, cookie);
            }
        }
        list.removeIf((cookie) -> cookie.isExpired(now));
        return new Cookies(List.copyOf(list));
    }

    private static void put(List<Cookie> list, Cookie cookie) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).isReplacedBy(cookie)) {
                list.set(i, cookie);
                return;
            }
        }
        list.add(cookie);
    }

    /**
     * Return the value of the cookie of that name.
     * @param name the name, in its case
     * @return the value
     * @throws CookieConflictException if several cookies have the name
     */
    public Optional<String> get(String name) {
        return get(name, null, null);
    }

    /**
     * Return the value of the cookie of that name, domain and path.
     * @param name the name, in its case
     * @param domain the domain, or {@code null} for any
     * @param path the path, or {@code null} for any
     * @return the value
     * @throws CookieConflictException if several cookies fit
     */
    public Optional<String> get(String name, @Nullable String domain, @Nullable String path) {
        Cookie found = null;
        for (Cookie cookie : this.cookies) {
            if (cookie.is(name, domain, path)) {
                if (found != null) {
                    throw new CookieConflictException("Several cookies have the name '" + Text.escape(name, 60)
                            + "', among them " + found + " and " + cookie + "; give the domain or the path, too");
                }
                found = cookie;
            }
        }
        return Optional.ofNullable(found).map(Cookie::value);
    }

    /**
     * Return these cookies and another one, which takes the place of one of the same
     * name, domain and path.
     * @param cookie the other cookie
     * @return other cookies
     */
    public Cookies with(Cookie cookie) {
        Assert.notNull(cookie, "cookie must not be null");
        List<Cookie> list = new ArrayList<>(this.cookies);
        put(list, cookie);
        return new Cookies(List.copyOf(list));
    }

    public int size() {
        return this.cookies.size();
    }

    public boolean isEmpty() {
        return this.cookies.isEmpty();
    }

    public Stream<Cookie> stream() {
        return this.cookies.stream();
    }

    @Override
    public Iterator<Cookie> iterator() {
        return this.cookies.iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Cookies cookies && this.cookies.equals(cookies.cookies));
    }

    @Override
    public int hashCode() {
        return this.cookies.hashCode();
    }

    /**
     * Return the cookies for a log, without their values.
     */
    @Override
    public String toString() {
        return this.cookies.toString();
    }

}
