package dev.outbound.boot;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.env.PropertySourceInfo;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.StringUtils;

import static org.springframework.boot.context.properties.source.ConfigurationPropertySources.isAttachedConfigurationPropertySource;

/**
 * A property under {@code outbound} before it is known what it is for.
 *
 * @param raw the value as the property source has it
 * @param variable whether it is an environment variable, whose name has lost its dashes
 */
record RawProperty(String name, ConfiguredValue value, Object raw, boolean variable) {

    private static final String PREFIX = "outbound";

    /** Everything under {@code outbound}, those property sources first that win. */
    static List<RawProperty> of(ConfigurableEnvironment environment) {
        List<RawProperty> properties = new ArrayList<>();
        int rank = 0;
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable
                    && !isAttachedConfigurationPropertySource(source)) {
                addAll(enumerable, rank, properties);
            }
            rank++;
        }
        return properties;
    }

    private static void addAll(EnumerablePropertySource<?> source, int rank, List<RawProperty> properties) {
        boolean variables = source instanceof SystemEnvironmentPropertySource;
        String prefix = variables ? prefix(source) : "";
        for (String fullName : source.getPropertyNames()) {
            String name = StringUtils.startsWithIgnoreCase(fullName, prefix) ? fullName.substring(prefix.length()) : "";
            if (StringUtils.startsWithIgnoreCase(name, PREFIX)) {
                Object value = source.getProperty(fullName);
                if (value != null) {
                    properties.add(new RawProperty(name, new ConfiguredValue(name, value.toString(),
                            PropertySourceOrigin.get(source, fullName), rank), value, variables));
                }
            }
        }
    }

    /** What an application puts before all its environment variables. */
    private static String prefix(PropertySource<?> source) {
        String prefix = (source instanceof PropertySourceInfo info) ? info.getPrefix() : null;
        return StringUtils.hasText(prefix) ? prefix + "_" : "";
    }

    PropertyPath path() {
        return PropertyPath.of(this.name);
    }

}
