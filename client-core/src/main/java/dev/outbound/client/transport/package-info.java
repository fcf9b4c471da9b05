/**
 * The seam to the network: a transport sends one request and gives one response, and
 * decides nothing. The engines are in packages below, one each; mocks and in-process
 * applications implement the same interfaces.
 */
@NullMarked
package dev.outbound.client.transport;

import org.jspecify.annotations.NullMarked;
