package dev.outbound.boot.test;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

import dev.outbound.client.Outbound;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

/** What the slice refuses, and what its tests share. */
class ClientsSubsetTests {

    private static final Set<ApplicationContext> CONTEXTS = ConcurrentHashMap.newKeySet();

    private static void assertFails(Class<?> test, String... texts) {
        EngineTestKit.engine("junit-jupiter")
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
            .selectors(selectClass(test))
            .execute()
            .testEvents()
            .assertThatEvents()
            .haveExactly(1, event(finishedWithFailure(message((actual) -> {
                assertThat(actual).contains(texts);
                return true;
            }))));
    }

    @Test
    void unknownNameIsToldWithTheNearest() {
        assertFails(UnknownName.class, "No HTTP client named \"paymentz\" is configured",
                "Configured clients: pay-ments, stock, untouched");
        assertFails(UnknownInAnnotation.class, "No HTTP client named \"stok\" is configured",
                "(Did you mean \"stock\"?)");
    }

    @Test
    void mockOfAClientThatIsNotMockedIsRefused() {
        assertFails(NotMocked.class, "Client 'stock' is not mocked in this test, but pay-ments. Add it to `clients`");
    }

    @Test
    void componentThatBypassesTheMocksIsNamed() {
        assertFails(Bypassing.class, "#1 GET /never", "No request at all came to this router",
                "These beans were not made by the starter, and bypass the mocks: \"ownRestClient\" (RestClient)");
    }

    @Nested
    @ClientTest(components = Shop.Checkout.class, clients = "pay-ments")
    class OnlyPayments {

        @Test
        void clientThatIsNotMockedCannotLeaveTheMachine(@Autowired Shop.Checkout checkout,
                @Autowired ApplicationContext context) {
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

        @Test
        void fails(@MockUpstream("paymentz") MockRouter router) {
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

        @Test
        void fails(@MockUpstream MockRouter stock) {
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
