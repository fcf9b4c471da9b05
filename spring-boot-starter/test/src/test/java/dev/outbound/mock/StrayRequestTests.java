package dev.outbound.mock;

import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

import dev.outbound.client.Outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

/** Requests on threads that belong to a test, and those of which nobody can say. */
@Isolated("a request from nowhere fails all tests that are running")
@ResourceLock(MockScope.LOCK)
class StrayRequestTests {

    private static Stream<String> failures(String method) {
        return EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(Inner.class, method, MockRouter.class.getName()))
            .execute()
            .testEvents()
            .failed()
            .stream()
            .map((event) -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
            .map(Throwable::getMessage);
    }

    @Test
    void requestFromNowhereFailsTheTestAlthoughItsErrorWasSwallowed() {
        assertThat(failures("swallowsOnAnotherThread")).singleElement()
            .asString()
            .startsWith("A request of client 'Outbound' came on thread 'somewhere', which belongs to none of the tests "
                    + "that are running ('Inner.swallowsOnAnotherThread(MockRouter)'). Wrap what runs there with "
                    + "MockScope.wrap, or give the test everyThread = true: it then runs while no other test with "
                    + "mocks does");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void requestOnAVirtualThreadIsOneFromNowhereAndToldByItsNumber() {
        assertThat(failures("swallowsOnAVirtualThread")).singleElement()
            .asString()
            .matches(
                    "(?s)A request of client 'Outbound' came on thread 'VirtualThread\\[#\\d+].*?', which belongs to none "
                            + "of the tests that are running \\('Inner\\.swallowsOnAVirtualThread\\(MockRouter\\)'\\)\\. .*");
    }

    @Test
    void requestFromNowhereCanBeAccepted() {
        assertThat(failures("acceptsAnotherThread")).isEmpty();
    }

    @Test
    void testOnAThreadOfItsOwnHasItsRouter() {
        assertThat(failures("runsOnAnotherThread")).isEmpty();
    }

    @Test
    void dynamicTestsHaveTheRouterOfTheirFactory() {
        assertThat(failures("makesTests")).isEmpty();
    }

    @MockOutbound(baseUrl = "https://api.test")
    static class Inner {

        private static void callSomewhere() throws InterruptedException {
            Thread thread = new Thread(() -> assertThat(catchThrowable(() -> Outbound.get("https://api.test/a")))
                .isInstanceOf(IllegalStateException.class), "somewhere");
            thread.start();
            thread.join();
        }

        @Test
        void swallowsOnAnotherThread(MockRouter router) throws Exception {
            callSomewhere();
        }

        /** Java 17 compiles this. */
        @Test
        void swallowsOnAVirtualThread(MockRouter router) throws Exception {
            Thread thread = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class)
                .invoke(null, (Runnable) () -> assertThat(catchThrowable(() -> Outbound.get("https://api.test/a")))
                    .isInstanceOf(IllegalStateException.class));
            thread.join();
        }

        @Test
        @MockOutbound(allowUnmatched = true)
        void acceptsAnotherThread(MockRouter router) throws Exception {
            callSomewhere();
        }

        @Test
        @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
        void runsOnAnotherThread(MockRouter router) {
            router.get("/a").reply((r) -> r.text("mocked"));
            assertThat(Outbound.get("https://api.test/a").text()).isEqualTo("mocked");
        }

        @TestFactory
        Stream<DynamicTest> makesTests(MockRouter router) {
            router.get("/a").reply((r) -> r.text("mocked"));
            return IntStream.range(0, 3)
                .mapToObj((i) -> DynamicTest.dynamicTest("test " + i,
                        () -> assertThat(Outbound.get("https://api.test/a").text()).isEqualTo("mocked")));
        }

    }

}
