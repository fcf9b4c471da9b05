/**
 * The endpoint that shows the clients, where Spring Boot's actuator is on the class path.
 */
@NullMarked
package dev.outbound.boot.endpoint;

import org.jspecify.annotations.NullMarked;
