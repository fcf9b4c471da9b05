package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The connection was not open in time, name lookup included. Nothing was sent.
 * {@link #phase()} tells the lookup from the connection.
 *
 * @since 0.1
 */
public final class ConnectTimeoutException extends ClientTimeoutException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    public ConnectTimeoutException(Phase phase, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.phase = phase;
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

}
