package dev.outbound.client.vectors;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Collects what came out of the vectors and prints it when all tests of the run have
 * ended, once, whatever the number of test classes.
 */
public final class VectorReport implements BeforeAllCallback {

    private static volatile Run current = new Run();

    @Override
    public void beforeAll(ExtensionContext context) {
        current = context.getRoot()
            .getStore(ExtensionContext.Namespace.create(VectorReport.class))
            .computeIfAbsent(Run.class, (type) -> new Run(), Run.class);
    }

    static Run current() {
        return current;
    }

    /**
     * The vectors of one run. JUnit closes it.
     */
    static final class Run implements AutoCloseable {

        private final Queue<Result> results = new ConcurrentLinkedQueue<>();

        void add(Vector vector, Judge.Verdict verdict) {
            this.results.add(new Result(vector, verdict));
        }

        /** Return the lines to print. */
        String summary() {
            long failed = this.results.stream().filter(Result::isFailed).count();
            long deviated = this.results.stream().filter(Result::isDeviated).count();
            long passed = this.results.size() - failed - deviated;
            StringBuilder lines = new StringBuilder();
            lines.append("vectors: topics: ").append(counts(Result::isJudged)).append('\n');
            if (deviated > 0) {
                lines.append("vectors: deviations (docs/httpx-differences.md): ")
                    .append(ids(Result::isDeviated))
                    .append('\n');
            }
            String missing = missing();
            if (!missing.isEmpty()) {
                lines.append("vectors: not run: ").append(missing).append('\n');
            }
            this.results.stream()
                .filter(Result::isFailed)
                .forEach((result) -> lines.append("vectors: FAILED ")
                    .append(result.vector().topic())
                    .append(' ')
                    .append(result.vector())
                    .append('\n'));
            return lines.append("vectors: ")
                .append(passed)
                .append(" passed, ")
                .append(failed)
                .append(" failed, ")
                .append(deviated)
                .append(" deviations")
                .toString();
        }

        private String counts(java.util.function.Predicate<Result> which) {
            return join(this.results.stream()
                .filter(which)
                .collect(Collectors.groupingBy((result) -> result.vector().topic(), TreeMap::new,
                        Collectors.counting())));
        }

        private String ids(java.util.function.Predicate<Result> which) {
            return this.results.stream()
                .filter(which)
                .map((result) -> result.vector().id())
                .sorted()
                .collect(Collectors.joining(", "));
        }

        private String missing() {
            Set<String> judged = this.results.stream()
                .map((result) -> result.vector().id())
                .collect(Collectors.toSet());
            Map<String, Long> missing = new TreeMap<>();
            VectorFiles.TOPICS.forEach((topic) -> {
                long count = VectorFiles.read(topic).stream().filter((vector) -> !judged.contains(vector.id())).count();
                if (count > 0) {
                    missing.put(topic, count);
                }
            });
            return join(missing);
        }

        private static String join(Map<String, Long> counts) {
            return counts.entrySet()
                .stream()
                .map((entry) -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        }

        @Override
        public void close() {
            if (!this.results.isEmpty()) {
                System.out.println(summary());
            }
        }

    }

    private record Result(Vector vector, Judge.Verdict verdict) {

        boolean isJudged() {
            return true;
        }

        boolean isFailed() {
            return this.verdict.failure() != null;
        }

        boolean isDeviated() {
            return this.verdict.deviation() != null && !isFailed();
        }

    }

}
