package dev.outbound.benchmarks;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.outbound.benchmarks.Streaming.Way;

/**
 * The best of the runs of each way to move a gigabyte.
 */
final class Streams {

    private final Map<Way, Long> best = new EnumMap<>(Way.class);

    void measure(int port) throws IOException {
        for (Way way : Way.values()) {
            try (Fork fork = Fork.start(Streaming.class, List.of("-Xmx64m"), way.name(), Integer.toString(port))) {
                this.best.merge(way, Long.parseLong(fork.read()), Math::max);
            }
        }
    }

    boolean isEmpty() {
        return this.best.isEmpty();
    }

    double ratio(Way way, Way baseline) {
        return (double) Objects.requireNonNull(this.best.get(way)) / Objects.requireNonNull(this.best.get(baseline));
    }

    /** Return a table of MB/s. */
    String table() {
        StringBuilder table = new StringBuilder("| 1 GiB in 64 MB of heap | MB/s, best run |\n| --- | --- |\n");
        this.best.forEach((way, bytes) -> table.append("| ")
            .append(way.name().toLowerCase(Locale.ROOT).replace('_', ' '))
            .append(" | ")
            .append(bytes / 1_000_000)
            .append(" |\n"));
        return table.toString();
    }

}
