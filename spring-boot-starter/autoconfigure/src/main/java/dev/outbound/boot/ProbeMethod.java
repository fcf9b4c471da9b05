package dev.outbound.boot;

/**
 * How an upstream is asked for its health: by a method that changes nothing.
 *
 * @since 0.1
 */
public enum ProbeMethod {

    GET, HEAD, OPTIONS

}
