package dev.outbound.boot;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Limits on what a response may bring.
 *
 * @since 0.1
 */
public class LimitProperties {

    /**
     * Largest body that is read into memory, or "none". A streamed body has no limit.
     */
    private @Nullable DataSize responseBody = DataSize.ofMegabytes(16);

    public @Nullable DataSize getResponseBody() {
        return this.responseBody;
    }

    public void setResponseBody(@Nullable DataSize responseBody) {
        this.responseBody = responseBody;
    }

}
