package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The connection could not be opened: refused, unreachable. Nothing was sent.
 *
 * @since 0.1
 */
public final class ConnectionFailedException extends NetworkException {

    private static final long serialVersionUID = 1L;

    public ConnectionFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.CONNECT;
    }

}
