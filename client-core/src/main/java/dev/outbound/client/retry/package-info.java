/**
 * Whether a call is tried again, and when. A policy decides and waits for nothing.
 */
@NullMarked
package dev.outbound.client.retry;

import org.jspecify.annotations.NullMarked;
