package dev.outbound.mock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.platform.testkit.engine.EngineTestKit;

import dev.outbound.client.Outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;

/** What the extension makes of tests, seen from outside. */
@ResourceLock(value = MockScope.LOCK, mode = ResourceAccessMode.READ)
class StrictnessTests {

    private static void assertFails(String method, String text) {
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(Inner.class, method, MockRouter.class.getName()))
            .execute()
            .testEvents()
            .assertThatEvents()
            .haveExactly(1, event(
                    finishedWithFailure(instanceOf(AssertionError.class), message((actual) -> actual.contains(text)))));
    }

    @Test
    void swallowedErrorFailsTheTest() {
        assertFails("swallows", "No route of mock Outbound matches GET https://api.test/unknown");
    }

    @Test
    void uncalledRouteFailsTheTest() {
        assertFails("callsNothing", "#1 GET /never");
    }

    @Test
    void optionalRouteDoesNot() {
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(Inner.class, "leavesOut", MockRouter.class.getName()))
            .execute()
            .testEvents()
            .assertThatEvents()
            .haveExactly(1, event(finishedSuccessfully()));
    }

    @Test
    void ownFailureStaysAndOnlyTheRequestWithoutARouteIsAdded() {
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(Inner.class, "failsByItself", MockRouter.class.getName()))
            .execute()
            .testEvents()
            .assertThatEvents()
            .haveExactly(1, event(finishedWithFailure(message("by itself"), suppressed(0, message(
                    (actual) -> actual.contains("GET https://api.test/unknown") && !actual.contains("not called"))))));
    }

    @MockOutbound
    static class Inner {

        @Test
        void swallows(MockRouter router) {
            try {
                Outbound.get("https://api.test/unknown");
            }
            catch (Throwable ex) {
                assertThat(ex).isInstanceOf(UnmatchedRequestError.class);
            }
        }

        @Test
        void callsNothing(MockRouter router) {
            router.get("/never");
        }

        @Test
        void leavesOut(MockRouter router) {
            router.get("/never").optional();
        }

        @Test
        void failsByItself(MockRouter router) {
            router.get("/never");
            swallows(router);
            throw new IllegalStateException("by itself");
        }

    }

}
