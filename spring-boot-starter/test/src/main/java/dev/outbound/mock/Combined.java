package dev.outbound.mock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Patterns made of others.
 */
final class Combined {

    private Combined() {
    }

    /** Flat, so that how it was put together makes no difference. */
    static RequestPattern all(Collection<? extends RequestPattern> patterns) {
        List<RequestPattern> flat = new ArrayList<>();
        patterns.stream().flatMap(Combined::conditions).forEach(flat::add);
        return switch (flat.size()) {
            case 0 -> Anything.INSTANCE;
            case 1 -> flat.get(0);
            default -> new And(List.copyOf(flat));
        };
    }

    /** Return what a pattern asks for, one by one. */
    static Stream<RequestPattern> conditions(RequestPattern pattern) {
        if (pattern == Anything.INSTANCE) {
            return Stream.empty();
        }
        return (pattern instanceof And and) ? and.patterns.stream() : Stream.of(pattern);
    }

    static RequestPattern any(List<RequestPattern> patterns) {
        List<RequestPattern> flat = new ArrayList<>();
        for (RequestPattern pattern : patterns) {
            if (pattern instanceof Or or) {
                flat.addAll(or.patterns);
            }
            else if (pattern != Anything.INSTANCE) {
                // As in respx, where no pattern at all vanishes in combinations.
                flat.add(pattern);
            }
        }
        return switch (flat.size()) {
            case 0 -> Anything.INSTANCE;
            case 1 -> flat.get(0);
            default -> new Or(List.copyOf(flat));
        };
    }

    record And(List<RequestPattern> patterns) implements RequestPattern {

        @Override
        public Comparison compare(SentRequest request) {
            boolean matches = true;
            List<Comparison.Part> parts = new ArrayList<>(this.patterns.size());
            Map<String, String> variables = new LinkedHashMap<>();
            for (RequestPattern pattern : this.patterns) {
                Comparison comparison = pattern.compare(request);
                matches &= comparison.matches();
                parts.addAll(comparison.parts());
                variables.putAll(comparison.variables());
            }
            return new Comparison(matches, parts, variables);
        }

        @Override
        public String toString() {
            return this.patterns.stream().map(String::valueOf).collect(Collectors.joining(" and "));
        }

    }

    record Or(List<RequestPattern> patterns) implements RequestPattern {

        /** The first that matches, else the one that comes nearest. */
        @Override
        public Comparison compare(SentRequest request) {
            List<Comparison> comparisons = this.patterns.stream().map((pattern) -> pattern.compare(request)).toList();
            return comparisons.stream()
                .filter(Comparison::matches)
                .findFirst()
                .orElseGet(() -> comparisons.stream()
                    .min(Comparator.comparingLong(Comparison::differences))
                    .orElseThrow());
        }

        @Override
        public String toString() {
            return this.patterns.stream().map(String::valueOf).collect(Collectors.joining(" or ", "(", ")"));
        }

    }

    record Not(RequestPattern pattern) implements RequestPattern {

        @Override
        public Comparison compare(SentRequest request) {
            Comparison opposite = this.pattern.compare(request);
            String actual = opposite.parts()
                .stream()
                .map((part) -> part.name() + " " + part.actual())
                .collect(Collectors.joining(", "));
            return Comparison.of(new Comparison.Part("not", "not " + this.pattern, actual, !opposite.matches()),
                    Map.of());
        }

        @Override
        public RequestPattern not() {
            return this.pattern;
        }

        @Override
        public String toString() {
            return "not " + this.pattern;
        }

    }

    enum Anything implements RequestPattern {

        INSTANCE;

        @Override
        public Comparison compare(SentRequest request) {
            return new Comparison(true, List.of(), Map.of());
        }

        @Override
        public RequestPattern and(RequestPattern other) {
            return other;
        }

        @Override
        public String toString() {
            return "any request";
        }

    }

    record Where(String description, Predicate<SentRequest> test) implements RequestPattern {

        @Override
        public Comparison compare(SentRequest request) {
            boolean matches;
            String actual;
            try {
                matches = this.test.test(request);
                actual = matches ? "so" : "not so";
            }
            catch (RuntimeException ex) {
                matches = false;
                actual = "failed: " + ex;
            }
            return Comparison.of(new Comparison.Part("condition", this.description, actual, matches), Map.of());
        }

        @Override
        public String toString() {
            return this.description;
        }

    }

}
