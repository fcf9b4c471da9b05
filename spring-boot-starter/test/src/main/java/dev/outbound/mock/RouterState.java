package dev.outbound.mock;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a router: its routes, what has come to it, and how strict it is.
 * Guarded by the router.
 */
final class RouterState {

    private final RouteTable routes = new RouteTable();

    private final List<MockCall> calls = new ArrayList<>();

    private final List<UnmatchedRequestError> unmatched = new ArrayList<>();

    /** What responders have failed with. */
    private final List<String> broken = new ArrayList<>();

    private @Nullable Reply otherwise;

    private boolean allowUncalled;

    RouteTable routes() {
        return this.routes;
    }

    List<MockCall> calls() {
        return List.copyOf(this.calls);
    }

    List<SentRequest> unmatchedRequests() {
        return this.unmatched.stream().map(UnmatchedRequestError::request).toList();
    }

    @Nullable Reply otherwise() {
        return this.otherwise;
    }

    void otherwise(Reply otherwise) {
        this.otherwise = otherwise;
    }

    void allowUncalled() {
        this.allowUncalled = true;
    }

    void answered(MockCall call, @Nullable Route route) {
        this.calls.add(call);
        if (route != null) {
            route.state().calls().add(call);
        }
    }

    void unmatched(UnmatchedRequestError error) {
        this.unmatched.add(error);
    }

    void broken(String report) {
        this.broken.add(report);
    }

    /** Return what is wrong; of a test that has failed, without what that left out. */
    String verdict(Report report, boolean failed) {
        return report.verdict(this.unmatched, failed ? List.of() : this.broken, this.allowUncalled || failed);
    }

    /** Forget what has come. */
    void reset() {
        this.calls.clear();
        this.unmatched.clear();
        this.broken.clear();
        this.routes.states().forEach((state) -> state.calls().clear());
    }

    Saved save() {
        return new Saved(this.routes.save(), calls(), List.copyOf(this.unmatched), List.copyOf(this.broken),
                this.otherwise, this.allowUncalled);
    }

    void restore(Saved saved) {
        this.routes.restore(saved.routes);
        restore(this.calls, saved.calls);
        restore(this.unmatched, saved.unmatched);
        restore(this.broken, saved.broken);
        this.otherwise = saved.otherwise;
        this.allowUncalled = saved.allowUncalled;
    }

    private static <T> void restore(List<T> list, List<T> saved) {
        list.clear();
        list.addAll(saved);
    }

    /** As it was at one moment. */
    record Saved(List<RouteTable.Saved> routes, List<MockCall> calls, List<UnmatchedRequestError> unmatched,
            List<String> broken, @Nullable Reply otherwise, boolean allowUncalled) {
    }

}
