/**
 * What may go wrong, row by row: each row of the matrices of faults and of security is a
 * test that runs on every lane, with its leaks counted. What came out is written down in
 * {@code docs/faults.md} and {@code docs/security.md}.
 */
@NullMarked
package dev.outbound.client.faults;

import org.jspecify.annotations.NullMarked;
