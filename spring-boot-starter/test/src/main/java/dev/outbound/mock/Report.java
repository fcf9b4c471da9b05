package dev.outbound.mock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tells people why a request found no route, or a route no request.
 */
final class Report {

    private static final int NEAREST = 3;

    private final String name;

    private final BaseUrl baseUrl;

    private final List<RouteState> routes;

    Report(String name, BaseUrl baseUrl, List<RouteState> routes) {
        this.name = name;
        this.baseUrl = baseUrl;
        this.routes = routes;
    }

    private String router() {
        return "mock " + this.name + ((this.baseUrl != BaseUrl.NONE) ? " (" + this.baseUrl + ")" : "");
    }

    /** Return why no route matched a request. */
    String of(SentRequest request) {
        StringBuilder text = new StringBuilder();
        text.append("No route of ").append(router()).append(" matches ").append(Stub.shown(request)).append("\n");
        if (this.routes.isEmpty()) {
            text.append("\n  It has no routes.\n");
        }
        List<Integer> nearest = nearest(request);
        for (int index : nearest) {
            text.append('\n').append(describe(index, request));
        }
        int others = this.routes.size() - nearest.size();
        if (others > 0) {
            text.append("\n  and ")
                .append(others)
                .append((others == 1) ? " route" : " routes")
                .append(" further away\n");
        }
        text.append("\nTo answer it, add:\n\n").append(Stub.of(request, this.baseUrl).indent(4));
        if (this.routes.stream().anyMatch(RouteState::isRecorded)) {
            text.append("\nIf the upstream is asked this now, record the cassette again: run the test once with -D")
                .append(Cassette.RECORD)
                .append("=true\n");
        }
        return text.toString();
    }

    private List<Integer> nearest(SentRequest request) {
        return IntStream.range(0, this.routes.size())
            .boxed()
            .sorted(Comparator.comparingLong((index) -> compare(index, request).differences()))
            .limit(NEAREST)
            .toList();
    }

    private Comparison compare(int index, SentRequest request) {
        return this.baseUrl.compare(request, this.routes.get(index).pattern());
    }

    private String describe(int index, SentRequest request) {
        RouteState route = this.routes.get(index);
        Comparison comparison = compare(index, request);
        String head = "  " + label(index);
        if (comparison.matches()) {
            String why = route.answers().isUsedUp() ? "is used up after " + calls(route) : "has declined";
            return head + ": matches, but " + why + "\n";
        }
        int width = comparison.parts().stream().mapToInt((part) -> part.name().length()).max().orElse(0);
        return comparison.parts()
            .stream()
            .map((part) -> "    " + (part.matches() ? "  " : "x ") + pad(part.name(), width) + "  " + difference(part))
            .collect(Collectors.joining("\n", head + (route.answers().isUsedUp() ? ", used up" : "") + "\n", "\n"));
    }

    private static String difference(Comparison.Part part) {
        if (part.matches()) {
            return part.actual();
        }
        return "expected " + part.expected() + ", but was " + part.actual();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String calls(RouteState route) {
        int calls = route.calls().size();
        return (calls == 1) ? "1 call" : calls + " calls";
    }

    private String label(int index) {
        return "#" + (index + 1) + " " + this.routes.get(index).describe();
    }

    /** Return that a responder has failed. */
    static String broken(RouteState route, SentRequest request, Throwable failure) {
        return "Route " + route.describe() + " could not answer " + Stub.shown(request) + ", as its responder failed: "
                + failure + "\n\nTo answer with a failure, return Reply.failure(…).\n";
    }

    /** Return what is wrong at the end of a test, or an empty text. */
    String verdict(List<UnmatchedRequestError> unmatched, List<String> broken, boolean allowUncalled) {
        List<String> uncalled = allowUncalled || !broken.isEmpty() ? List.of() : uncalled();
        if (unmatched.isEmpty() && broken.isEmpty() && uncalled.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        broken.forEach((one) -> text.append(one).append('\n'));
        Map<String, Long> times = unmatched.stream()
            .collect(Collectors.groupingBy(UnmatchedRequestError::getMessage, LinkedHashMap::new,
                    Collectors.counting()));
        times.forEach((message, count) -> text.append(message)
            .append((count > 1) ? "\nIt came " + count + " times.\n" : "")
            .append('\n'));
        if (!uncalled.isEmpty()) {
            text.append("Routes of ").append(router()).append(" that were not called as they should:\n\n");
            uncalled.forEach((line) -> text.append("  ").append(line).append('\n'));
            text.append("\nCall them, remove them, or mark them with optional().");
            if (this.routes.stream().anyMatch(RouteState::isRecorded)) {
                text.append(" Where the upstream is not asked this any more, record the cassette again: run the test"
                        + " once with -D" + Cassette.RECORD + "=true.");
            }
            if (unmatched.isEmpty() && this.routes.stream().allMatch((route) -> route.calls().isEmpty())) {
                text.append(" No request at all came to this router:"
                        + " code that builds its own client does not come here.");
            }
        }
        return text.toString().stripTrailing();
    }

    private List<String> uncalled() {
        List<String> lines = new ArrayList<>();
        for (int index = 0; index < this.routes.size(); index++) {
            RouteState route = this.routes.get(index);
            if (route.isOptional()) {
                continue;
            }
            if (route.calls().isEmpty()) {
                lines.add(label(index) + hidden(index));
            }
            else if (route.answers().left() > 0) {
                lines.add(label(index) + ": answered " + calls(route) + ", and has " + route.answers().left()
                        + ((route.answers().left() == 1) ? " reply left" : " replies left"));
            }
        }
        return lines;
    }

    /** A route before this one may take everything that this one is for. */
    private String hidden(int index) {
        List<RequestPattern> own = Combined.conditions(this.routes.get(index).pattern()).toList();
        for (int before = 0; before < index; before++) {
            RouteState other = this.routes.get(before);
            if (other.answers().isEndless() && own.containsAll(Combined.conditions(other.pattern()).toList())) {
                return ": cannot be reached, as #" + (before + 1)
                        + " takes all of its requests before. Register it before #" + (before + 1)
                        + ", or narrow that one";
            }
        }
        return "";
    }

}
