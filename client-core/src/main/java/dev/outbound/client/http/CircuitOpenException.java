package dev.outbound.client.http;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker is open: the upstream has failed too often of late.
 *
 * @since 0.1
 */
public final class CircuitOpenException extends CallNotPermittedException {

    private static final long serialVersionUID = 1L;

    public CircuitOpenException(String message, @Nullable Duration retryAfter) {
        super(message, retryAfter);
    }

}
