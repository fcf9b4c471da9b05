/**
 * The blocking engine on Apache HttpComponents 5: its connections, its pool and its TLS,
 * driven directly, without {@code HttpClient}'s chain of handlers, which would decide
 * what is decided above and costs several times as much memory for each call. Depends on
 * nothing but the transport seam.
 */
@NullMarked
package dev.outbound.client.transport.httpcomponents;

import org.jspecify.annotations.NullMarked;
