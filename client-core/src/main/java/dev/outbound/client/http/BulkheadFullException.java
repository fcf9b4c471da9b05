package dev.outbound.client.http;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * As many requests as are allowed are on their way already.
 *
 * @since 0.1
 */
public final class BulkheadFullException extends CallNotPermittedException {

    private static final long serialVersionUID = 1L;

    public BulkheadFullException(String message, @Nullable Duration retryAfter) {
        super(message, retryAfter);
    }

}
