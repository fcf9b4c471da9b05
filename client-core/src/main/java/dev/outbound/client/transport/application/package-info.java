/**
 * Calls an application in the same process, without a socket.
 */
@NullMarked
package dev.outbound.client.transport.application;

import org.jspecify.annotations.NullMarked;
