package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The server's certificate is not trusted: unknown issuer, expired, not yet valid.
 *
 * @since 0.1
 */
public final class CertificateRejectedException extends TlsException {

    private static final long serialVersionUID = 1L;

    public CertificateRejectedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

}
