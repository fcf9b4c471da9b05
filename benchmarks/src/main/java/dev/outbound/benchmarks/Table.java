package dev.outbound.benchmarks;

import java.util.List;

/**
 * The figures of all contenders, in Markdown.
 */
final class Table {

    private static final int KIB = 1024;

    private final StringBuilder text = new StringBuilder();

    private Table() {
    }

    static String of(Results results, StartUps startUps, Streams streams, List<Goal> goals) {
        Table table = new Table();
        table.machine();
        table.one(results);
        table.line("");
        table.many(results);
        if (!streams.isEmpty()) {
            table.line(streams.table());
        }
        table.line(String.format("Start-up: %.2f ms and %.1f KB for each further named client.",
                startUps.millisPerClient(), startUps.kilobytesPerClient()));
        table.line("");
        table.line("```");
        goals.forEach((goal) -> table.line(goal.toString()));
        table.line("```");
        return table.text.toString();
    }

    private void machine() {
        line(System.getProperty("java.vendor.version", "JDK") + " " + Runtime.version() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, "
                + (Fork.pins() ? "server and client on one each." : "not pinned."));
        line("");
    }

    private void one(Results results) {
        line("| one thread | CPU us | forks | bytes | forks | x HttpClient 5 | live heap, KiB | forks |");
        line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        double baseline = results.cpu("HttpClient 5");
        for (String name : Contenders.names()) {
            if (results.has(name)) {
                Figures figures = results.of(name);
                // One short fork is enough for bytes, and not for time.
                boolean timed = figures.forks() > 1;
                line("| " + name + " | " + (timed ? figures.cpu().text(1) : "") + " | "
                        + (timed ? figures.cpu().range(1) : "") + " | " + figures.bytes().text(0) + " | "
                        + figures.bytes().range(0) + " | "
                        + (timed ? String.format("%.2f", figures.cpu().median() / baseline) : "") + " | "
                        + Math.round(figures.heap().median() / KIB) + " | " + figures.forks() + " |");
            }
        }
    }

    private void many(Results results) {
        if (!results.has(Load.PLATFORM.named("Outbound"))) {
            return;
        }
        line("| 64 in flight | calls/s | forks | CPU us | bytes |");
        line("| --- | ---: | ---: | ---: | ---: |");
        for (String name : results.names()) {
            if (name.contains(", 64 ")) {
                Figures figures = results.of(name);
                line("| " + name + " | " + figures.throughput().text(0) + " | " + figures.throughput().range(0) + " | "
                        + figures.cpu().text(1) + " | " + figures.bytes().text(0) + " |");
            }
        }
        line("");
    }

    private void line(String line) {
        this.text.append(line).append('\n');
    }

}
