package dev.outbound.client;

/**
 * What a call of a client goes by.
 *
 * @param generation the session's settings and engines
 * @param settings the client's own settings: the session's, or what a copy made of them
 * @param policies what an exchange asks
 */
record Terms(Generation generation, ClientSettings settings, Exchange.Policies policies) {

}
