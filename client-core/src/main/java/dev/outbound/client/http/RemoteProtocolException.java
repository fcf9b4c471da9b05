package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The server's answer is not HTTP, or not HTTP as the RFCs allow it.
 *
 * @since 0.1
 */
public final class RemoteProtocolException extends ProtocolException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    public RemoteProtocolException(Phase phase, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.phase = phase;
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

}
