package dev.outbound.sample;

import java.util.Locale;
import java.util.StringJoiner;

import dev.outbound.boot.Clients;
import dev.outbound.client.guard.CallStatistics;

/**
 * What each client did, as a table of text.
 */
record ClientTable(Clients clients) {

    @Override
    public String toString() {
        StringJoiner table = new StringJoiner(System.lineSeparator());
        table.add(String.format(Locale.ROOT, "  %-10s %6s %9s %8s %7s %10s", "client", "calls", "attempts", "retries",
                "status", "time"));
        for (String name : this.clients.names()) {
            CallStatistics statistics = this.clients.session(name).statistics();
            table.add(String.format(Locale.ROOT, "  %-10s %6d %9d %8d %7d %7d ms", name, statistics.calls(),
                    statistics.attempts(), statistics.retries(), statistics.lastStatus(),
                    statistics.time().toMillis()));
        }
        return table.toString();
    }

}
