/**
 * Runs the vectors: language-neutral inputs and outputs of HTTPX, RESPX and Tenacity, in
 * {@code src/test/resources/vectors}. Shared by the test suites of all modules.
 */
@NullMarked
package dev.outbound.client.vectors;

import org.jspecify.annotations.NullMarked;
