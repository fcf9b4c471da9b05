package dev.outbound.boot;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.outbound.client.Client;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ClientsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
        .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com",
                "outbound.clients.crm.base-url=https://crm.example.com");

    @Test
    void givesTheBeans() {
        this.runner.run((context) -> {
            Clients clients = context.getBean(Clients.class);
            assertThat(clients.names()).containsExactly("billing", "crm");
            assertThat(clients.client("crm")).isSameAs(context.getBean("crmClient"));
            assertThat(clients.reactiveClient("crm")).isSameAs(context.getBean("crmReactiveClient"));
            assertThat(clients.session("crm")).isSameAs(clients.session("crm"));
            assertThat(clients.session("crm").settings().baseUrl()).hasToString("https://crm.example.com/");
            assertThat(clients.properties("crm").getTimeouts().getTotal()).hasSeconds(30);
        });
    }

    @Test
    void defaultCharsetIsThatOfTheClient() {
        this.runner.withPropertyValues("outbound.clients.crm.default-charset=windows-1252").run((context) -> {
            Clients clients = context.getBean(Clients.class);
            assertThat(clients.client("crm").settings().defaultCharset()).hasToString("windows-1252");
            assertThat(clients.client("billing").settings().defaultCharset()).hasToString("UTF-8");
        });
    }

    /** What {@code docs/operations.md} says to do before a checkpoint. */
    @Test
    void idleConnectionsOfAllAreClosed() {
        try (RawServer server = RawServer
            .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")))) {
            this.runner
                .withPropertyValues("outbound.clients.crm.base-url=" + server.url(),
                        "outbound.clients.billing.base-url=" + server.url())
                .run((context) -> {
                    Clients clients = context.getBean(Clients.class);
                    clients.names().forEach((name) -> clients.client(name).get("/"));
                    assertThat(server.open()).isEqualTo(2);
                    clients.names().forEach((name) -> clients.session(name).evictIdle());
                    server.awaitOpen(0);
                });
        }
    }

    @Test
    void unknownNameFailsWithTheKnownOnes() {
        this.runner.run((context) -> {
            Clients clients = context.getBean(Clients.class);
            assertThatIllegalArgumentException().isThrownBy(() -> clients.client("biling"))
                .withMessage("No HTTP client named \"biling\" is configured. Configured clients: billing, crm. "
                        + "(Did you mean \"billing\"?)");
            assertThatIllegalArgumentException().isThrownBy(() -> clients.session("other"))
                .withMessage("No HTTP client named \"other\" is configured. Configured clients: billing, crm.");
        });
    }

    @Test
    void closedWithTheContext() {
        this.runner.run((context) -> {
            Clients clients = context.getBean(Clients.class);
            Client client = clients.client("crm");
            context.close();
            assertThatIllegalStateException().isThrownBy(() -> client.get("/"))
                .withMessageContaining("Client 'crm' was closed");
            assertThatIllegalStateException().isThrownBy(() -> clients.session("billing"))
                .withMessage("Client 'billing' was closed with the application context");
        });
    }

}
