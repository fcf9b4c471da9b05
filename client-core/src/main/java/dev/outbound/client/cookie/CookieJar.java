package dev.outbound.client.cookie;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.Cookie;
import dev.outbound.client.http.Cookies;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;

/**
 * What a client remembers of cookies (RFC 6265bis): those that responses set, and those
 * that the program sets. Calls send the ones that belong to their URL.
 *
 * <pre class="code">
 * CookieJar jar = CookieJar.create();
 * jar.set("theme", "dark");
 * try (Client client = Client.builder().cookies(jar).build()) {
 *     client.get("https://example.org/login");
 *     Optional&lt;String&gt; session = jar.get("session");
 * }
 * </pre>
 *
 * A jar belongs to one user: whoever shares it, shares the session. Of what responses set
 * it holds at most {@value #MAX_PER_DOMAIN} cookies of a domain and {@value #MAX} in all;
 * beyond that, those that expired go first, then those not sent for the longest time.
 * What the program sets stays.
 * <p>
 * Thread-safe; each method is atomic. What has expired is removed when a call comes upon
 * it, so that {@link #get} may still show it.
 *
 * @since 0.1
 */
public final class CookieJar {

    /** The largest number of cookies that responses set for one domain. */
    public static final int MAX_PER_DOMAIN = 50;

    /** The largest number of cookies that responses set. */
    public static final int MAX = 3000;

    /**
     * The longest field line that a jar writes, in octets: servers refuse longer ones.
     */
    private static final int MAX_LINE = 8 * 1024 - "Cookie: \r\n".length();

    private static final CookieJar NONE = new CookieJar(new CookieStore(0, 0), new CookieRules(null));

    private final CookieStore store;

    private final CookieRules rules;

    private CookieJar(CookieStore store, CookieRules rules) {
        this.store = store;
        this.rules = rules;
    }

    /**
     * Return an empty jar. Its public suffixes are those of
     * {@link PublicSuffixes#list()}; when there is no list, a cookie goes back only to
     * the host that set it, whatever its domain. Reads the list when called first, so
     * call it not on an event loop.
     * @return a new jar
     */
    public static CookieJar create() {
        return new CookieJar(new CookieStore(MAX_PER_DOMAIN, MAX), new CookieRules(PublicSuffixes.list().orElse(null)));
    }

    /**
     * Return an empty jar with public suffixes of one's own.
     * @param suffixes the suffixes that no cookie is accepted for
     * @return a new jar
     */
    public static CookieJar create(PublicSuffixes suffixes) {
        Assert.notNull(suffixes, "suffixes must not be null");
        return new CookieJar(new CookieStore(MAX_PER_DOMAIN, MAX), new CookieRules(suffixes));
    }

    /**
     * Return the jar that stays empty, for a client that remembers no cookies.
     * @return the jar
     */
    public static CookieJar none() {
        return NONE;
    }

    /**
     * Return the value of the cookie of that name.
     * @param name the name, in its case
     * @return the value
     * @throws dev.outbound.client.http.CookieConflictException if several cookies have
     * the name
     */
    public Optional<String> get(String name) {
        return cookies().get(name);
    }

    /**
     * Return the value of the cookie of that name, domain and path.
     * @param name the name, in its case
     * @param domain the domain, or {@code null} for any
     * @param path the path, or {@code null} for any
     * @return the value
     * @throws dev.outbound.client.http.CookieConflictException if several cookies fit
     */
    public Optional<String> get(String name, @Nullable String domain, @Nullable String path) {
        return cookies().get(name, domain, path);
    }

    /**
     * Set a cookie for every URL that the program calls. It is not sent to another origin
     * that a redirect leads to.
     * @param name a token
     * @param value the value
     * @return this jar
     * @throws IllegalArgumentException if one has a character that is not allowed in it
     */
    public CookieJar set(String name, String value) {
        return set(Cookie.of(name, value));
    }

    /**
     * Set a cookie. It takes the place of one of the same name, domain and path.
     * @param cookie the cookie
     * @return this jar
     */
    public CookieJar set(Cookie cookie) {
        Assert.notNull(cookie, "cookie must not be null");
        Assert.state(this.store.isOpen(), "This client keeps no cookies; give it a CookieJar.create()");
        this.store.put(cookie);
        return this;
    }

    /**
     * Set cookies as {@link #set(String, String)} does.
     * @param cookies names and values
     * @return this jar
     */
    public CookieJar update(Map<String, String> cookies) {
        Assert.notNull(cookies, "cookies must not be null");
        cookies.forEach(this::set);
        return this;
    }

