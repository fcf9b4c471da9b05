package dev.outbound.client;

/**
 * Why a request is sent.
 *
 * @since 0.1
 */
public enum SendReason {

    /** It is the first one of the call. */
    CALL,

    /** An attempt did not do, and is repeated. */
    RETRY,

    /** The response before it was a redirect. */
    REDIRECT,

    /** The authentication needs another request. */
    AUTHENTICATION,

    /** An interceptor sends another one. */
    INTERCEPTOR,

    /**
     * The answer to it is late, and it is sent once more beside. Hooks are not told of
     * this one: the two are one attempt.
     */
    HEDGE

}
