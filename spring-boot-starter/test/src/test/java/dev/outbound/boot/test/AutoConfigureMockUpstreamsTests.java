package dev.outbound.boot.test;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import dev.outbound.client.lab.RawServer;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Whole applications with some of their clients on mocks. */
class AutoConfigureMockUpstreamsTests {

    @Nested
    @SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
    @AutoConfigureMockUpstreams(clients = "stock", strict = false)
    class Guarded {

        @Test
        void chosenClientIsMockedAndTheRestCannotLeaveTheMachine(@Autowired Shop.Checkout checkout,
                @MockUpstream MockRouter stock) {
            stock.get("/items/{item}").reply((r) -> r.text("7"));
            assertThat(checkout.count("a")).isEqualTo("7");
            assertThatIllegalStateException().isThrownBy(() -> checkout.pay(1))
                .withMessageStartingWith(
                        "Client 'pay-ments' would have left the machine: " + "POST https://pay.test/v1/charges.");
        }

    }

    @Nested
    @SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
    @AutoConfigureMockUpstreams(clients = "stock", passThrough = true, strict = false)
    class PassingThrough {

        private static final RawServer SERVER = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "real")));

        @DynamicPropertySource
        static void payments(DynamicPropertyRegistry properties) {
            properties.add("outbound.clients.pay-ments.base-url", SERVER::url);
        }

        @Test
        void restReachesItsServer(@Autowired Shop.Checkout checkout, @MockUpstream MockRouter stock) {
            stock.get("/never");
            assertThat(checkout.count("unmatched")).isEmpty();
            assertThat(checkout.pay(1)).isEqualTo("real");
        }

    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Shop.Checkout.class)
    static class Application {

    }

}
