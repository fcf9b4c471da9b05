package dev.outbound.client;

import io.micrometer.common.KeyValue;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Url;

/**
 * The key value {@code http.url}. Its text is made when it is asked for: meters never do,
 * for it is of high cardinality.
 */
final class RedactedUrl implements KeyValue {

    private final Url url;

    private @Nullable String value;

    RedactedUrl(Url url) {
        this.url = url;
    }

    @Override
    public String getKey() {
        return "http.url";
    }

    @Override
    public String getValue() {
        String value = this.value;
        if (value == null) {
            value = this.url.redacted();
            this.value = value;
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyValue keyValue && keyValue.getKey().equals(getKey())
                && keyValue.getValue().equals(getValue());
    }

    @Override
    public int hashCode() {
        return 31 * getKey().hashCode() + getValue().hashCode();
    }

    @Override
    public String toString() {
        return "keyValue(" + getKey() + "=" + getValue() + ")";
    }

}
