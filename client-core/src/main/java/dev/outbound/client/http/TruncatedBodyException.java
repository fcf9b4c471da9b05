package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The connection ended before the body of the response was complete.
 *
 * @since 0.1
 */
public final class TruncatedBodyException extends ConnectionLostException {

    private static final long serialVersionUID = 1L;

    public TruncatedBodyException(String message, @Nullable Throwable cause) {
        super(Phase.BODY, message, cause);
    }

}
