package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The proxy refused or failed. Nothing reached the server.
 *
 * @since 0.1
 */
public final class ProxyException extends TransportException {

    private static final long serialVersionUID = 1L;

    public ProxyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.CONNECT;
    }

}
