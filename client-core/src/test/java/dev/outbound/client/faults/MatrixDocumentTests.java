package dev.outbound.client.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Runs behind all rows, and compares what came out with the documents;
 * {@code -Dfaults.update=true} writes them instead.
 */
@Order(Integer.MAX_VALUE)
class MatrixDocumentTests {

    private static final Path CLASSES = classes();

    private static Path classes() {
        try {
            return Path.of(MatrixDocumentTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        }
        catch (URISyntaxException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static List<String> ids() {
        String folder = MatrixDocumentTests.class.getPackageName().replace('.', '/');
        try (Stream<Path> files = Files.list(CLASSES.resolve(folder))) {
            return files.map((file) -> file.getFileName().toString())
                .filter((file) -> file.endsWith("Tests.class"))
                .flatMap((file) -> Arrays.stream(load(file.replace(".class", "")).getDeclaredMethods()))
                .filter((method) -> method.isAnnotationPresent(Row.class))
                .flatMap((method) -> MatrixReport.ids(method.getAnnotation(Row.class)))
                .toList();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(MatrixDocumentTests.class.getPackageName() + "." + name);
        }
        catch (ClassNotFoundException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** The build directory is somewhere below the folder that has it. */
    private static Path docs() {
        Path folder = CLASSES;
        while (!Files.isDirectory(folder.resolve("docs"))) {
            folder = folder.getParent();
        }
        return folder.resolve("docs");
    }

    @ParameterizedTest
    @EnumSource
    void documentSaysWhatCameOut(MatrixDocument document) throws IOException {
        MatrixReport report = MatrixReport.current();
        List<String> declared = ids().stream().filter(document::holds).toList();
        List<String> ran = (report != null) ? document.results(report).stream().map(MatrixReport.Result::id).toList()
                : List.of();
        assumeThat(ran).as("rows that ran").containsAll(declared);
        assumeThat(ran).isNotEmpty();
        assertThat(MatrixReport.count(document.results(report), "FAILED")).as("cells that failed").isZero();
        Path file = docs().resolve(document.file());
        if (Boolean.getBoolean("faults.update")) {
            Files.writeString(file, document.text(report));
        }
        assertThat(document.text(report))
            .as("%s; if the change is meant, run all rows with -Dfaults.update=true and review it", file)
            .isEqualTo(Files.exists(file) ? Files.readString(file) : "");
    }

    @Test
    void idsAreUnique() {
        List<String> ids = ids();
        assertThat(new TreeSet<>(ids)).hasSameSizeAs(ids);
    }

    /** An engine's limit is an exception: if there are too many, the engine is wrong. */
    @ParameterizedTest
    @EnumSource
    void atMostOneCellInTwentyIsBeyondAnEngine(MatrixDocument document) {
        MatrixReport report = MatrixReport.current();
        assumeThat(report).isNotNull();
        List<MatrixReport.Result> results = (report != null) ? document.results(report) : List.of();
        assumeThat(results).hasSizeGreaterThan(100);
        long cells = results.stream().mapToLong((result) -> result.verdicts().size()).sum();
        assertThat(20 * MatrixReport.count(results, "cannot")).isLessThanOrEqualTo(cells);
    }

}
