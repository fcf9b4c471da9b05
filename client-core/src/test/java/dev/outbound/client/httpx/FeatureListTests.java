package dev.outbound.client.httpx;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every feature of HTTPX has a test that names it, or a reason on the page of the
 * differences why Java has no use for it.
 */
class FeatureListTests {

    private static final Path LIST = Path.of("src/test/resources/httpx/features.txt");

    private static final Path PAGE = Path.of("../docs/httpx-differences.md");

    private static List<String> features() throws IOException {
        return Files.readAllLines(LIST).stream().filter((line) -> !line.isBlank() && !line.startsWith("#")).toList();
    }

    /**
     * The rows of the page's table of what is missing: {@code | A18 pickling | why |}.
     */
    private static List<String> explained() throws IOException {
        return Files.readAllLines(PAGE)
            .stream()
            .filter((line) -> line.matches("\\| A\\d+ .*"))
            .map((line) -> line.substring(2, line.indexOf(" |", 2)))
            .toList();
    }

    /** The display names of all tests of this module that begin with a section. */
    private static List<String> tests() throws IOException, URISyntaxException {
        Path classes = Path.of(FeatureListTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            files.map((file) -> classes.relativize(file).toString().replace('/', '.').replace('\\', '.'))
                .filter((file) -> file.matches(".*\\.A\\d\\d\\w+Tests\\.class"))
                .map((file) -> file.substring(0, file.length() - ".class".length()))
                .forEach((type) -> names.addAll(displayNames(type)));
        }
        return names;
    }

    private static List<String> displayNames(String type) {
        try {
            return Arrays.stream(Class.forName(type).getDeclaredMethods())
                .filter(FeatureListTests::isTest)
                .map((method) -> method.getAnnotation(DisplayName.class))
                .map((name) -> (name != null) ? name.value() : type + " has a test without a display name")
                .toList();
        }
        catch (ClassNotFoundException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }

    private static boolean names(String test, String feature) {
        return test.equals(feature) || test.startsWith(feature + ": ");
    }

    private static List<String> tested() throws Exception {
        List<String> tests = tests();
        return features().stream()
            .filter((feature) -> tests.stream().anyMatch((test) -> names(test, feature)))
            .toList();
    }

    @Test
    void eachFeatureHasATestOrAReason() throws Exception {
        List<String> covered = new ArrayList<>(tested());
        covered.addAll(explained());
        assertThat(features()).doesNotHaveDuplicates();
        assertThat(covered).as("features with a test, or else a row in %s", PAGE)
            .containsExactlyInAnyOrderElementsOf(features());
    }

    @Test
    void eachTestAndEachReasonNamesAFeature() throws Exception {
        List<String> features = features();
        assertThat(tests()).isNotEmpty()
            .filteredOn((test) -> features.stream().noneMatch((feature) -> names(test, feature)))
            .isEmpty();
        assertThat(features).containsAll(explained());
    }

}
