package dev.outbound.mock;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The routes of a router, in the order in which they are asked, each with a pattern of
 * its own. Guarded by its router.
 */
final class RouteTable {

    private final List<Route> routes = new ArrayList<>();

    /** Those whose patterns may still grow, as they are not yet looked at. */
    private final List<Route> pending = new ArrayList<>();

    void add(Route route) {
        this.pending.add(route);
    }

    List<Route> routes() {
        settle();
        return List.copyOf(this.routes);
    }

    List<RouteState> states() {
        settle();
        return this.routes.stream().map(Route::state).toList();
    }

    Route named(String name) {
        settle();
        return this.routes.stream()
            .filter((route) -> name.equals(route.state().name()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("There is no route named '" + name + "', but "
                    + this.routes.stream().map((route) -> route.state().name()).filter(Objects::nonNull).toList()));
    }

    Route remove(String name) {
        Route route = named(name);
        this.routes.removeIf((other) -> other.state() == route.state());
        return route;
    }

    void clear() {
        settle();
        this.routes.clear();
    }

    List<Saved> save() {
        settle();
        return this.routes.stream().map((route) -> new Saved(route, route.state(), route.state().copy())).toList();
    }

    void restore(List<Saved> all) {
        settle();
        this.routes.clear();
        all.forEach((saved) -> {
            saved.route.become(saved.state);
            saved.state.restore(saved.copy);
            this.routes.add(saved.route);
        });
    }

    /** Let each pending route take its place, or become one that is there already. */
    void settle() {
        for (Route route : this.pending) {
            Route known = known(route.state());
            if (known == null) {
                this.routes.add(place(route.state()), route);
                continue;
            }
            RouteState other = route.state();
            this.routes
                .removeIf((one) -> one.state() != known.state() && one.state().pattern().equals(other.pattern()));
            known.state().replaceWith(other);
            route.become(known.state());
        }
        this.pending.clear();
    }

    /** What is recorded comes last. */
    private int place(RouteState state) {
        int place = this.routes.size();
        while (!state.isRecorded() && place > 0 && this.routes.get(place - 1).state().isRecorded()) {
            place--;
        }
        return place;
    }

    private @Nullable Route known(RouteState state) {
        for (Route route : this.routes) {
            if (state.name() != null && state.name().equals(route.state().name())) {
                return route;
            }
        }
        return this.routes.stream()
            .filter((route) -> route.state().pattern().equals(state.pattern()))
            .findFirst()
            .orElse(null);
    }

    /**
     * A route as it was at one moment.
     *
     * @param route the route
     * @param state what it stood for
     * @param copy what was known of it
     */
    record Saved(Route route, RouteState state, RouteState copy) {
    }

}
