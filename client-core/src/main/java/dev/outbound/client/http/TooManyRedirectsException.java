package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * More redirects than allowed.
 *
 * @since 0.1
 */
public final class TooManyRedirectsException extends RequestException {

    private static final long serialVersionUID = 1L;

    public TooManyRedirectsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.HEAD;
    }

}
