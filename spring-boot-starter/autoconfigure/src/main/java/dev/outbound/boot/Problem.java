package dev.outbound.boot;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * A mistake in the configuration, as it is reported. Shows no secrets.
 *
 * @param property the name of the property
 * @param value the value as it may be shown, or {@code null} where there is none
 * @param origin where the value is written, or {@code null} if that is not known
 * @param reason what is wrong with it
 * @param action what to write instead
 * @since 0.1
 */
public record Problem(String property, @Nullable String value, @Nullable Origin origin, String reason, String action) {

    /**
     * Return the problem in the form of the report, without its action.
     * @return several lines
     */
    String describe() {
        StringBuilder lines = new StringBuilder(this.property);
        if (this.value != null) {
            lines.append("%n   Value:  ".formatted()).append(this.value);
        }
        if (this.origin != null) {
            lines.append("%n   Origin: ".formatted()).append(this.origin);
        }
        return lines.append("%n   ".formatted()).append(this.reason).toString();
    }

}
