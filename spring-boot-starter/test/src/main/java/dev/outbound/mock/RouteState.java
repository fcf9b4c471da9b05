package dev.outbound.mock;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

/**
 * What is known of a route. Several {@link Route}s stand for the same one when a pattern
 * or a name was registered again. Guarded by its router.
 */
final class RouteState {

    private @Nullable HttpMethod method;

    private @Nullable String name;

    private @Nullable String url;

    private List<RequestPattern> conditions = new ArrayList<>();

    private Answers answers = new Answers();

    private List<MockCall> calls = new ArrayList<>();

    private boolean optional;

    /** Of a cassette: asked after those that the test has registered. */
    private boolean recorded;

    private @Nullable RequestPattern pattern;

    RouteState(@Nullable HttpMethod method, @Nullable String url, List<RequestPattern> conditions) {
        this.method = method;
        this.url = url;
        this.conditions.addAll(conditions);
        pattern();
    }

    /** Return everything that the request must be like. */
    RequestPattern pattern() {
        RequestPattern pattern = this.pattern;
        if (pattern == null) {
            List<RequestPattern> all = new ArrayList<>();
            if (this.method != null) {
                all.add(RequestPattern.method(this.method));
            }
            if (this.url != null) {
                all.add(UrlShorthand.parse(this.url, !hasOtherParams()));
            }
            all.addAll(this.conditions);
            pattern = RequestPattern.allOf(all);
            Contradiction.check(pattern, this);
            this.pattern = pattern;
        }
        return pattern;
    }

    /** A query written in the URL is all of it, unless the route asks for more. */
    private boolean hasOtherParams() {
        return this.conditions.stream()
            .anyMatch(
                    (condition) -> condition instanceof MultiPattern multi && multi.part() == MultiPattern.Part.PARAMS);
    }

    void add(RequestPattern condition) {
        this.conditions.add(condition);
        this.pattern = null;
        try {
            pattern();
        }
        catch (IllegalArgumentException ex) {
            this.conditions.remove(this.conditions.size() - 1);
            throw ex;
        }
    }

    @Nullable String name() {
        return this.name;
    }

    void name(@Nullable String name) {
        this.name = name;
    }

    Answers answers() {
        return this.answers;
    }

    List<MockCall> calls() {
        return this.calls;
    }

    boolean isOptional() {
        return this.optional;
    }

    void optional(boolean optional) {
        this.optional = optional;
    }

    boolean isRecorded() {
        return this.recorded;
    }

    void recorded() {
        this.recorded = true;
    }

    /**
     * Take over what was registered again: answers, and what makes it another pattern.
     */
    void replaceWith(RouteState other) {
        this.method = other.method;
        this.url = other.url;
        this.conditions = new ArrayList<>(other.conditions);
        this.pattern = other.pattern();
        this.answers = other.answers;
        this.optional = other.optional;
        this.recorded = other.recorded;
        if (other.name != null) {
            this.name = other.name;
        }
    }

    RouteState copy() {
        RouteState copy = new RouteState(this.method, this.url, this.conditions);
        copy.name = this.name;
        copy.pattern = this.pattern;
        copy.answers = this.answers.copy();
        copy.calls = new ArrayList<>(this.calls);
        copy.optional = this.optional;
        copy.recorded = this.recorded;
        return copy;
    }

    void restore(RouteState copy) {
        replaceWith(copy.copy());
        this.name = copy.name;
        this.calls = new ArrayList<>(copy.calls);
    }

    /** Return method and URL as they were written, and what else is asked for. */
    String describe() {
        String head = (((this.method != null) ? this.method + " " : "") + ((this.url != null) ? this.url : "")).strip();
        String more = this.conditions.stream().map(String::valueOf).collect(Collectors.joining(" and "));
        String text = head.isEmpty() ? (more.isEmpty() ? "any request" : more)
                : head + (more.isEmpty() ? "" : " where " + more);
        return (this.name != null) ? "'" + this.name + "' (" + text + ")" : text;
    }

}
