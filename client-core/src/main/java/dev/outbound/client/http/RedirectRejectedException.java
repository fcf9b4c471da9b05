package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The server redirects to where this client does not go.
 *
 * @since 0.1
 */
public final class RedirectRejectedException extends RequestException {

    private static final long serialVersionUID = 1L;

    public RedirectRejectedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.HEAD;
    }

}
