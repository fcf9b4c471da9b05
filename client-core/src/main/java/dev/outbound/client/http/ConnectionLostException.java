package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * An open connection was lost: closed or reset before the response was complete. The
 * server may have processed the request.
 *
 * @since 0.1
 */
public class ConnectionLostException extends NetworkException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    public ConnectionLostException(Phase phase, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.phase = phase;
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

}
