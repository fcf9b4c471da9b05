package dev.outbound.client.spring;

import io.micrometer.common.KeyValue;
import org.jspecify.annotations.Nullable;

import org.springframework.web.client.RestClientResponseException;

import dev.outbound.client.ClientSettings;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.Url;

/**
 * Key values of Spring's observations as the client's own have them, so that both make
 * the same series.
 */
final class ObservedTags {

    private static final KeyValue NO_EXCEPTION = KeyValue.of("exception", KeyValue.NONE_VALUE);

    private static final KeyValue UNTEMPLATED = KeyValue.of("uri", "UNTEMPLATED");

    private final KeyValue clientName;

    private final @Nullable Url baseUrl;

    ObservedTags(ClientSettings settings) {
        String name = settings.name();
        this.clientName = KeyValue.of("client.name", (name != null) ? name : KeyValue.NONE_VALUE);
        this.baseUrl = settings.baseUrl();
    }

    KeyValue clientName() {
        return this.clientName;
    }

    KeyValue uri(@Nullable String uriTemplate) {
        String template = Templates.relative(uriTemplate, this.baseUrl);
        return (template != null) ? KeyValue.of("uri", path(template)) : UNTEMPLATED;
    }

    private static String path(String template) {
        int query = template.indexOf('?');
        String path = (query >= 0) ? template.substring(0, query) : template;
        int authority = path.indexOf("://");
        int slash = (authority >= 0) ? path.indexOf('/', authority + 3) : 0;
        String relative = (slash >= 0) ? path.substring(slash) : "";
        return relative.startsWith("/") ? relative : "/" + relative;
    }

    /**
     * The failure of the client, and not the exception around it. A status is none: the
     * call has an answer.
     */
    static KeyValue exception(@Nullable Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClientException) {
                return KeyValue.of("exception", cause.getClass().getSimpleName());
            }
        }
        if (error == null || error instanceof RestClientResponseException) {
            return NO_EXCEPTION;
        }
        String name = error.getClass().getSimpleName();
        return KeyValue.of("exception", name.isEmpty() ? error.getClass().getName() : name);
    }

    /** The URL without its query, which may hold a key. */
    static KeyValue url(String url) {
        return KeyValue.of("http.url", Url.parse(url).redacted());
    }

}
