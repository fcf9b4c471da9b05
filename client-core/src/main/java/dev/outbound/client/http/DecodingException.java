package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The content coding or the character set of the body could not be undone.
 *
 * @since 0.1
 */
public final class DecodingException extends RequestException {

    private static final long serialVersionUID = 1L;

    public DecodingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.BODY;
    }

}
