package dev.outbound.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.outbound.benchmarks.Streaming.Way;

/**
 * What is asked of the clients, see {@code docs/performance.md}.
 */
final class Goals {

    private static final int KIB = 1024;

    private final Results results;

    private final List<Goal> goals = new ArrayList<>();

    private Goals(Results results) {
        this.results = results;
    }

    static List<Goal> of(Results results, StartUps startUps, Streams streams) {
        Goals goals = new Goals(results);
        goals.blocking();
        goals.reactive();
        goals.deep();
        goals.startUp(startUps);
        goals.mocked();
        if (!streams.isEmpty()) {
            goals.many();
            goals.streams(streams);
        }
        return goals.goals;
    }

    private void blocking() {
        bytesAtMost("Outbound", "HttpClient 5", 4 * KIB);
        bytesAtMost("Outbound unobserved", "HttpClient 5", KIB);
        cpuAtMost("Outbound", "HttpClient 5", 1.30);
        cpuAtMost("Outbound unobserved", "HttpClient 5", 1.15);
        cpuAtMost("Outbound", "RestClient complete", 0.70);
        cpuAtMost("Outbound", "OpenFeign complete", 0.60);
    }

    private void reactive() {
        bytesAtMost("Outbound reactive", "Reactor Netty", 6 * KIB);
        cpuAtMost("Outbound reactive", "Reactor Netty", 1.25);
        cpuAtMost("Outbound reactive", "WebClient complete", 0.85);
        atMost("bytes of Outbound reactive over WebClient complete",
                this.results.bytes("Outbound reactive") / this.results.bytes("WebClient complete"), 0.65);
    }

    /** From six to ten tenths, a tenth may hardly cost more than from two to six. */
    private void deep() {
        double few = this.results.bytes(Contenders.deep(2));
        double some = this.results.bytes(Contenders.deep(6));
        double many = this.results.bytes(Contenders.deep(10));
        atMost("growth of bytes in the upper over the lower half of deep settings", (many - some) / (some - few), 1.10);
    }

    private void startUp(StartUps startUps) {
        atMost("milliseconds of start-up per further client over 1.5", startUps.millisPerClient() / 1.5, 1);
        atMost("kilobytes of heap per further client over 40", startUps.kilobytesPerClient() / 40, 1);
        atMost("threads and sockets of 990 further clients", startUps.furtherThreadsAndSockets(), 0);
    }

    private void mocked() {
        atMost("CPU microseconds of a mocked call over 15", this.results.cpu("mocked") / 15, 1);
        atMost("CPU microseconds of a mocked reactive call over 15", this.results.cpu("mocked reactive") / 15, 1);
    }

    private void many() {
        for (Load load : List.of(Load.PLATFORM, Load.VIRTUAL)) {
            if (this.results.has(load.named("Outbound"))) {
                throughputAtLeast(load, "Outbound", "HttpClient 5", 0.90);
                throughputAtLeast(load, "Outbound", "RestClient complete", 1.15);
            }
        }
        throughputAtLeast(Load.REACTIVE, "Outbound reactive", "Reactor Netty", 0.90);
        throughputAtLeast(Load.REACTIVE, "Outbound reactive, a timer alone", "Reactor Netty", 0.90);
        throughputAtLeast(Load.REACTIVE, "Outbound reactive", "WebClient complete", 1.15);
    }

    private void streams(Streams streams) {
        streamAtLeast(streams, Way.OUTBOUND_DOWN, Way.HTTP_COMPONENTS_DOWN);
        streamAtLeast(streams, Way.OUTBOUND_UP, Way.HTTP_COMPONENTS_UP);
        streamAtLeast(streams, Way.OUTBOUND_REACTIVE_DOWN, Way.REACTOR_NETTY_DOWN);
        streamAtLeast(streams, Way.OUTBOUND_REACTIVE_UP, Way.REACTOR_NETTY_UP);
    }

    private void throughputAtLeast(Load load, String contender, String baseline, double limit) {
        this.goals.add(Goal.atLeast("throughput at least, " + load.named(contender) + " over " + baseline,
                this.results.throughput(load.named(contender)) / this.results.throughput(load.named(baseline)), limit));
    }

    private void streamAtLeast(Streams streams, Way way, Way baseline) {
        this.goals.add(Goal.atLeast("throughput at least, streamed, " + way.name().toLowerCase(Locale.ROOT) + " over "
                + baseline.name().toLowerCase(Locale.ROOT), streams.ratio(way, baseline), 0.80));
    }

    private void bytesAtMost(String contender, String baseline, int more) {
        atMost("bytes of " + contender + " over " + baseline + " + " + more / KIB + " KiB",
                this.results.bytes(contender) / (this.results.bytes(baseline) + more), 1);
    }

    private void cpuAtMost(String contender, String baseline, double limit) {
        atMost("CPU of " + contender + " over " + baseline, this.results.cpu(contender) / this.results.cpu(baseline),
                limit);
    }

    private void atMost(String name, double ratio, double limit) {
        this.goals.add(Goal.atMost(name, ratio, limit));
    }

}
