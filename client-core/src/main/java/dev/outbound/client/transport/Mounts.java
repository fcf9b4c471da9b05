package dev.outbound.client.transport;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.Url;

/**
 * What serves which URLs: patterns of scheme, host and port, each with a transport, a
 * proxy or whatever else there is one of for a request. The most specific pattern that
 * fits decides: one with a port comes before one without, then a longer host, then a
 * longer scheme. Where it is mounted to nothing, the client's own serves.
 *
 * <pre class="code">
 * Mounts&lt;Transport&gt; mounts = Mounts.of(Map.of("all://*.example.com", internal, "http://", refusing));
 * Transport transport = mounts.choose(request.url(), own);
 * </pre>
 *
 * Patterns are those of HTTPX: {@code all://} is any scheme, an empty host or {@code *}
 * any host, {@code *.example.com} every host below it, {@code *example.com} it and every
 * host below. Immutable.
 *
 * @param <T> what is mounted
 * @since 0.1
 */
public final class Mounts<T> {

    private final List<Mount<T>> mounts;

    private Mounts(List<Mount<T>> mounts) {
        this.mounts = mounts;
    }

    /**
     * Return mounts.
     * @param mounts patterns and what is mounted to them, {@code null} for nothing; of
     * equally specific patterns that fit, the first one decides
     * @return the mounts
     * @throws IllegalArgumentException if a pattern is not one
     */
    public static <T> Mounts<T> of(Map<String, ? extends @Nullable T> mounts) {
        Assert.notNull(mounts, "mounts must not be null");
        return new Mounts<>(mounts.entrySet()
            .stream()
            .map((entry) -> new Mount<T>(UrlPattern.of(entry.getKey()), entry.getValue()))
            .sorted(Comparator.comparing(Mount::pattern, UrlPattern.MOST_SPECIFIC_FIRST))
            .toList());
    }

    /**
     * Return what serves a URL.
     * @param url the URL
     * @param own what serves where nothing is mounted
     * @return what is mounted to the most specific pattern that fits, or {@code own}
     */
    public T choose(Url url, T own) {
        for (Mount<T> mount : this.mounts) {
            if (mount.pattern().matches(url)) {
                return Objects.requireNonNullElse(mount.target(), own);
            }
        }
        return own;
    }

    /**
     * Return the patterns.
     * @return the patterns as they were given, in the order they are tried in
     */
    public List<String> patterns() {
        return this.mounts.stream().map((mount) -> mount.pattern().toString()).toList();
    }

    @Override
    public String toString() {
        return "Mounts" + patterns();
    }

    private record Mount<T>(UrlPattern pattern, @Nullable T target) {
    }

}
