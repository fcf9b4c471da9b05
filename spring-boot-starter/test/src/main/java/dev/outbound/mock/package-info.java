/**
 * A mock upstream in the process of the test: routes that answer requests, and a
 * transport for both kinds of clients. Needs no Spring Boot.
 */
@NullMarked
package dev.outbound.mock;

import org.jspecify.annotations.NullMarked;
