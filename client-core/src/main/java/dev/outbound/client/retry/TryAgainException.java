package dev.outbound.client.retry;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by code that is repeated, to say that it is to be repeated whatever the
 * conditions of the policy are. When the attempts are used up, its cause is thrown, or
 * itself where it has none.
 *
 * @since 0.1
 */
public class TryAgainException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TryAgainException() {
        this(null);
    }

    public TryAgainException(@Nullable Throwable cause) {
        super("To be tried again", cause, true, false);
    }

}
