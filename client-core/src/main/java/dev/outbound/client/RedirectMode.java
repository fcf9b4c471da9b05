package dev.outbound.client;

/**
 * Which redirects a client follows.
 *
 * @since 0.1
 */
public enum RedirectMode {

    /** None: the response that redirects is the answer. */
    NONE,

    /** Those that stay on scheme, host and port; others fail. */
    SAME_ORIGIN,

    /**
     * All but those from https to http. Credentials are dropped where the origin changes.
     */
    FOLLOW

}
