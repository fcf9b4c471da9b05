package dev.outbound.boot;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.Resource;

/**
 * Where an application is in production, its secrets are not to be those that everybody
 * finds in its sources. Files beside the application, which a platform may have put
 * there, are no sources.
 */
final class LiteralSecrets {

    private static final Set<String> PRODUCTION = Set.of("prod", "production", "live");

    private LiteralSecrets() {
    }

    static void check(ConfigurableEnvironment environment, Problems problems) {
        production(environment).ifPresent((profile) -> {
            for (RawProperty property : RawProperty.of(environment)) {
                if (isLiteral(property) && ShownValue.isSecret(property.name())
                        && isInSources(property.value().origin())) {
                    problems.warn(property.value(),
                            "The secret is written in a file of the application, and profile '" + profile
                                    + "' is active.",
                            "Write a placeholder such as ${" + EnvironmentVariable.name(property.name())
                                    + "}, and let the environment, a mounted file or a vault have the value.");
                }
            }
        });
    }

    private static Optional<String> production(ConfigurableEnvironment environment) {
        return Arrays.stream(environment.getActiveProfiles())
            .filter((profile) -> PRODUCTION.contains(profile.toLowerCase(Locale.ROOT)))
            .findFirst();
    }

    private static boolean isLiteral(RawProperty property) {
        String text = property.value().text();
        return !property.variable() && !text.isEmpty() && !text.equals("none") && !text.contains("${");
    }

    private static boolean isInSources(@Nullable Origin origin) {
        Origin place = (origin instanceof PropertySourceOrigin property) ? property.getOrigin() : origin;
        Resource resource = (place instanceof TextResourceOrigin text) ? text.getResource() : null;
        return resource != null && resource.getDescription().startsWith("class path resource");
    }

}
