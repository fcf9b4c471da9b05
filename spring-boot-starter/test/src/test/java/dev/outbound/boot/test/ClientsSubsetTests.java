package dev.outbound.boot.test;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

import dev.outbound.client.Outbound;
import dev.outbound.mock.MockRouter;
import dev.outbound.mock.MockScope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/** What the slice refuses, and what its tests share. */
@ResourceLock(value = MockScope.LOCK, mode = ResourceAccessMode.READ)
class ClientsSubsetTests {

    private static final Set<ApplicationContext> CONTEXTS = ConcurrentHashMap.newKeySet();

    /** Run a class, and return what its tests failed with. */
    static List<String> failures(Class<?> test) {
        return failures(test, false);
    }

    static List<String> failures(Class<?> test, boolean parallel) {
        return EngineTestKit.engine("junit-jupiter")
            .configurationParameter("junit.jupiter.execution.parallel.enabled", String.valueOf(parallel))
            .selectors(selectClass(test))
            .execute()
            .allEvents()
            .failed()
            .stream()
            .map((event) -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
            .map(Throwable::getMessage)
            .toList();
    }

    @Test
    void unknownNameIsToldWithTheNearest() {
        assertThat(failures(UnknownName.class))
            .containsExactly("No HTTP client named \"paymentz\" is configured. Configured clients: pay-ments, stock, "
                    + "untouched. (Did you mean \"pay-ments\"?)");
        assertThat(failures(UnknownInAnnotation.class))
            .containsExactly("No HTTP client named \"stok\" is configured. Configured clients: pay-ments, stock, "
                    + "untouched. (Did you mean \"stock\"?)");
    }

    @Test
    void mockOfAClientThatIsNotMockedIsRefused() {
        assertThat(failures(NotMocked.class))
            .containsExactly("Client 'stock' is not mocked in this test, but pay-ments. Add it to `clients`");
    }

    @Test
    void requestWithoutARouteFailsTheTestThatSwallowedIt() {
        assertThat(failures(Swallowing.class)).singleElement()
            .asString()
            .startsWith("No route of mock stock (https://stock.test/) matches GET https://stock.test/items/a");
    }

    @Test
    void mockOfAnotherTypeIsRefused() {
        assertThat(failures(OtherType.class))
            .containsExactly("@MockUpstream is on java.lang.String " + OtherType.class.getName()
                    + ".stock, but must be on a field of type MockRouter or ClientEffects that is not static: "
                    + "each test has its own");
    }

    @Test
    void componentThatBypassesTheMocksIsNamed() {
        assertThat(failures(Bypassing.class)).containsExactly("""
                Routes of mock stock (https://stock.test/) that were not called as they should:

                  #1 GET /never

                Call them, remove them, or mark them with optional(). No request at all came to this router: \
                code that builds its own client does not come here.
                These were not made by the starter, and bypass the mocks: "ownRestClient" (RestClient). \
                Inject the named client instead.""");
    }

    @Test
    void clientThatIsNotMockedFailsTheTestThatSwallowsIt() {
        assertThat(failures(OnlyPayments.class))
            .containsExactly("Client 'stock' would have left the machine: GET https://stock.test/items/a. "
                    + "Add \"stock\" to `clients` of the test's annotation to mock it.\n"
                    + "A one-off call of Outbound would have left the machine: GET https://pay.test/a. "
                    + "Give the component a named client, or use @MockOutbound.");
    }

    @ClientTest(components = Shop.Checkout.class, clients = "pay-ments")
    static class OnlyPayments {

        @Test
        void swallows(@Autowired Shop.Checkout checkout, @Autowired ApplicationContext context) {
            CONTEXTS.add(context);
            assertThatIllegalStateException().isThrownBy(() -> checkout.count("a"))
                .withMessage("Client 'stock' would have left the machine: GET https://stock.test/items/a. "
                        + "Add \"stock\" to `clients` of the test's annotation to mock it.");
            assertThatIllegalStateException().isThrownBy(() -> Outbound.get("https://pay.test/a"))
                .withMessageStartingWith("A one-off call of Outbound would have left the machine");
            assertThat(CONTEXTS).hasSize(1);
        }

    }

    @Nested
    @ClientTest(components = Shop.Checkout.class, clients = "stock")
    class OnlyStock {

        @Test
        void contextIsThatOfTheTestsWithOtherClients(@MockUpstream MockRouter stock, @Autowired Shop.Checkout checkout,
                @Autowired ApplicationContext context) {
            CONTEXTS.add(context);
            stock.get("/items/a").reply((r) -> r.text("3"));
            assertThat(checkout.count("a")).isEqualTo("3");
            assertThat(CONTEXTS).hasSize(1);
        }

    }

    @ClientTest(Shop.Checkout.class)
    static class UnknownName {

        @MockUpstream("paymentz")
        MockRouter router;

        @Test
        void fails() {
        }

    }

    @ClientTest(components = Shop.Checkout.class, clients = "stok")
    static class UnknownInAnnotation {

        @Test
        void fails() {
        }

    }

    @ClientTest(components = Shop.Checkout.class, clients = "pay-ments")
    static class NotMocked {

        @MockUpstream
        MockRouter stock;

        @Test
        void fails() {
        }

    }

    @ClientTest(Shop.Checkout.class)
    static class Swallowing {

        @Test
        void swallows(@Autowired Shop.Checkout checkout) {
            assertThat(catchThrowable(() -> checkout.count("a"))).isNotNull();
        }

    }

    @ClientTest(Shop.Checkout.class)
    static class OtherType {

        @MockUpstream
        String stock = "";

        @Test
        void fails() {
        }

    }

    @ClientTest(Shop.OwnClient.class)
    static class Bypassing {

        @Test
        void fails(@MockUpstream MockRouter stock) {
            stock.get("/never");
        }

    }

}
