package dev.outbound.boot;

/**
 * Authentication schemes.
 *
 * @since 0.1
 */
public enum AuthenticationType {

    /** No credentials. */
    NONE,

    /** User name and password (RFC 7617). */
    BASIC,

    /** A token (RFC 6750), written here, read from a file or given by a bean. */
    BEARER,

    /** A key in a header or a parameter. */
    API_KEY,

    /** User name and password that are not sent themselves (RFC 7616). */
    DIGEST,

    /** User names and passwords by host, from a netrc file. */
    NETRC,

    /** A token for this application, asked of the token endpoint that is written here. */
    CLIENT_CREDENTIALS,

    /** A token for this application by a registration of Spring Security's. */
    OAUTH2,

    /** The token of the user on whose behalf the application is called. */
    TOKEN_RELAY,

    /** A bean. */
    CUSTOM

}
