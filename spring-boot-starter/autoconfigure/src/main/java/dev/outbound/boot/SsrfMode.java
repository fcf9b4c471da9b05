package dev.outbound.boot;

/**
 * What a client may connect to.
 *
 * @since 0.1
 */
public enum SsrfMode {

    /** Everything. */
    OFF,

    /** Addresses of the public Internet, and the allowed hosts. */
    PUBLIC_ONLY,

    /** The allowed hosts. */
    ALLOWED_HOSTS

}
