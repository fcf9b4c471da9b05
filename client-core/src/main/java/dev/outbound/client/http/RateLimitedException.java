package dev.outbound.client.http;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The rate limit has no permit for the request in the time that it may wait.
 *
 * @since 0.1
 */
public final class RateLimitedException extends CallNotPermittedException {

    private static final long serialVersionUID = 1L;

    public RateLimitedException(String message, @Nullable Duration retryAfter) {
        super(message, retryAfter);
    }

}
