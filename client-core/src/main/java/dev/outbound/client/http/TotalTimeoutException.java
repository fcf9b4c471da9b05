package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The time for the whole call ran out, retries and waits included.
 *
 * @since 0.1
 */
public final class TotalTimeoutException extends ClientTimeoutException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    public TotalTimeoutException(Phase phase, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.phase = phase;
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

}
