package dev.outbound.boot;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * A property of a client as it holds for it.
 *
 * @param property its name below {@code outbound.clients.<name>}
 * @param value the value, masked where it is a secret, or {@code null} for "none"
 * @param origin where it is written: with the client, with one it extends, in the
 * defaults; {@code null} for what holds by itself, and where the place is not known
 * @since 0.1
 */
public record ClientSetting(String property, @Nullable String value, @Nullable Origin origin) {

}
