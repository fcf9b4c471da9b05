package dev.outbound.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.ClassUtils;

import dev.outbound.client.Client;
import dev.outbound.client.Interceptor;
import dev.outbound.client.transport.NameResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the user sees for each kind of mistake. A file in {@code catalogue} holds the
 * cases of one row: a configuration, the report, what to do.
 * {@code -Dcatalogue.update=true} writes the latter two; review the difference.
 */
class CatalogueTests {

    private static final Path DIRECTORY = Path.of("src/test/resources/catalogue");

    private static final String NEXT_CASE = "\n################\n";

    private static final String REPORT = "\n---------------- report\n";

    private static final String ACTION = "\n---------------- action\n";

    private static final String VARIABLES = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    static Stream<Path> rows() throws IOException {
        return Files.list(DIRECTORY).sorted();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void reportIsTheReviewedOne(Path row) throws IOException {
        String before = Files.readString(row);
        List<String> cases = new ArrayList<>();
        for (String reviewed : before.split(NEXT_CASE)) {
            cases.add(report(reviewed.split(REPORT)[0].stripTrailing()));
        }
        String after = String.join(NEXT_CASE, cases) + "\n";
        if (Boolean.getBoolean("catalogue.update")) {
            Files.writeString(row, after);
        }
        else {
            assertThat(after).isEqualTo(before);
        }
    }

    private static String report(String yaml) {
        StringBuilder text = new StringBuilder(yaml);
        AtomicReference<ConfigurableApplicationContext> failed = new AtomicReference<>();
        arranged(yaml).withInitializer(failed::set).run((context) -> {
            Throwable failure = context.getStartupFailure();
            if (failure == null) {
                text.append(REPORT).append("(starts)");
                return;
            }
            FailureAnalysis analysis = analyze(failure, failed.get());
            assertThat(analysis).as("analysis of " + failure).isNotNull();
            text.append(REPORT).append(lines(analysis.getDescription()));
            text.append(ACTION).append(lines(String.valueOf(analysis.getAction())));
        });
        return text.toString();
    }

    /** A line that begins with {@code #!} says what there is besides the file. */
    private static ApplicationContextRunner arranged(String yaml) {
        ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, OutboundAutoConfiguration.class))
            .withInitializer(Yaml.of(yaml).initializer());
        for (String line : yaml.lines().filter((each) -> each.startsWith("#! ")).toList()) {
            String what = line.substring(3, line.indexOf(": "));
            String value = line.substring(line.indexOf(": ") + 2);
            runner = switch (what) {
                case "env" -> runner.withInitializer((context) -> context.getEnvironment()
                    .getPropertySources()
                    .replace(VARIABLES, new SystemEnvironmentPropertySource(VARIABLES, pair(value))));
                case "first" -> runner.withInitializer((context) -> context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("first", pair(value))));
                case "system" -> runner.withSystemProperties(value);
                case "without" -> runner.withClassLoader(new FilteredClassLoader(value));
                case "configuration" -> runner.withUserConfiguration(ClassUtils.resolveClassName(
                        CatalogueTests.class.getName() + "$" + value, CatalogueTests.class.getClassLoader()));
                default -> throw new IllegalArgumentException(line);
            };
        }
        return runner;
    }

    private static Map<String, Object> pair(String text) {
        return Map.of(text.substring(0, text.indexOf('=')), text.substring(text.indexOf('=') + 1));
    }

    private static @Nullable FailureAnalysis analyze(Throwable failure, ConfigurableApplicationContext context) {
        FailureAnalysis injection = new ClientInjectionFailureAnalyzer(context.getBeanFactory()).analyze(failure);
        return (injection != null) ? injection : new InvalidClientConfigurationFailureAnalyzer().analyze(failure);
    }

    private static String lines(String text) {
        return text.replace(System.lineSeparator(), "\n");
    }

    /**
     * Each row of the list has a file, another test, or a reason in {@code rows.txt} why
     * there can be none.
     */
    @Test
    void everyRowIsThere() throws IOException {
        Map<String, String> elsewhere = new TreeMap<>();
        Files.readAllLines(Path.of("src/test/resources/catalogue-rows.txt"))
            .stream()
            .filter((line) -> !line.isBlank() && !line.startsWith("#"))
            .forEach((line) -> elsewhere.put(line.split("\\s+", 2)[0], line.split("\\s+", 2)[1].strip()));
        for (int i = 1; i <= 100; i++) {
            String other = elsewhere.remove("C" + i);
            boolean file = Files.exists(DIRECTORY.resolve("C" + i + ".txt"));
            assertThat(file || other != null).as("row C" + i).isTrue();
            if (other != null && !other.startsWith("-")) {
                assertThat(test(other)).as(other).isTrue();
            }
        }
        assertThat(elsewhere).isEmpty();
    }

    private static boolean test(String name) {
        String type = name.substring(0, name.indexOf('#'));
        Class<?> tests = ClassUtils.resolveClassName("dev.outbound.boot." + type,
                CatalogueTests.class.getClassLoader());
        return Arrays.stream(tests.getDeclaredMethods())
            .anyMatch((method) -> method.getName().equals(name.substring(name.indexOf('#') + 1))
                    && method.getAnnotations().length > 0);
    }

    static class TakenName {

        @Bean
        String billingClient() {
            return "taken";
        }

    }

    static class Misspelt {

        Misspelt(@Qualifier("biling") Client client) {
        }

    }

    static class Unnamed {

        Unnamed(Client whatever) {
        }

    }

    static class NamedBeans {

        @Bean
        Interceptor audit() {
            return (request, next) -> next.send(request);
        }

        @Bean
        NameResolver consul() {
            return (host) -> List.of();
        }

    }

}
