package dev.outbound.client.spring;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Url;

/**
 * The templates that Spring has expanded. It tells them with the base URL in front, and
 * takes literal URLs for templates, too.
 */
final class Templates {

    private Templates() {
    }

    /**
     * Return a template as a caller of the client would have written it.
     * @return the template, or {@code null} where there is none
     */
    static @Nullable String relative(@Nullable Object template, @Nullable Url baseUrl) {
        if (!(template instanceof String text) || text.indexOf('{') < 0) {
            return null;
        }
        String base = (baseUrl != null) ? baseUrl.text() : "";
        String prefix = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        return (text.startsWith(prefix) && text.startsWith("/", prefix.length())) ? text.substring(prefix.length())
                : text;
    }

}
