package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The TLS handshake was not done in time. Nothing was sent.
 *
 * @since 0.1
 */
public final class TlsTimeoutException extends ClientTimeoutException {

    private static final long serialVersionUID = 1L;

    public TlsTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.TLS;
    }

}
