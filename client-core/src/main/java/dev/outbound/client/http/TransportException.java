package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The exchange with the server failed.
 *
 * @since 0.1
 */
public abstract class TransportException extends RequestException {

    private static final long serialVersionUID = 1L;

    protected TransportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
