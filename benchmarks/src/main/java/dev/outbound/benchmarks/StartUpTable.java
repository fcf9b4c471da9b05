package dev.outbound.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How long applications with 0, 10 and 100 clients take to start, beside those with as
 * many groups of Spring's own: {@code run.sh --start-up}. Forks take turns.
 */
final class StartUpTable {

    private static final int TURNS = 7;

    private static final List<Integer> NUMBERS = List.of(0, 10, 100);

    private final Map<String, List<StartUp.Outcome>> outcomes = new LinkedHashMap<>();

    void measure() throws IOException {
        for (int turn = 0; turn < TURNS; turn++) {
            for (int number : NUMBERS) {
                take("named clients, blocking and reactive", StartUp.class, number);
                take("@HttpExchange on named clients", Interfaces.class, number, "outbound");
                take("@HttpExchange on Spring's properties", Interfaces.class, number, "spring");
            }
        }
    }

    private void take(String what, Class<?> main, int number, String... kind) throws IOException {
        List<String> args = new ArrayList<>(List.of(kind));
        args.add(Integer.toString(number));
        try (Fork fork = Fork.start(main, List.of("-Xmx512m"), args.toArray(String[]::new))) {
            StartUp.Outcome outcome = StartUp.Outcome.parse(fork.read());
            this.outcomes.computeIfAbsent(what + " | " + number, (key) -> new ArrayList<>()).add(outcome);
        }
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder("| start-up with | number | ms | MB of heap | threads | sockets |\n"
                + "| --- | --- | --- | --- | --- | --- |\n");
        this.outcomes.forEach((what,
                starts) -> table.append(String.format(Locale.ROOT, "| %s | %.0f | %.1f | %.0f | %.0f |%n", what,
                        median(starts, StartUp.Outcome::millis),
                        median(starts, (outcome) -> outcome.heap() / (1024.0 * 1024)),
                        median(starts, StartUp.Outcome::threads), median(starts, StartUp.Outcome::sockets))));
        return table.toString();
    }

    private static double median(List<StartUp.Outcome> starts, ToDoubleFunction<StartUp.Outcome> figure) {
        return Figures.Spread.of(starts.stream().mapToDouble(figure).toArray()).median();
    }

}
