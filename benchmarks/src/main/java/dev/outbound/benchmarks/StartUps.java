package dev.outbound.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Starts of applications with few and with many clients, in turns.
 */
final class StartUps {

    private static final int FEW = 10;

    private static final int MANY = 1000;

    private final List<StartUp.Outcome> few = new ArrayList<>();

    private final List<StartUp.Outcome> many = new ArrayList<>();

    void measure() throws IOException {
        this.few.add(start(FEW));
        this.many.add(start(MANY));
    }

    private static StartUp.Outcome start(int clients) throws IOException {
        try (Fork fork = Fork.start(StartUp.class, List.of("-Xmx512m"), Integer.toString(clients))) {
            StartUp.Outcome outcome = StartUp.Outcome.parse(fork.read());
            System.err.println("start-up: " + outcome);
            return outcome;
        }
    }

    /** Return the milliseconds that one more client takes. */
    double millisPerClient() {
        return perClient(StartUp.Outcome::millis);
    }

    /** Return the kilobytes that one more client keeps. */
    double kilobytesPerClient() {
        return perClient((outcome) -> outcome.heap() / 1024.0);
    }

    /** Return the threads and sockets that 990 more clients hold. */
    double furtherThreadsAndSockets() {
        return (MANY - FEW) * perClient((outcome) -> outcome.threads() + outcome.sockets());
    }

    private double perClient(ToDoubleFunction<StartUp.Outcome> figure) {
        return (median(this.many, figure) - median(this.few, figure)) / (MANY - FEW);
    }

    private static double median(List<StartUp.Outcome> outcomes, ToDoubleFunction<StartUp.Outcome> figure) {
        return Figures.Spread.of(outcomes.stream().mapToDouble(figure).toArray()).median();
    }

}
