package dev.outbound.boot;

/**
 * How user name and password are given to a proxy.
 *
 * @since 0.1
 */
public enum ProxyAuthenticationType {

    /** Sent with each request (RFC 7617), and to a SOCKS proxy (RFC 1929). */
    BASIC,

    /** Not sent themselves (RFC 7616). */
    DIGEST

}
