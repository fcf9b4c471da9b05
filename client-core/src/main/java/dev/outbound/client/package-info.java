/**
 * The clients and what decides for them. A call is an {@code Exchange}: it is told what
 * happened and says what to do next, as a {@code Step}; the blocking and the reactive
 * driver only act. The policies it asks and the engines below are in sub-packages.
 */
@NullMarked
package dev.outbound.client;

import org.jspecify.annotations.NullMarked;
