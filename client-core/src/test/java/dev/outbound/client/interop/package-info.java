/**
 * Calls of real servers, proxies and gateways, from Debian's packages, on free ports of
 * 127.0.0.1. {@code .ci/interop-servers} installs them; tests of those that are missing
 * are skipped, with a line that says so.
 */
@NullMarked
package dev.outbound.client.interop;

import org.jspecify.annotations.NullMarked;
