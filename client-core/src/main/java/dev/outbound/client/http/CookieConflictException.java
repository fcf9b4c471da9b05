package dev.outbound.client.http;

/**
 * A name was asked for that several cookies have. Give a domain or a path with it. It is
 * misuse, not a failed call, and so outside of {@link ClientException}, as in HTTPX.
 *
 * @since 0.1
 */
public final class CookieConflictException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public CookieConflictException(String message) {
        super(message);
    }

}
