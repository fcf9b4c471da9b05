package dev.outbound.client.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.util.StringUtils;

import dev.outbound.client.lab.GeneratedPage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Makes {@code docs/from-httpx.md} of a template, which has the text and the Python, and
 * of the snippets of the tests beside this one. A line such as
 * {@code blocking: BasicRequests#get} behind a block of Python names its twin.
 */
class GuidePageTests {

    private static final Path PAGE = Path.of("../docs/from-httpx.md");

    private static final Path TEMPLATE = Path.of("src/test/resources/guide/from-httpx.md");

    /** Where the tests of the chapters are; mocking is another module's. */
    private static final List<Path> SOURCES = List.of(Path.of("src/test/java/dev/outbound/client/guide"),
            Path.of("../spring-boot-starter/test/src/test/java/dev/outbound/mock/guide"));

    private static final Pattern TWIN = Pattern.compile("(blocking|reactive|built in): (\\w+#[\\w-]+)");

    /** The snippets of all chapters, as {@code BasicRequests#get}. */
    private static Map<String, String> snippets() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        for (Path folder : SOURCES) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter((path) -> path.toString().endsWith("Tests.java")).sorted().toList()) {
                    String chapter = file.getFileName().toString().replace("Tests.java", "");
                    Snippets.read(file).forEach((name, code) -> all.put(chapter + "#" + name, code));
                }
            }
        }
        return all;
    }

    private final Set<String> shown = new HashSet<>();

    @Test
    void thePageShowsWhatTheTestsRun() throws IOException {
        Map<String, String> snippets = snippets();
        GeneratedPage.assertUpToDate(PAGE, page(Files.readAllLines(TEMPLATE), snippets), "guide.update");
        assertThat(this.shown).containsExactlyInAnyOrderElementsOf(snippets.keySet());
    }

    private String page(List<String> template, Map<String, String> snippets) {
        StringBuilder page = new StringBuilder();
        Iterator<String> lines = template.iterator();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.equals("```python")) {
                appendPython(page, lines);
            }
            else {
                Matcher twin = TWIN.matcher(line);
                if (twin.matches()) {
                    appendJava(page, twin.group(1), twin.group(2), snippets);
                }
                else if (line.equals("---")) {
                    page.append("</td>\n</tr>\n</table>\n");
                }
                else {
                    page.append(line).append('\n');
                }
            }
        }
        return page.toString();
    }

    private static void appendPython(StringBuilder page, Iterator<String> lines) {
        page.append("<table>\n<tr><th>HTTPX</th><th>Outbound</th></tr>\n<tr>\n<td valign=\"top\">\n\n```python\n");
        String line = lines.next();
        while (!line.equals("```")) {
            page.append(line).append('\n');
            line = lines.next();
        }
        page.append("```\n\n</td>\n<td valign=\"top\">\n\n");
    }

    private void appendJava(StringBuilder page, String kind, String name, Map<String, String> snippets) {
        assertThat(snippets).as("snippets that the template may show").containsKey(name);
        this.shown.add(name);
        page.append(StringUtils.capitalize(kind))
            .append("\n\n```java\n")
            .append(snippets.get(name))
            .append("\n```\n\n");
    }

}
