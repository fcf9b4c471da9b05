package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The body could not be converted to the type asked for.
 *
 * @since 0.1
 */
public final class ConversionException extends RequestException {

    private static final long serialVersionUID = 1L;

    public ConversionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.BODY;
    }

}
