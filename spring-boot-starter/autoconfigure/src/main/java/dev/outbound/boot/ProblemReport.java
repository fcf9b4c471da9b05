package dev.outbound.boot;

import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * The text of the report on mistakes.
 */
final class ProblemReport {

    private ProblemReport() {
    }

    /** One line, for logs: the report follows it. */
    static String summarize(List<Problem> problems) {
        Problem first = problems.get(0);
        return count(problems) + first.property() + ": " + first.reason()
                + ((problems.size() > 1) ? " (and " + (problems.size() - 1) + " more)" : "");
    }

    static String describe(List<Problem> problems) {
        return count(problems).stripTrailing() + "%n%n".formatted() + numbered(problems, Problem::describe, "%n%n");
    }

    private static String count(List<Problem> problems) {
        return problems.size() + ((problems.size() == 1) ? " problem" : " problems")
                + " in the HTTP client configuration: ";
    }

    static String actions(List<Problem> problems) {
        return numbered(problems, Problem::action, "%n");
    }

    private static String numbered(List<Problem> problems, Function<Problem, String> text, String separator) {
        StringJoiner lines = new StringJoiner(separator.formatted());
        for (int i = 0; i < problems.size(); i++) {
            lines.add((i + 1) + ") " + text.apply(problems.get(i)));
        }
        return lines.toString();
    }

}
