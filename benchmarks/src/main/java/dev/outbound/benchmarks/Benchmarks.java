package dev.outbound.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the contenders and says whether the goals are met: {@code run.sh} with its
 * options.
 */
final class Benchmarks {

    private static final List<String> BLOCKING = List.of("HttpClient 5", "Outbound unobserved", "Outbound",
            "RestClient complete", "OpenFeign complete");

    private static final List<String> REACTIVE = List.of("Reactor Netty", "Outbound reactive", "WebClient complete");

    private static final List<String> MANY_REACTIVE = List.of("Reactor Netty", "Outbound reactive",
            "Outbound reactive, a timer alone", "WebClient complete");

    private static final List<String> MOCKED = List.of("mocked", "mocked reactive");

    private static final List<String> DEEP = List.of(Contenders.deep(2), Contenders.deep(6), Contenders.deep(10));

    private static final List<String> FURTHER = List.of("raw socket", "JDK", "OkHttp", "Outbound bare",
            "Outbound on JDK", "RestClient", "OkHttp complete", "Outbound reactive unobserved",
            "Outbound reactive on JDK", "WebClient");

    private static final int FORKS = 3;

    private static final Turns FOR_CPU = new Turns(4000, 7500, 5, 400);

    /** The compilers take long with Reactor's operators. */
    private static final Turns FOR_REACTIVE_CPU = new Turns(5000, 13_000, 5, 400);

    private static final Turns FOR_MOCKS = new Turns(3000, 5000, 3, 400);

    private static final Turns FOR_BYTES = new Turns(1000, 1500, 1, 400);

    /**
     * Bytes to be compared with one another: what the compiler removes of them differs by
     * some hundred from JVM to JVM.
     */
    private static final Turns FOR_ALL_BYTES = new Turns(2500, 4000, 1, 400, List.of("-XX:-DoEscapeAnalysis"));

    private static final Turns IN_FULL = new Turns(6000, 15_000, 10, 600);

    private final boolean quick;

    private final Results results = new Results();

    private final StartUps startUps = new StartUps();

    private final Streams streams = new Streams();

    private Benchmarks(boolean quick) {
        this.quick = quick;
    }

    /** {@code --quick}, {@code --check}; or {@code --start-up} alone. */
    public static void main(String[] args) throws Exception {
        Set<String> options = Set.of(args);
        if (options.equals(Set.of("--start-up"))) {
            StartUpTable table = new StartUpTable();
            table.measure();
            System.out.println(table);
            return;
        }
        Set<String> unknown = new TreeSet<>(options);
        unknown.removeAll(Set.of("--quick", "--check"));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "There is no option " + unknown + ", but --quick and --check, and --start-up alone");
        }
        Benchmarks benchmarks = new Benchmarks(options.contains("--quick"));
        List<Goal> goals = benchmarks.run();
        String table = Table.of(benchmarks.results, benchmarks.startUps, benchmarks.streams, goals);
        Files.writeString(Path.of(System.getProperty("benchmarks.table", "table.md")), table);
        System.out.println(table);
        List<Goal> missed = goals.stream().filter((goal) -> !goal.isMet()).toList();
        if (!missed.isEmpty()) {
            System.out.println("missed: " + String.join("; ", missed.stream().map(Goal::name).toList()));
        }
        System.exit((options.contains("--check") && !missed.isEmpty()) ? 1 : 0);
    }

    private List<Goal> run() throws Exception {
        try (Fork server = Fork.start(Server.class, List.of("-Xmx64m"))) {
            int port = Integer.parseInt(server.read());
            for (int fork = 0; fork < FORKS; fork++) {
                server.pin(0);
                measure(port);
                if (!this.quick) {
                    server.unpin();
                    measureMany(port);
                    this.streams.measure(port);
                }
            }
            server.pin(0);
            for (String contender : Contenders.names()) {
                if (!this.results.has(contender)) {
                    FOR_BYTES.take(List.of(contender), Load.ONE, port, this.results);
                }
            }
        }
        if (!this.quick) {
            new Runner(new OptionsBuilder().include(LayerBenchmarks.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .build()).run();
        }
        return Goals.of(this.results, this.startUps, this.streams);
    }

    /** One fork of each, on one thread. */
    private void measure(int port) throws IOException {
        (this.quick ? FOR_CPU : IN_FULL).take(BLOCKING, Load.ONE, port, this.results);
        (this.quick ? FOR_REACTIVE_CPU : IN_FULL).take(REACTIVE, Load.ONE, port, this.results);
        if (!this.quick) {
            IN_FULL.take(FURTHER, Load.ONE, port, this.results);
        }
        FOR_MOCKS.take(MOCKED, Load.ONE, port, this.results);
        FOR_ALL_BYTES.take(DEEP, Load.ONE, port, this.results);
        this.startUps.measure();
    }

    /** One fork of each, with 64 calls in flight. */
    private void measureMany(int port) throws IOException {
        List<String> blocking = List.of("HttpClient 5", "Outbound", "RestClient complete");
        IN_FULL.take(blocking, Load.PLATFORM, port, this.results);
        if (Load.hasVirtualThreads()) {
            IN_FULL.take(blocking, Load.VIRTUAL, port, this.results);
        }
        IN_FULL.take(MANY_REACTIVE, Load.REACTIVE, port, this.results);
    }

}
