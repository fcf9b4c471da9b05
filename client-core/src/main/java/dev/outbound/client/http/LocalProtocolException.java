package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The request is not one that can be sent. Nothing was sent.
 *
 * @since 0.1
 */
public final class LocalProtocolException extends ProtocolException {

    private static final long serialVersionUID = 1L;

    public LocalProtocolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

}
