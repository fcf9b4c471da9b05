package dev.outbound.client.http;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The client did not send a request, to protect the upstream or itself. Nothing of it has
 * reached the network; where it is not the first one of the call, earlier ones have.
 * <p>
 * Retry policies do not repeat it unless their condition names it.
 *
 * @since 0.1
 */
public abstract sealed class CallNotPermittedException extends RequestException
        permits CircuitOpenException, RateLimitedException, BulkheadFullException {

    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    CallNotPermittedException(String message, @Nullable Duration retryAfter) {
        super(message, null);
        this.retryAfter = retryAfter;
    }

    /**
     * Return how long it makes no sense to try again.
     * @return the time, or {@code null} where it is not known
     */
    public @Nullable Duration retryAfter() {
        return this.retryAfter;
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

}
