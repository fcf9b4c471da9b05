package dev.outbound.mock;

import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a route.
 *
 * @since 0.1
 */
public final class RouteAssert extends AbstractAssert<RouteAssert, Route> {

    RouteAssert(Route actual) {
        super(actual, RouteAssert.class);
    }

    public RouteAssert isCalled() {
        isNotNull();
        if (!this.actual.isCalled()) {
            throw failure("Expected route %s to be called, but it was not", this.actual);
        }
        return this;
    }

    public RouteAssert isNotCalled() {
        return isCalledTimes(0);
    }

    public RouteAssert isCalledOnce() {
        return isCalledTimes(1);
    }

    /**
     * Verify how many requests the route has answered. Each attempt of a call is one.
     * @param times how many
     * @return this
     */
    public RouteAssert isCalledTimes(int times) {
        isNotNull();
        if (this.actual.callCount() != times) {
            throw failure("Expected route %s to be called %s, but it was called %s:%s", this.actual, times(times),
                    times(this.actual.callCount()), MockCallAssert.lines(this.actual.calls()));
        }
        return this;
    }

    private static String times(int times) {
        return (times == 1) ? "once" : times + " times";
    }

    /**
     * Go on with the last request that the route has answered.
     * @return its assertions
     */
    public MockCallAssert lastCall() {
        isCalled();
        return new MockCallAssert(this.actual.lastCall());
    }

}
