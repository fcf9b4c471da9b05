package dev.outbound.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

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
        new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
            .withInitializer(Yaml.of(yaml).initializer())
            .run((context) -> {
                FailureAnalysis analysis = (context.getStartupFailure() != null)
                        ? new InvalidClientConfigurationFailureAnalyzer().analyze(context.getStartupFailure()) : null;
                if (context.getStartupFailure() != null) {
                    assertThat(analysis).as("analysis of " + context.getStartupFailure()).isNotNull();
                }
                if (analysis != null) {
                    text.append(REPORT).append(lines(analysis.getDescription()));
                    text.append(ACTION).append(lines(String.valueOf(analysis.getAction())));
                }
                else {
                    text.append(REPORT).append("(starts)");
                }
            });
        return text.toString();
    }

    private static String lines(String text) {
        return text.replace(System.lineSeparator(), "\n");
    }

}
