/**
 * What no row of the fault matrix foresees: thousands of made-up responses, each played
 * on every lane, and the lanes compared.
 */
@org.jspecify.annotations.NullMarked
package dev.outbound.client.fuzz;
