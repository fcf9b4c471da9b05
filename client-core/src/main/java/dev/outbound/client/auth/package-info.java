/**
 * How a call proves who it is: schemes, and the flows of requests they need. A flow
 * decides and sends nothing itself.
 */
@NullMarked
package dev.outbound.client.auth;

import org.jspecify.annotations.NullMarked;
