package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The call has no response to give: it could not be sent, answered or understood.
 * <p>
 * "Everything but a status" is one {@code catch} of this type, as in HTTPX.
 *
 * @since 0.1
 */
public abstract class RequestException extends ClientException {

    private static final long serialVersionUID = 1L;

    protected RequestException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
