package dev.outbound.client.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.ServerTls;
import dev.outbound.client.lab.TestCertificates;

/**
 * What came out of the rows of one run. JUnit closes it, and it prints the sums.
 */
final class MatrixReport implements AutoCloseable {

    private static final int EVENT_LOOPS = Math.max(Runtime.getRuntime().availableProcessors(), 4);

    private final Map<String, Result> results = new TreeMap<>(
            Comparator.comparing((String id) -> id.charAt(0)).thenComparing((id) -> Integer.valueOf(id.substring(1))));

    private static volatile @Nullable MatrixReport current;

    private MatrixReport() {
    }

    /** Return what came out so far, or {@code null} when no row has run. */
    static @Nullable MatrixReport current() {
        return current;
    }

    static MatrixReport of(ExtensionContext context) {
        return context.getRoot()
            .getStore(ExtensionContext.Namespace.create(MatrixReport.class))
            .computeIfAbsent(MatrixReport.class, (type) -> create(), MatrixReport.class);
    }

    /** What lanes share for good must not count as what the first test leaves behind. */
    private static MatrixReport create() {
        for (EngineLane lane : EngineLane.values()) {
            Cell cell = new Cell(lane);
            TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
            RawServer plain = cell.server(Cell.next());
            RawServer secure = cell.server(ServerTls.of(certificates.server()), Cell.next());
            for (int i = 0; i < EVENT_LOOPS; i++) {
                cell.client(plain).get("/");
            }
            cell.client(secure, (builder) -> builder.sslContext(certificates.client())).get("/");
            try {
                if (lane.isBlocking()) {
                    // The JVM keeps what it polls sockets of virtual threads with.
                    TimeFaultTests.callOnVirtualThreads(cell.client(plain, (builder) -> builder.maxConnections(20)));
                }
                cell.finish();
                cell.close();
            }
            catch (Exception ex) {
                throw new IllegalStateException("A lane does not even work: " + lane, ex);
            }
        }
        MatrixReport report = new MatrixReport();
        current = report;
        return report;
    }

    synchronized void add(Row row, EngineLane lane, String verdict) {
        ids(row).forEach(
                (id) -> this.results.computeIfAbsent(id, (it) -> new Result(it, row, new EnumMap<>(EngineLane.class)))
                    .verdicts()
                    .put(lane, verdict));
    }

    static Stream<String> ids(Row row) {
        return Stream.concat(Stream.of(row.id()), Arrays.stream(row.also()));
    }

    /** Return the rows of one matrix, in order. */
    synchronized List<Result> results(boolean security) {
        return this.results.values().stream().filter((result) -> isOfSecurity(result.id()) == security).toList();
    }

    static boolean isOfSecurity(String id) {
        return id.startsWith("S");
    }

    @Override
    public void close() {
        print("faults", results(false));
        print("security", results(true));
    }

    private static void print(String name, List<Result> results) {
        if (!results.isEmpty()) {
            System.out.println(name + ": " + results.size() + " rows x " + EngineLane.values().length + " lanes, "
                    + count(results, "pass") + " passed, " + count(results, "cannot") + " cannot, "
                    + count(results, "n/a") + " n/a, " + count(results, "FAILED") + " failed");
        }
    }

    static long count(Collection<Result> results, String verdict) {
        return results.stream()
            .flatMap((result) -> result.verdicts().values().stream())
            .filter((given) -> given.startsWith(verdict))
            .count();
    }

    /**
     * What came out of one row.
     *
     * @param id the row's id, or that of another that it is, too
     * @param row the row
     * @param verdicts of each lane that it ran on
     */
    record Result(String id, Row row, Map<EngineLane, String> verdicts) {

        /** Return the row of a table in Markdown. */
        String line() {
            List<String> cells = new ArrayList<>(List.of(this.id, this.row.when(), this.row.then()));
            cells.addAll(this.verdicts.values());
            return cells.stream()
                .map((cell) -> cell.replace("|", "&#124;"))
                .collect(Collectors.joining(" | ", "| ", " |"));
        }

    }

}
