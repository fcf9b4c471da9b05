package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * No trusted connection could be made. Nothing was sent.
 *
 * @since 0.1
 */
public class TlsException extends TransportException {

    private static final long serialVersionUID = 1L;

    public TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.TLS;
    }

}
