/**
 * A small storefront on the starter: the application, and the main job that calls every
 * upstream once and tells what came of it.
 */
@NullMarked
package dev.outbound.sample;

import org.jspecify.annotations.NullMarked;
