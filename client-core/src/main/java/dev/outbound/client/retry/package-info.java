/**
 * Whether something is tried again, when, and what is told about it. A policy decides and
 * waits for nothing: a client acts on it, or {@code dev.outbound.client.Retries}, which
 * gives it to any other code.
 */
@NullMarked
package dev.outbound.client.retry;

import org.jspecify.annotations.NullMarked;
