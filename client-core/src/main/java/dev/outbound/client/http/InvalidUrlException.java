package dev.outbound.client.http;

/**
 * A text is not a URL, or not one that may be sent. Thrown before anything is sent; it is
 * misuse, not a failed call, and so outside of {@link ClientException}, as in HTTPX.
 *
 * @since 0.1
 */
public final class InvalidUrlException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public InvalidUrlException(String message) {
        super(message);
    }

}
