package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The proxy refused or failed. Nothing reached the server.
 *
 * @since 0.1
 */
public final class ProxyException extends TransportException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    private final boolean refusal;

    public ProxyException(String message, @Nullable Throwable cause) {
        this(Phase.CONNECT, message, cause);
    }

    /**
     * Create the failure of a proxy that could not be reached, or did not do its work.
     * @param phase how far it came, up to the connection to the server
     * @param message what went wrong
     * @param cause what was thrown, or {@code null}
     */
    public ProxyException(Phase phase, String message, @Nullable Throwable cause) {
        this(phase, message, cause, false);
    }

    private ProxyException(Phase phase, String message, @Nullable Throwable cause, boolean refusal) {
        super(message, cause);
        this.phase = phase;
        this.refusal = refusal;
    }

    /**
     * Return the failure of a proxy that has said no.
     * @param message what it said
     * @return the failure
     */
    public static ProxyException refusal(String message) {
        return new ProxyException(Phase.CONNECT, message, null, true);
    }

    /**
     * Return whether the proxy has said no, so that asking again is of no use.
     * @return whether it is a refusal, for example of the credentials
     */
    public boolean isRefusal() {
        return this.refusal;
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

}
