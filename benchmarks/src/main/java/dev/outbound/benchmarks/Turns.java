package dev.outbound.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How contenders take turns: each in a fork of its own that is warmed up, then for a
 * slice of time each, again and again, so that what disturbs the machine for a while
 * disturbs all of them.
 *
 * @param leastWarmUp for how many milliseconds each is warmed up at least
 * @param mostWarmUp and at most, where the compiler does not fall silent
 * @param slices how often each has its turn
 * @param millis the length of a turn
 * @param options further options of the forks' JVMs
 */
record Turns(long leastWarmUp, long mostWarmUp, int slices, long millis, List<String> options) {

    Turns(long leastWarmUp, long mostWarmUp, int slices, long millis) {
        this(leastWarmUp, mostWarmUp, slices, millis, List.of());
    }

    void take(List<String> contenders, Load load, int port, Results results) throws IOException {
        List<Player> players = new ArrayList<>();
        try {
            for (String contender : contenders) {
                Player player = new Player(contender, Fork.worker(contender, port, load, this.options),
                        new ArrayList<>());
                players.add(player);
                player.fork.ask("warm " + this.leastWarmUp + " " + this.mostWarmUp);
                if (load == Load.ONE) {
                    player.fork.pin(1);
                }
                player.fork.ask("run " + this.millis);
            }
            for (int i = 0; i < this.slices; i++) {
                for (Player player : players) {
                    player.samples.add(Sample.parse(player.fork.ask("run " + this.millis)));
                }
            }
            for (Player player : players) {
                results.add(load.named(player.contender), player.samples, Long.parseLong(player.fork.ask("heap")));
                System.err
                    .println(load.named(player.contender) + ": " + player.samples.stream().map(Turns::text).toList());
            }
        }
        finally {
            for (Player player : players) {
                player.fork.close();
            }
        }
    }

    private static String text(Sample sample) {
        return String.format(Locale.ROOT, "%.1f us, %.0f B", sample.cpuMicros(), sample.bytesPerCall());
    }

    private record Player(String contender, Fork fork, List<Sample> samples) {
    }

}
