package dev.outbound.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.GenericContainer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.PemTrustStore;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.lab.TestCertificates;

import static org.assertj.core.api.Assertions.assertThat;

/** Where an upstream is, may be told by beans and containers. */
@Timeout(60)
class OutboundConnectionDetailsTests {

    private static int port;

    private final RawServer upstream = RawServer
        .start((connection) -> connection.forEachRequest((request) -> connection.respond(200, "served")));

    @AfterEach
    void closeUpstream() {
        this.upstream.close();
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
        .withPropertyValues("outbound.clients.shop.base-url=https://shop.example.com/v1",
                "outbound.clients.shop.headers.X-Tenant=acme", "outbound.clients.shop.headers.X-Api-Key=canary",
                "outbound.clients.shop.query.token=canary", "outbound.clients.shop.query.page=1",
                "outbound.clients.shop.auth.type=bearer", "outbound.clients.shop.auth.token=canary",
                "outbound.clients.crm.base-url=https://crm.example.com");

    private ApplicationContextRunner with(String bean, String client, @Nullable Auth auth) {
        return this.runner.withBean(bean, OutboundConnectionDetails.class,
                () -> OutboundConnectionDetails.of(client, this.upstream.url("/v9"), auth));
    }

    @Test
    void aBeanOverridesUrlAndCredentials() {
        with("shopAtHome", "shop", Auth.basic("u", "p")).run((context) -> {
            context.getBean("shopClient", Client.class).get("/items");
            context.getBean("shopRestClient", RestClient.class).get().uri("/items").retrieve().toBodilessEntity();
            assertThat(this.upstream.requests()).hasSize(2)
                .allSatisfy((request) -> assertThat(request).startsWith("GET /v9/items?page=1 ")
                    .contains("X-Tenant: acme", "Authorization: Basic dTpw")
                    .doesNotContain("canary"));
            assertThat(context.getBean(Clients.class).session("crm").settings().baseUrl())
                .hasToString("https://crm.example.com/");
        });
    }

    @Test
    void withoutCredentialsNoneAreSent() {
        with("shopAtHome", "shop", null).run((context) -> {
            context.getBean("shopClient", Client.class).get("/");
            assertThat(this.upstream.requests().get(0)).doesNotContain("Authorization").doesNotContain("canary");
        });
    }

    @Test
    void theSameOriginMayHaveTheCredentialsInHeaders() {
        this.runner
            .withBean(OutboundConnectionDetails.class,
                    () -> OutboundConnectionDetails.of("shop", "https://shop.example.com/v2"))
            .run((context) -> {
                Client client = context.getBean("shopClient", Client.class);
                assertThat(client.settings().headers().first("X-Api-Key")).isEqualTo("canary");
                assertThat(client.settings().auth()).isNull();
            });
    }

    @Test
    void theSettingsTellWhereTheUrlComesFrom() {
        with("shopAtHome", "shop", null).run((context) -> {
            List<ClientSetting> settings = context.getBean(Clients.class).settings("shop");
            assertThat(settings).filteredOn((setting) -> setting.property().equals("base-url"))
                .singleElement()
                .satisfies((setting) -> {
                    assertThat(setting.value()).isEqualTo(this.upstream.url("/v9"));
                    assertThat(setting.origin()).hasToString("bean \"shopAtHome\"");
                });
            assertThat(settings).noneMatch((setting) -> setting.property().startsWith("auth."));
        });
    }

    @Test
    void aChangeOfTheSettingsLeavesThemInForce() {
        with("shopAtHome", "shop", null).run((context) -> {
            Clients clients = context.getBean(Clients.class);
            assertThat(clients.refresh()).isEmpty();
            clients.refresh("shop");
            assertThat(clients.client("shop").get("/").text()).isEqualTo("served");
        });
    }

    @Test
    void detailsOfNoClientFailTheStart() {
        with("lost", "shopp", null)
            .run((context) -> assertThat(problem(context)).startsWith("Bean \"lost\" tells where an upstream is,")
                .endsWith("of no client: crm, shop."));
    }

    @Test
    void twoDetailsOfAClientFailTheStart() {
        with("one", "shop", null)
            .withBean("two", OutboundConnectionDetails.class,
                    () -> OutboundConnectionDetails.of("shop", "http://127.0.0.1:1"))
            .run((context) -> assertThat(problem(context))
                .isEqualTo("Both bean \"one\" and bean \"two\" tell where the upstream of client 'shop' is."));
    }

    @Test
    void aWrongUrlFailsTheStart() {
        this.runner
            .withBean("wrong", OutboundConnectionDetails.class,
                    () -> OutboundConnectionDetails.of("shop", "http://u:canary@shop.test"))
            .run((context) -> assertThat(problem(context)).startsWith("Bean \"wrong\" gives ")
                .doesNotContain("canary"));
    }

    private static String problem(AssertableApplicationContext context) {
        Throwable failure = context.getStartupFailure();
        while (failure != null && !(failure instanceof InvalidClientConfigurationException)) {
            failure = failure.getCause();
        }
        assertThat(failure).isInstanceOf(InvalidClientConfigurationException.class);
        return ((InvalidClientConfigurationException) failure).problems().get(0).reason();
    }

    @Test
    void aContainerIsConnectedToByTheNameOfTheClient() {
        port = this.upstream.port();
        this.runner.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class))
            .withUserConfiguration(Containers.class)
            .run((context) -> {
                assertThat(context).hasSingleBean(OutboundConnectionDetails.class);
                assertThat(context.getBean("shopClient", Client.class).get("/items").text()).isEqualTo("served");
                assertThat(this.upstream.requests().get(0)).startsWith("GET /items?page=1 ").doesNotContain("canary");
                assertThat(context.getBean(Clients.class).settings("shop")).anySatisfy(
                        (setting) -> assertThat(setting.property() + " " + setting.origin()).startsWith("base-url ")
                            .contains("shopContainer"));
            });
    }

    @Test
    void aContainerWithCertificatesIsConnectedToByTls() throws IOException {
        TestCertificates certificates = TestCertificates.of("ip:127.0.0.1");
        Files.writeString(Path.of("target/upstream-trust.pem"), certificates.certificatePem());
        try (RawServer secure = RawServer.start(certificates.server(),
                (connection) -> connection.forEachRequest((request) -> connection.respond(200, "over TLS")))) {
            port = secure.port();
            this.runner.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class))
                .withPropertyValues("outbound.clients.shop.ssl.bundle=only-in-production")
                .withUserConfiguration(SecureContainers.class)
                .run((context) -> {
                    assertThat(context.getBean("shopClient", Client.class).get("/items").text()).isEqualTo("over TLS");
                    assertThat(context.getBean("shopReactiveClient", ReactiveClient.class)
                        .get("/items")
                        .block(Duration.ofSeconds(10))
                        .text()).isEqualTo("over TLS");
                    assertThat(context.getBean(Clients.class).settings("shop"))
                        .anySatisfy((setting) -> assertThat(setting.value()).startsWith("https://127.0.0.1:"))
                        .noneMatch((setting) -> setting.property().equals("ssl.bundle"));
                });
        }
    }

    @Test
    void testcontainersNeedNotBeThere() {
        this.runner
            .withClassLoader(new FilteredClassLoader("org.testcontainers", "org.springframework.boot.testcontainers"))
            .run((context) -> assertThat(context).hasNotFailed());
    }

    @Configuration(proxyBeanMethods = false)
    static class Containers {

        @Bean
        @ServiceConnection(name = "shop", type = OutboundConnectionDetails.class)
        NotStarted shopContainer() {
            return new NotStarted();
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class SecureContainers {

        @Bean
        @ServiceConnection(name = "shop", type = OutboundConnectionDetails.class)
        @PemTrustStore(certificate = "file:target/upstream-trust.pem")
        NotStarted shopContainer() {
            return new NotStarted();
        }

    }

    /** Would run in Docker; its port is that of a server in this process. */
    static class NotStarted extends GenericContainer<NotStarted> {

        NotStarted() {
            super("acme/shop:1");
        }

        @Override
        public void start() {
        }

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public String getHost() {
            return "127.0.0.1";
        }

        @Override
        public Integer getFirstMappedPort() {
            return port;
        }

    }

}
