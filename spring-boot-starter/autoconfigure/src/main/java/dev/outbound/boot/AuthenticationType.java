package dev.outbound.boot;

/**
 * Authentication schemes that need nothing but properties.
 *
 * @since 0.1
 */
public enum AuthenticationType {

    /** No credentials. */
    NONE,

    /** User name and password (RFC 7617). */
    BASIC,

    /** A token (RFC 6750). */
    BEARER

}
