/**
 * Upstreams in containers, where Spring Boot's support of Testcontainers is on the class
 * path.
 */
@NullMarked
package dev.outbound.boot.testcontainers;

import org.jspecify.annotations.NullMarked;
