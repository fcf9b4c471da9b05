/**
 * What protects an upstream from its client and the client from its upstream: shared by
 * all calls of a client, small, atomic, and without I/O.
 */
@NullMarked
package dev.outbound.client.guard;

import org.jspecify.annotations.NullMarked;
