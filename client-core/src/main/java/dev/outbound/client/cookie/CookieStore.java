package dev.outbound.client.cookie;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.outbound.client.http.Cookie;
import dev.outbound.client.http.Url;

/**
 * The cookies of a jar by domain. All calls of a client share it: each method is atomic,
 * short, and waits for nothing but the others.
 */
final class CookieStore {

    /** In the place of the domain that a cookie for every host does not have. */
    private static final String ANY_HOST = "";

    private static final Comparator<KeptCookie> SECURE_LAST = Comparator.comparing((kept) -> kept.cookie().secure());

    private final int maxPerDomain;

    private final int max;

    private final Map<String, List<KeptCookie>> domains = new HashMap<>();

    /** Counts what happens, to tell earlier from later. */
    private long ticks;

    /**
     * Written under the lock; read without it, so that calls without cookies do not wait.
     */
    private volatile int size;

    CookieStore(int maxPerDomain, int max) {
        this.maxPerDomain = maxPerDomain;
        this.max = max;
    }

    /** Whether cookies can be kept at all. */
    boolean isOpen() {
        return this.max > 0;
    }

    int size() {
        return this.size;
    }

    /** Keep a cookie of the program, whatever there is already. */
    synchronized void put(Cookie cookie) {
        put(cookie, false);
    }

    /**
     * Keep a cookie of a response, or remove the one it deletes, unless it comes from an
     * insecure URL and would hide a secure one. Then remove what there is no place for.
     */
    synchronized void receive(Cookie cookie, Url url, Instant now) {
        if (!CookieRules.isSecure(url) && stream().anyMatch((kept) -> CookieRules.wouldHide(cookie, kept.cookie()))) {
            return;
        }
        if (cookie.isExpired(now)) {
            removeWhere(cookie::isReplacedBy);
            return;
        }
        List<KeptCookie> domain = put(cookie, true);
        if (domain.size() > this.maxPerDomain) {
            limit(domain.stream(), this.maxPerDomain, now, SECURE_LAST.thenComparing(KeptCookie.LEAST_USED));
        }
        if (this.size > this.max) {
            limit(stream(), this.max, now, KeptCookie.LEAST_USED);
        }
    }

    private List<KeptCookie> put(Cookie cookie, boolean received) {
        List<KeptCookie> domain = this.domains.computeIfAbsent(key(cookie), (key) -> new ArrayList<>(4));
        for (KeptCookie kept : domain) {
            if (kept.cookie().isReplacedBy(cookie)) {
                kept.replace(cookie, received, ++this.ticks);
                return domain;
            }
        }
        domain.add(new KeptCookie(cookie, received, ++this.ticks));
        this.size++;
        return domain;
    }

    /** RFC 6265bis, section 5.7, last step: what expired goes first. */
    private void limit(Stream<KeptCookie> cookies, int max, Instant now, Comparator<KeptCookie> worth) {
        List<KeptCookie> received = cookies.filter(KeptCookie::isReceived)
            .sorted(Comparator.comparing((KeptCookie kept) -> !kept.cookie().isExpired(now)).thenComparing(worth))
            .toList();
        received.subList(0, Math.max(0, received.size() - max))
            .forEach((excess) -> removeWhere((cookie) -> cookie == excess.cookie()));
    }

    /**
     * Return the cookies for a URL, the older ones first.
     * @param url the URL
     * @param anyHost whether those without a domain are among them
     * @param now the time
     * @return a list of the caller's own
     */
    synchronized List<Cookie> match(Url url, boolean anyHost, Instant now) {
        List<KeptCookie> found = new ArrayList<>();
        if (anyHost) {
            collect(ANY_HOST, url, now, found);
        }
        String host = CookieRules.host(url);
        collect(host, url, now, found);
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            collect(host.substring(dot + 1), url, now, found);
        }
        return found.stream()
            .sorted(KeptCookie.OLDEST)
            .map(KeptCookie::cookie)
            .collect(Collectors.toCollection(ArrayList::new));
    }

    private void collect(String key, Url url, Instant now, List<KeptCookie> found) {
        boolean expired = false;
        for (KeptCookie kept : this.domains.getOrDefault(key, List.of())) {
            if (kept.cookie().isExpired(now)) {
                expired = true;
            }
            else if (kept.cookie().matches(url)) {
                kept.use(++this.ticks);
                found.add(kept);
            }
        }
        if (expired) {
            removeWhere((cookie) -> cookie.isExpired(now));
        }
    }

    /** Return all cookies, the older ones first. */
    synchronized List<Cookie> all() {
        return stream().sorted(KeptCookie.OLDEST).map(KeptCookie::cookie).toList();
    }

    synchronized void removeWhere(Predicate<Cookie> condition) {
        this.domains.values().forEach((domain) -> domain.removeIf((kept) -> condition.test(kept.cookie())));
        this.domains.values().removeIf(List::isEmpty);
        this.size = this.domains.values().stream().mapToInt(List::size).sum();
    }

    private Stream<KeptCookie> stream() {
        return this.domains.values().stream().flatMap(List::stream);
    }

    private static String key(Cookie cookie) {
        String domain = cookie.domain();
        return (domain != null) ? domain : ANY_HOST;
    }

}
