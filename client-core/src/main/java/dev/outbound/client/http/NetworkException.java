package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The network, or the other side, broke the exchange off.
 *
 * @since 0.1
 */
public abstract class NetworkException extends TransportException {

    private static final long serialVersionUID = 1L;

    protected NetworkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
