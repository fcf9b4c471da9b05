package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * A time limit ran out.
 *
 * @since 0.1
 */
public abstract class ClientTimeoutException extends TransportException {

    private static final long serialVersionUID = 1L;

    protected ClientTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
