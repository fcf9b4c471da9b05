package dev.outbound.benchmarks;

import java.util.List;
import java.util.Set;

/**
 * Runs the contenders and says whether the goals are met: {@code run.sh} with its
 * options.
 */
final class Benchmarks {

    private static final List<String> BLOCKING = List.of("HttpClient 5", "Outbound unobserved", "Outbound",
            "RestClient complete", "OpenFeign complete");

    private static final List<String> REACTIVE = List.of("Reactor Netty", "Outbound reactive", "WebClient complete");

    private static final List<String> MOCKED = List.of("mocked", "mocked reactive");

    private static final List<String> DEEP = List.of(Contenders.deep(2), Contenders.deep(6), Contenders.deep(10));

    private static final int FORKS = 3;

    private static final Turns FOR_CPU = new Turns(3000, 8000, 6, 500);

    private static final Turns FOR_MOCKS = new Turns(2000, 4000, 3, 500);

    private static final Turns FOR_BYTES = new Turns(1000, 2500, 1, 500);

    private final Results results = new Results();

    private final StartUps startUps = new StartUps();

    private Benchmarks() {
    }

    public static void main(String[] args) throws Exception {
        List<Goal> goals = new Benchmarks().run();
        goals.forEach(System.out::println);
        List<Goal> missed = goals.stream().filter((goal) -> !goal.isMet()).toList();
        if (!missed.isEmpty()) {
            System.out.println("missed: " + String.join("; ", missed.stream().map(Goal::name).toList()));
        }
        System.exit((Set.of(args).contains("--check") && !missed.isEmpty()) ? 1 : 0);
    }

    private List<Goal> run() throws Exception {
        try (Fork server = Fork.start(Server.class, List.of("-Xmx64m"))) {
            int port = Integer.parseInt(server.read());
            server.pin(0);
            for (int fork = 0; fork < FORKS; fork++) {
                FOR_CPU.take(BLOCKING, Load.ONE, port, this.results);
                FOR_CPU.take(REACTIVE, Load.ONE, port, this.results);
                FOR_MOCKS.take(MOCKED, Load.ONE, port, this.results);
                FOR_BYTES.take(DEEP, Load.ONE, port, this.results);
                this.startUps.measure();
            }
            for (String contender : Contenders.names()) {
                if (!this.results.has(contender)) {
                    FOR_BYTES.take(List.of(contender), Load.ONE, port, this.results);
                }
            }
        }
        Table.print(this.results);
        return Goals.of(this.results, this.startUps);
    }

}
