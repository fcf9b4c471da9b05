package dev.outbound.mock;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about what came to a router, and how its clients behaved.
 *
 * @since 0.1
 */
public final class RouterAssert extends AbstractAssert<RouterAssert, MockRouter> {

    RouterAssert(MockRouter actual) {
        super(actual, RouterAssert.class);
    }

    /**
     * Verify how many requests were answered. Each attempt of a call is one.
     * @param attempts how many
     * @return this
     */
    public RouterAssert attempts(int attempts) {
        isNotNull();
        List<MockCall> calls = this.actual.calls();
        if (calls.size() != attempts) {
            throw failure("Expected %s to get %d requests, but it got %d:%s", this.actual, attempts, calls.size(),
                    MockCallAssert.lines(calls));
        }
        return this;
    }

    public RouterAssert isNotCalled() {
        return attempts(0);
    }

    /**
     * Verify that the routes were called in this order, one call each time a route is
     * named. Calls of other routes may be in between.
     * @param routes the routes
     * @return this
     */
    public RouterAssert isCalledInOrder(Route... routes) {
        isNotNull();
        int next = 0;
        for (MockCall call : this.actual.calls()) {
            if (next < routes.length && routes[next].equals(call.route())) {
                next++;
            }
        }
        if (next < routes.length) {
            throw failure(
                    "Expected calls of %s in the order%s%nbut there was none of #%d (%s) after those before it:%s",
                    this.actual,
                    Arrays.stream(routes)
                        .map((route) -> System.lineSeparator() + "  " + route)
                        .collect(Collectors.joining()),
                    next + 1, routes[next], MockCallAssert.lines(this.actual.calls()));
        }
        return this;
    }

    /**
     * Verify how long the clients of the router waited by themselves, all together:
     * back-off, {@code Retry-After}, rate limits.
     * @param duration how long
     * @return this
     */
    public RouterAssert waited(Duration duration) {
        VirtualClock clock = clock();
        if (!clock.waited().equals(duration)) {
            throw failure("Expected the clients of %s to wait for %s, but they waited for %s: %s", this.actual,
                    duration, clock.waited(), clock.waits());
        }
        return this;
    }

    /**
     * Verify how long the clients of the router waited by themselves, all together, where
     * that is random: back-off has jitter unless it is switched off, and up to a tenth is
     * added to {@code Retry-After} then.
     * @param shortest how long at least
     * @param longest how long at most
     * @return this
     */
    public RouterAssert waitedBetween(Duration shortest, Duration longest) {
        VirtualClock clock = clock();
        if (clock.waited().compareTo(shortest) < 0 || clock.waited().compareTo(longest) > 0) {
            throw failure("Expected the clients of %s to wait for %s to %s, but they waited for %s: %s", this.actual,
                    shortest, longest, clock.waited(), clock.waits());
        }
        return this;
    }

    /**
     * Verify how long the clients of the router waited by themselves each time.
     * @param durations the waits in order
     * @return this
     */
    public RouterAssert waits(Duration... durations) {
        VirtualClock clock = clock();
        if (!clock.waits().equals(List.of(durations))) {
            throw failure("Expected the clients of %s to wait for %s, but they waited for %s", this.actual,
                    List.of(durations), clock.waits());
        }
        return this;
    }

    private VirtualClock clock() {
        isNotNull();
        if (this.actual.clock() instanceof VirtualClock clock) {
            return clock;
        }
        throw failure("%s runs on %s, which does not know what is waited for. Leave its clock the virtual one",
                this.actual, this.actual.clock());
    }

    /**
     * Go on with one of the requests that were answered.
     * @param index which one, from 0
     * @return its assertions
     */
    public MockCallAssert call(int index) {
        isNotNull();
        List<MockCall> calls = this.actual.calls();
        if (index >= calls.size()) {
            throw failure("Expected %s to get at least %d requests, but it got %d:%s", this.actual, index + 1,
                    calls.size(), MockCallAssert.lines(calls));
        }
        return new MockCallAssert(calls.get(index));
    }

    /**
     * Verify that all requests found a route, and all routes a request.
     * @return this
     */
    public RouterAssert isVerified() {
        isNotNull();
        this.actual.verify();
        return this;
    }

}
