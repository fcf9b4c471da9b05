package dev.outbound.boot;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * A value as a property source has it, before placeholders are resolved.
 *
 * @param property the name to show, in canonical form where it is known
 * @param text the value
 * @param origin where it is written, or {@code null} if that is not known
 * @param source the place of its property source among all: a lower one wins
 * @param secret whether it is a secret, though its name does not say so
 */
record ConfiguredValue(String property, String text, @Nullable Origin origin, int source, boolean secret) {

    ConfiguredValue(String property, String text, @Nullable Origin origin, int source) {
        this(property, text, origin, source, false);
    }

    ConfiguredValue asSecret() {
        return new ConfiguredValue(this.property, this.text, this.origin, this.source, true);
    }

}
