package dev.outbound.boot;

import java.util.regex.Pattern;

import org.springframework.core.env.Environment;
import org.springframework.util.PlaceholderResolutionException;

import dev.outbound.client.http.Secrets;

/**
 * Resolves placeholders, and refuses those that have no value: Spring's binder leaves
 * them as they are, so that their text would be sent.
 */
final class Placeholders {

    private static final Pattern NAME = Pattern.compile("\\$\\{([^:}$]+)");

    private final Environment environment;

    Placeholders(Environment environment) {
        this.environment = environment;
    }

    ConfiguredValue resolve(ConfiguredValue value) throws InvalidValueException {
        try {
            return new ConfiguredValue(value.property(), this.environment.resolveRequiredPlaceholders(value.text()),
                    value.origin(), value.source());
        }
        catch (PlaceholderResolutionException ex) {
            String name = ShownValue.escape(ex.getPlaceholder());
            throw new InvalidValueException(
                    "The placeholder ${" + name + "} has no value. Without this check the text \"${" + name
                            + "}\" would be " + use(value.property()) + ".",
                    "Define the environment variable or property " + name + ", or give a default with ${" + name
                            + ":...}.");
        }
    }

    /** Whether a text has placeholders whose names say that they stand for secrets. */
    static boolean nameSecret(String text) {
        return NAME.matcher(text).results().anyMatch((name) -> Secrets.isSecretHeader(name.group(1)));
    }

    private static String use(String property) {
        String name = property.substring(property.lastIndexOf('.') + 1);
        boolean credential = property.endsWith(".auth." + name);
        return credential ? "sent as the " + name : "used as the value of " + name;
    }

}
