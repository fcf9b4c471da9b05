package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * One side broke the rules of HTTP.
 *
 * @since 0.1
 */
public abstract class ProtocolException extends TransportException {

    private static final long serialVersionUID = 1L;

    protected ProtocolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
