/**
 * The clients in the health of the application, where Spring Boot's health is on the
 * class path. Looks at the calls that were made; makes none.
 */
@NullMarked
package dev.outbound.boot.health;

import org.jspecify.annotations.NullMarked;
