/**
 * What goes over the wire and comes back: requests and their bodies, responses, URLs,
 * field lines, and the exceptions a call can end with. Nothing here sends anything or
 * knows a policy.
 */
@NullMarked
package dev.outbound.client.http;

import org.jspecify.annotations.NullMarked;
