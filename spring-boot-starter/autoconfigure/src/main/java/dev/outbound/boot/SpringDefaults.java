package dev.outbound.boot;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Spring Boot's settings for all HTTP clients are not ours. Who has them, and says
 * nothing of the same here, may think otherwise.
 */
final class SpringDefaults {

    private static final Map<String, String> KEYS = Map.of("connect-timeout", "timeouts.connect", "read-timeout",
            "timeouts.read", "redirects", "redirects.mode", "cookie-handling", "cookies", "ssl.bundle", "ssl.bundle");

    private SpringDefaults() {
    }

    static void check(ConfigurableEnvironment environment, ConfiguredClients clients, Problems problems) {
        KEYS.forEach((key, ours) -> {
            boolean silent = clients.bound().stream().anyMatch((client) -> !client.isWritten(ours));
            ConfiguredValue value = find(environment, "spring.http.clients." + key);
            if (silent && value != null) {
                problems.warn(value,
                        value.property() + " (" + ShownValue.escape(value.text())
                                + ") does not apply to clients under outbound; " + ours + " is used.",
                        "Write `outbound.defaults." + ours + "` as it is meant for them.");
            }
        });
    }

    private static @Nullable ConfiguredValue find(ConfigurableEnvironment environment, String name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty property = source.getConfigurationProperty(ConfigurationPropertyName.of(name));
            if (property != null) {
                return new ConfiguredValue(name, String.valueOf(property.getValue()), property.getOrigin(), 0);
            }
        }
        return null;
    }

}
