package dev.outbound.client.auth;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;

/**
 * There is no token to authenticate a call with, and the call was not sent.
 *
 * @since 0.1
 */
public final class TokenException extends RequestException {

    private static final long serialVersionUID = 1L;

    private final int statusCode;

    TokenException(String message, int statusCode, @Nullable Throwable cause) {
        super(message, cause);
        this.statusCode = statusCode;
    }

    /** The same failure for another call, which has its own place and time. */
    TokenException copy() {
        return new TokenException(detail(), this.statusCode, getCause());
    }

    /**
     * Return the status that the token endpoint answered with.
     * @return the status code, or 0 if there was no answer
     */
    public int statusCode() {
        return this.statusCode;
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

}
