package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything that a call can fail with.
 * <p>
 * Misuse of the API is not among it: that is an {@link IllegalArgumentException} or an
 * {@link IllegalStateException}, thrown before anything is sent. The tree follows HTTPX:
 * catch {@link RequestException} for "there is no response" and {@link StatusException}
 * for "there is one, and its status says no".
 *
 * @since 0.1
 */
public abstract class ClientException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private transient @Nullable CallContext context;

    protected ClientException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Return the call that failed.
     * @return the call, or {@code null} when the exception was made outside of one
     */
    public @Nullable CallContext context() {
        return this.context;
    }

    /**
     * Say which call failed. The first call of this method counts: what is thrown through
     * several layers keeps the place where it happened.
     * @param context the call
     * @return this exception
     */
    public ClientException in(CallContext context) {
        if (this.context == null) {
            this.context = context;
        }
        return this;
    }

    /**
     * Return what went wrong, without the call.
     * @return the message given to the constructor
     */
    public String detail() {
        String message = super.getMessage();
        return (message != null) ? message : getClass().getSimpleName();
    }

    @Override
    public String getMessage() {
        CallContext context = this.context;
        return (context != null) ? context.describe(detail(), phase()) : detail();
    }

    /**
     * Return the part of the call that failed.
     * @return the phase, or {@code null} where the whole call failed
     */
    public abstract @Nullable Phase phase();

}
