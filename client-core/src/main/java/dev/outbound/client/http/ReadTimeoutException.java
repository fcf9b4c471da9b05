package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The server was silent for too long, before or within the response.
 *
 * @since 0.1
 */
public final class ReadTimeoutException extends ClientTimeoutException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    public ReadTimeoutException(Phase phase, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.phase = phase;
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

}
