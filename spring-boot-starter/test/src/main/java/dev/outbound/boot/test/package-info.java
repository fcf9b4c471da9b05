/**
 * The {@code @ClientTest} slice: the clients of an application with their real
 * configuration and policy, on mock routers.
 */
@NullMarked
package dev.outbound.boot.test;

import org.jspecify.annotations.NullMarked;
