package dev.outbound.client.transport;

/**
 * Whether a client speaks HTTP/2 (RFC 9113).
 *
 * @since 0.1
 */
public enum Http2 {

    /** HTTP/1.1 only. The default, as in HTTPX. */
    OFF,

    /**
     * Offered in the TLS handshake besides HTTP/1.1, and spoken where the server chooses
     * it; {@code http} URLs are requested with HTTP/1.1.
     */
    NEGOTIATED,

    /** Spoken without asking, also in clear text. */
    PRIOR_KNOWLEDGE

}
