package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The server's certificate is for another host name.
 *
 * @since 0.1
 */
public final class HostnameMismatchException extends TlsException {

    private static final long serialVersionUID = 1L;

    public HostnameMismatchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
