package dev.outbound.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rows of the security matrix that a release needs are tests: those of a call in the
 * fault laboratory of the core, those of an application here and in the modules beside.
 */
class SecurityRowsTests {

    private static final Path DOCS = Path.of("../../docs");

    private static final Path MODULES = Path.of("..");

    private static final String NEEDED = "1-4 7 10 14-17 19-21 28-33 38-44 46-47 50-57 62-64 68 72 75-77 79-83 90 95 "
            + "99-100 104 109-110 112";

    private static final Pattern ROW = Pattern.compile("\\| (S\\d+) \\|.*");

    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    static Stream<String> rows() throws IOException {
        return lines("security-starter.md");
    }

    private static Stream<String> lines(String page) throws IOException {
        return Files.readAllLines(DOCS.resolve(page)).stream().filter((line) -> ROW.matcher(line).matches());
    }

    private static List<String> ids(String page) throws IOException {
        return lines(page).map((line) -> line.substring(2, line.indexOf(' ', 2))).toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theTestsOfARowExist(String row) throws IOException {
        Matcher tests = TEST.matcher(row);
        int count = 0;
        while (tests.find()) {
            assertThat(source(tests.group(1))).as(tests.group()).containsPattern(declaration(tests.group(2)));
            count++;
        }
        assertThat(count).isPositive();
    }

    private static Pattern declaration(String method) {
        return Pattern.compile(
                "@(Test|ParameterizedTest)\\b((?!@Test|@ParameterizedTest|;).)*\\bvoid " + method + "\\(",
                Pattern.DOTALL);
    }

    private static String source(String type) throws IOException {
        try (Stream<Path> files = Files.walk(MODULES)) {
            return files.filter((file) -> file.endsWith(type + ".java") && file.toString().contains("src"))
                .map(SecurityRowsTests::read)
                .findFirst()
                .orElse("");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Test
    void everyRowThatAReleaseNeedsIsThere() throws IOException {
        Set<String> tested = new TreeSet<>(ids("security.md"));
        tested.addAll(ids("security-starter.md"));
        assertThat(tested).containsAll(needed());
    }

    private static List<String> needed() {
        return Arrays.stream(NEEDED.split(" ")).flatMapToInt((range) -> {
            String[] ends = range.split("-");
            return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
        }).mapToObj("S%d"::formatted).toList();
    }

}
