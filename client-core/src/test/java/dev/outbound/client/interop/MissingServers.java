package dev.outbound.client.interop;

import java.util.EnumMap;
import java.util.Map;

/**
 * Counts the tests that were skipped, and prints a line for each missing server when all
 * tests of the run have ended. JUnit closes it.
 */
final class MissingServers implements AutoCloseable {

    private final Map<Program, Integer> skipped = new EnumMap<>(Program.class);

    synchronized void skipped(Program program) {
        this.skipped.merge(program, 1, Integer::sum);
    }

    /** Return the lines to print, each with its end. */
    synchronized String summary() {
        StringBuilder lines = new StringBuilder();
        this.skipped.forEach((program, count) -> lines.append("interop: ")
            .append(program)
            .append(" is not installed, ")
            .append(count)
            .append(" tests skipped (apt-get install ")
            .append(program.packages())
            .append(")\n"));
        return lines.toString();
    }

    @Override
    public void close() {
        System.out.print(summary());
    }

}
