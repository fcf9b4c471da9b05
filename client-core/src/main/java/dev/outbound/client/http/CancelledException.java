package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The call was given up: its thread was interrupted, its subscription cancelled, or its
 * client closed.
 *
 * @since 0.1
 */
public final class CancelledException extends RequestException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    public CancelledException(Phase phase, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.phase = phase;
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

}
