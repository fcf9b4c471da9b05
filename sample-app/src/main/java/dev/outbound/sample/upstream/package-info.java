/**
 * The upstreams of the demo: small servers on real sockets in this process, each with a
 * script. Nothing here knows the clients; an application of your own has none of this.
 */
@NullMarked
package dev.outbound.sample.upstream;

import org.jspecify.annotations.NullMarked;
