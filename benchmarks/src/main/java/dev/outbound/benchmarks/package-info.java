/**
 * Measures what a call costs. {@link dev.outbound.benchmarks.Benchmarks} runs the
 * contenders in JVMs of their own, in turns, against a server in another process.
 */
@NullMarked
package dev.outbound.benchmarks;

import org.jspecify.annotations.NullMarked;
