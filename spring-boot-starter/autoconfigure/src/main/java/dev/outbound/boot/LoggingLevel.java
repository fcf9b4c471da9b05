package dev.outbound.boot;

/**
 * How much of each request is logged.
 *
 * @since 0.1
 */
public enum LoggingLevel {

    /** Nothing. */
    OFF,

    /** A line for each request that is sent. */
    LINE,

    /** Also the headers of requests and responses. */
    HEADERS,

    /** Also the beginning of bodies of text that are in memory. */
    BODY

}
