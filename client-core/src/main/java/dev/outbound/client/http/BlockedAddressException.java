package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The address is not one that this client may connect to. Nothing was sent.
 *
 * @since 0.1
 */
public final class BlockedAddressException extends TransportException {

    private static final long serialVersionUID = 1L;

    public BlockedAddressException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Phase phase() {
        return Phase.LOOKUP;
    }

}
