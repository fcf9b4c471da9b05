package dev.outbound.client.vectors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.outbound.client.lab.GeneratedPage;

import static org.assertj.core.api.Assertions.assertThat;

class DeviationsTests {

    private static final Path PAGE = Path.of("../docs/httpx-differences.md");

    private static final int ALL_VECTORS = 929;

    @Test
    void allVectorsAreThere() {
        assertThat(VectorFiles.TOPICS.stream().map(VectorFiles::bundled).mapToInt(List::size).sum())
            .isEqualTo(ALL_VECTORS);
    }

    @Test
    void atMostFourPercentDeviate() {
        List<Vector> deviating = VectorFiles.TOPICS.stream()
            .flatMap((topic) -> VectorFiles.bundled(topic).stream())
            .filter((vector) -> Deviations.of(vector) != null)
            .toList();
        assertThat(deviating).hasSizeLessThanOrEqualTo(ALL_VECTORS * 4 / 100);
    }

    @Test
    void ruleIsAboutContentAndNotAboutIds() {
        assertThat(Deviations.all()).allSatisfy((deviation) -> {
            assertThat(deviation.topics()).isNotEmpty().isSubsetOf(VectorFiles.TOPICS);
            assertThat(deviation.why()).isNotBlank();
        });
    }

    /**
     * With {@code -Dvectors.update=true} the table of the page is written instead, to be
     * reviewed.
     */
    @Test
    void pageListsTheRules() throws IOException {
        List<String> rows = Deviations.all().stream().map(DeviationsTests::row).toList();
        List<String> page = Files.readAllLines(PAGE);
        int first = page.indexOf("| --- | --- | --- | --- |") + 1;
        int last = first;
        while (last < page.size() && page.get(last).startsWith("|")) {
            last++;
        }
        page.subList(first, last).clear();
        page.addAll(first, rows);
        GeneratedPage.assertUpToDate(PAGE, String.join("\n", page) + "\n", "vectors.update");
    }

    private static String row(Deviation deviation) {
        return "| " + deviation.httpx() + " | " + deviation.ours() + " | " + deviation.why() + " | "
                + String.join(", ", deviation.topics()) + " |";
    }

}
