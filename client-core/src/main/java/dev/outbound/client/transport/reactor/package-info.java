/**
 * The transport over Reactor Netty: one pool for each client, all time limits, and the
 * mapping of Netty's failures. Knows nothing of the other engines.
 */
@NullMarked
package dev.outbound.client.transport.reactor;

import org.jspecify.annotations.NullMarked;
