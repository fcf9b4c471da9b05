package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The response is larger than this client accepts.
 *
 * @since 0.1
 */
public final class LimitExceededException extends RequestException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    public LimitExceededException(Phase phase, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.phase = phase;
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

}
