package dev.outbound.client.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.Url;

/**
 * Which proxy serves which URLs. Immutable; a function of the URL, so that each hop of a
 * call is asked anew.
 *
 * @since 0.1
 */
public final class Proxies {

    private static final Proxies NONE = new Proxies(Map.of(), List.of());

    private final Map<String, @Nullable Proxy> patterns;

    private final Mounts<Optional<Proxy>> mounts;

    private final List<HostPattern> direct;

    private Proxies(Map<String, @Nullable Proxy> patterns, List<HostPattern> direct) {
        this.patterns = patterns;
        Map<String, Optional<Proxy>> mounts = new LinkedHashMap<>();
        patterns.forEach((pattern, proxy) -> mounts.put(pattern, Optional.ofNullable(proxy)));
        this.mounts = Mounts.of(mounts);
        this.direct = direct;
    }

    /**
     * Return no proxies. The default: neither the environment nor system properties are
     * looked at unasked.
     * @return no proxies
     */
    public static Proxies none() {
        return NONE;
    }

    /**
     * Return one proxy for all URLs.
     * @param proxy the proxy
     * @return the proxies
     */
    public static Proxies all(Proxy proxy) {
        Assert.notNull(proxy, "proxy must not be null");
        return of(Map.of("all://", proxy));
    }

    /**
     * Return proxies by patterns of URLs.
     * @param proxies patterns as {@link Mounts} has them, and proxies, {@code null} for
     * none
     * @return the proxies
     * @throws IllegalArgumentException if a pattern is not one
     */
    public static Proxies of(Map<String, ? extends @Nullable Proxy> proxies) {
        return new Proxies(new LinkedHashMap<>(proxies), List.of());
    }

    /**
     * Return the proxies that environment variables name, as {@link ProxyVariables} reads
     * them. Other than there, a range of addresses in {@code NO_PROXY} means what it
     * says.
     * @param environment the variables by name, {@code System.getenv()} for example
     * @return the proxies
     * @throws IllegalArgumentException if a variable names no usable proxy
     */
    public static Proxies environment(Map<String, String> environment) {
        Map<String, @Nullable Proxy> proxies = new LinkedHashMap<>();
        ProxyVariables.read(environment)
            .forEach((pattern, url) -> proxies.put(pattern, (url != null) ? Proxy.of(url) : null));
        return new Proxies(proxies, ProxyVariables.ranges(environment).stream().map(HostPattern::of).toList());
    }

    /**
     * Return these proxies with hosts that are reached without one.
     * @param hosts host names, which stand for all below them as well; {@code .domain}
     * for those below only; addresses; ranges such as {@code 10.0.0.0/8}, for URLs with
     * an address; {@code *}. Names and addresses may have a port.
     * @return other proxies
     * @throws IllegalArgumentException if an entry is something else
     */
    public Proxies except(String... hosts) {
        List<HostPattern> direct = new ArrayList<>(this.direct);
        Arrays.stream(hosts).map(HostPattern::of).forEach(direct::add);
        return new Proxies(this.patterns, List.copyOf(direct));
    }

    /**
     * Return the proxy of a URL.
     * @param url where a request is sent
     * @return the proxy, or {@code null} for none
     */
    public @Nullable Proxy choose(Url url) {
        if (this.patterns.isEmpty() || HostPattern.matchesAny(this.direct, url)) {
            return null;
        }
        return this.mounts.choose(url, Optional.empty()).orElse(null);
    }

    boolean anyMatch(Predicate<Proxy> condition) {
        for (Proxy proxy : this.patterns.values()) {
            if (proxy != null && condition.test(proxy)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Return whether there is no proxy for any URL.
     * @return whether all is direct
     */
    public boolean isEmpty() {
        return !anyMatch((proxy) -> true);
    }

    /**
     * Return patterns and proxies, without credentials.
     */
    @Override
    public String toString() {
        return this.patterns
                + (this.direct.isEmpty() ? "" : " except " + this.direct.stream().map(HostPattern::text).toList());
    }

}
