package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The host name has no address. Nothing was sent.
 *
 * @since 0.1
 */
public final class NameResolutionException extends NetworkException {

    private static final long serialVersionUID = 1L;

    public NameResolutionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.LOOKUP;
    }

}
