package dev.outbound.client.faults;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.outbound.client.lab.EngineLane;

/**
 * A matrix with what came out of it, in Markdown.
 */
enum MatrixDocument {

    FAULTS("faults.md", false, "Faults",
            "What the client does when a server, a proxy or the line misbehaves. Each row is a test that runs on every"
                    + " lane, named by the row's id; after each, connections, calls, threads, buffers and open files"
                    + " are counted.",
            Map.ofEntries(Map.entry('A', "Name lookup and connecting"), Map.entry('B', "TLS"),
                    Map.entry('C', "Head of the response"), Map.entry('D', "Body of the response"),
                    Map.entry('E', "Request"), Map.entry('F', "Connections and their pool"), Map.entry('G', "Retries"),
                    Map.entry('H', "Redirects and cookies"), Map.entry('I', "Proxies"), Map.entry('J', "HTTP/2"),
                    Map.entry('K', "Cancellation, life cycle, time"))),

    SECURITY("security.md", true, "Security",
            "What the client does about what an attacker may send, or may have it send. Each row is a test that runs"
                    + " on every lane, named by the row's id.",
            Map.of('S', "Rows"));

    private final String file;

    private final boolean security;

    private final String title;

    private final String introduction;

    private final Map<Character, String> sections;

    MatrixDocument(String file, boolean security, String title, String introduction, Map<Character, String> sections) {
        this.file = file;
        this.security = security;
        this.title = title;
        this.introduction = introduction;
        this.sections = sections;
    }

    String file() {
        return this.file;
    }

    List<MatrixReport.Result> results(MatrixReport report) {
        return report.results(this.security);
    }

    boolean holds(String id) {
        return MatrixReport.isOfSecurity(id) == this.security;
    }

    String text(MatrixReport report) {
        List<MatrixReport.Result> results = results(report);
        StringBuilder text = new StringBuilder("# ").append(this.title)
            .append("\n\n")
            .append(this.introduction)
            .append("\n\nMade by the tests (`./mvnw verify` compares it, `-Dfaults.update=true` writes it): ")
            .append(results.size())
            .append(" rows x ")
            .append(EngineLane.values().length)
            .append(" lanes: ")
            .append(MatrixReport.count(results, "pass"))
            .append(" pass, ")
            .append(MatrixReport.count(results, "cannot"))
            .append(" cannot, ")
            .append(MatrixReport.count(results, "n/a"))
            .append(" n/a. *Cannot* is a limit of the engine, *n/a* says that the lane has nothing of the sort.\n");
        results.stream().map((result) -> result.id().charAt(0)).distinct().forEach((section) -> {
            text.append("\n## ").append(section).append(". ").append(this.sections.get(section)).append("\n\n");
            append(text, results, section);
        });
        return text.toString();
    }

    private static void append(StringBuilder text, List<MatrixReport.Result> results, char section) {
        List<String> lanes = Arrays.stream(EngineLane.values()).map(EngineLane::toString).toList();
        text.append("| Row | When | Then | ")
            .append(String.join(" | ", lanes))
            .append(" |\n|---|---|---|")
            .append("---|".repeat(lanes.size()))
            .append('\n')
            .append(results.stream()
                .filter((result) -> result.id().charAt(0) == section)
                .map(MatrixReport.Result::line)
                .collect(Collectors.joining("\n", "", "\n")));
    }

}
