package dev.outbound.client.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A link to something related that a server gave in a {@code Link} field (RFC 8288), for
 * example the next page.
 *
 * @since 0.1
 */
public final class Link {

    private final String url;

    private final Map<String, String> parameters;

    Link(String url, Map<String, String> parameters) {
        this.url = url;
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * Return where the link leads, as the server wrote it.
     * @return an absolute URL, or one to join to that of the response
     */
    public String url() {
        return this.url;
    }

    /**
     * Return the relation.
     * @return for example {@code next}, or {@code null} where the server gave none
     */
    public @Nullable String rel() {
        return this.parameters.get("rel");
    }

    /**
     * Return what the server says of the link, the relation among it.
     * @return read-only parameters, with the case and in the order they were received
     */
    public Map<String, String> parameters() {
        return this.parameters;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Link link && this.url.equals(link.url) && this.parameters.equals(link.parameters);
    }

    @Override
    public int hashCode() {
        return 31 * this.url.hashCode() + this.parameters.hashCode();
    }

    @Override
    public String toString() {
        String rel = rel();
        return "Link[" + Text.escape(this.url, 200) + ((rel != null) ? ", rel=" + Text.escape(rel, 100) : "") + "]";
    }

}
