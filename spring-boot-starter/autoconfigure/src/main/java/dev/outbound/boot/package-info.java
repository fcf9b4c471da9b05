/**
 * The auto-configuration: reads {@code outbound.*}, reports every mistake in it at once,
 * and registers a blocking and a reactive client for each name.
 */
@NullMarked
package dev.outbound.boot;

import org.jspecify.annotations.NullMarked;
