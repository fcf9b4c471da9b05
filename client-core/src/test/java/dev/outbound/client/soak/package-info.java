/**
 * What takes its time: thousands of cancellations and races, minutes of mixed traffic.
 * Run with {@code ./mvnw -Psoak verify}, and not otherwise.
 */
@org.jspecify.annotations.NullMarked
package dev.outbound.client.soak;