    /**
     * Set cookies, those of a response or of another jar for example.
     * @param cookies the cookies
     * @return this jar
     */
    public CookieJar update(Iterable<Cookie> cookies) {
        Assert.notNull(cookies, "cookies must not be null");
        cookies.forEach(this::set);
        return this;
    }

    /**
     * Remove all cookies of that name, if there are any.
     * @param name the name, in its case
     */
    public void delete(String name) {
        delete(name, null, null);
    }

    /**
     * Remove all cookies of that name, domain and path, if there are any.
     * @param name the name, in its case
     * @param domain the domain, or {@code null} for any
     * @param path the path, or {@code null} for any
     */
    public void delete(String name, @Nullable String domain, @Nullable String path) {
        Assert.notNull(name, "name must not be null");
        this.store.removeWhere((cookie) -> cookie.is(name, domain, path));
    }

    /**
     * Remove all cookies.
     */
    public void clear() {
        clear(null, null);
    }

    /**
     * Remove all cookies of a domain and, if given, a path.
     * @param domain the domain, or {@code null} for any
     * @param path the path, or {@code null} for any
     */
    public void clear(@Nullable String domain, @Nullable String path) {
        this.store.removeWhere((cookie) -> cookie.is(null, domain, path));
    }

    /**
     * Return the cookies that are in the jar now, in the order they were set in.
     * @return the cookies; later changes of the jar do not show in them
     */
    public Cookies cookies() {
        return Cookies.of(this.store.all());
    }

    /**
     * Return how many cookies there are.
     * @return the number
     */
    public int size() {
        return this.store.size();
    }

    public boolean isEmpty() {
        return this.store.size() == 0;
    }

    /**
     * Return the request as it is sent: with the cookies that belong to its URL. A
     * {@code Cookie} field that it has already stays, and nothing is added to it. Cookies
     * that would make the field longer than 8 KiB are left out.
     * @param request the request
     * @param own cookies of this call only; one takes the place of the jar's of the same
     * name, domain and path
     * @param anyHost whether the jar's cookies without a domain may go to the URL; they
     * may not to another origin than the program called
     * @param now the time
     * @return the request with a {@code Cookie} field, or the given one
     */
    public Request attach(Request request, Cookies own, boolean anyHost, Instant now) {
        if ((own.isEmpty() && isEmpty()) || request.fields().contains("Cookie")) {
            return request;
        }
        List<Cookie> cookies = this.store.match(request.url(), anyHost, now);
        own.stream().filter((cookie) -> cookie.matches(request.url())).forEach((cookie) -> overlay(cookies, cookie));
        cookies.sort(Comparator.comparingInt((cookie) -> -cookie.path().length()));
        String line = line(cookies);
        return line.isEmpty() ? request : request.withFields(request.fields().with("Cookie", line));
    }

    private static void overlay(List<Cookie> cookies, Cookie own) {
        for (int i = 0; i < cookies.size(); i++) {
            if (cookies.get(i).isReplacedBy(own)) {
                cookies.set(i, own);
                return;
            }
        }
        cookies.add(own);
    }

    private static String line(List<Cookie> cookies) {
        StringBuilder line = new StringBuilder();
        for (Cookie cookie : cookies) {
            String separator = line.isEmpty() ? "" : "; ";
            int length = separator.length() + cookie.name().length() + 1 + cookie.value().length();
            if (line.length() + length <= MAX_LINE) {
                line.append(separator).append(cookie.name()).append('=').append(cookie.value());
            }
        }
        return line.toString();
    }

    /**
     * Keep the cookies that a response sets, and remove those it deletes.
     * @param url the URL that answered; its host counts, not a {@code Host} field
     * @param response the field lines of the response
     * @param now the time
     */
    public void store(Url url, FieldLines response, Instant now) {
        if (!this.store.isOpen() || !response.contains("Set-Cookie")) {
            return;
        }
        for (String line : response.all("Set-Cookie")) {
            Cookie received = Cookie.parse(line, url, now);
            Cookie cookie = (received != null) ? this.rules.accept(received, url) : null;
            if (cookie != null) {
                this.store.receive(cookie, url, now);
            }
        }
    }

    /**
     * Return the number of cookies, for a log.
     */
    @Override
    public String toString() {
        return "CookieJar[" + size() + " cookies]";
    }

}
