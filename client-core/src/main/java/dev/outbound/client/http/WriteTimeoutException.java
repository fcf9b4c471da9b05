package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The server stopped taking the request: one write did not end in time.
 *
 * @since 0.1
 */
public final class WriteTimeoutException extends ClientTimeoutException {

    private static final long serialVersionUID = 1L;

    public WriteTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.WRITE;
    }

}
