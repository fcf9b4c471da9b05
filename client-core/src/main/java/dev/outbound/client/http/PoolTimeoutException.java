package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * No connection of the pool became free in time. Nothing was sent.
 *
 * @since 0.1
 */
public final class PoolTimeoutException extends ClientTimeoutException {

    private static final long serialVersionUID = 1L;

    public PoolTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.POOL;
    }

}
