package dev.outbound.boot.endpoint;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.outbound.boot.ClientCustomizer;
import dev.outbound.boot.FakeEngines;
import dev.outbound.boot.OutboundAutoConfiguration;
import dev.outbound.boot.endpoint.OutboundEndpoint.ClientDescriptor;
import dev.outbound.client.Client;
import dev.outbound.client.lab.FakeUpstream;

import static org.assertj.core.api.Assertions.assertThat;

class OutboundEndpointAutoConfigurationTests {

    private final FakeEngines engines = FakeEngines.answering(FakeUpstream.status(503), FakeUpstream.status(500));

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(
                AutoConfigurations.of(OutboundAutoConfiguration.class, OutboundEndpointAutoConfiguration.class))
        .withBean(FakeEngines.class, () -> this.engines)
        .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com/v1",
                "outbound.clients.billing.headers.X-Tenant=acme", "outbound.clients.billing.headers.X-Api-Key=canary",
                "outbound.clients.billing.query.token=canary", "outbound.clients.billing.query.page=1",
                "outbound.clients.billing.auth.type=basic", "outbound.clients.billing.auth.username=u",
                "outbound.clients.billing.auth.password=canary", "outbound.clients.billing.retry.delay=1ms",
                "outbound.clients.crm.base-url=https://crm.example.com");

    private final ApplicationContextRunner exposed = this.runner
        .withPropertyValues("management.endpoints.web.exposure.include=outbound");

    @Test
    void showsSettingsAndCallsWithoutSecrets() {
        this.exposed.run((context) -> {
            context.getBean("billingClient", Client.class).get("/a");
            OutboundEndpoint endpoint = context.getBean(OutboundEndpoint.class);
            ClientDescriptor billing = endpoint.client("billing");
            assertThat(billing).isNotNull();
            assertThat(billing.baseUrl()).isEqualTo("https://api.example.com/v1/");
            assertThat(billing.headers()).containsEntry("X-Tenant", List.of("acme"));
            assertThat(billing.headers()).containsEntry("X-Api-Key", List.of("******"));
            assertThat(billing.query()).containsEntry("page", List.of("1"));
            assertThat(billing.timeouts()).containsEntry("read", "PT5S").containsEntry("total", "PT30S");
            assertThat(billing.authentication()).isEqualTo("basic");
            assertThat(billing.calls().calls()).isEqualTo(1);
            assertThat(billing.calls().retries()).isEqualTo(1);
            assertThat(billing.calls().lastFailure()).isEqualTo("status 500");
            assertThat(endpoint.clients().clients()).containsOnlyKeys("billing", "crm");
            assertThat(endpoint.clients().toString()).doesNotContain("canary");
            assertThat(endpoint.client("nobody")).isNull();
        });
    }

    /** By its name, its placeholder's name, or both; nothing else is hidden. */
    @Test
    void parametersThatAreSecretAreSentAndMasked() {
        this.exposed.withPropertyValues("STORE_TOKEN=canary", "store.value=canary", "store.page=7",
                "outbound.clients.search.base-url=https://search.example.com",
                "outbound.clients.search.query.access_token=canary", "outbound.clients.search.query.[api.key]=canary",
                "outbound.clients.search.query.session=${store.value}",
                "outbound.clients.search.query.sig=${STORE_TOKEN}", "outbound.clients.search.query.tag[0]=plain",
                "outbound.clients.search.query.tag[1]=a-${STORE_TOKEN}",
                "outbound.clients.search.query.page=${store.page}",
                "outbound.clients.search.query.fallback=${store.none:${STORE_TOKEN}}",
                "outbound.clients.sub.base-url=https://search.example.com/sub", "outbound.clients.sub.extends=search")
            .run((context) -> {
                OutboundEndpoint endpoint = context.getBean(OutboundEndpoint.class);
                for (String name : List.of("search", "sub")) {
                    context.getBean(name + "Client", Client.class).get("/a");
                    ClientDescriptor client = endpoint.client(name);
                    assertThat(client).isNotNull();
                    assertThat(client.query()).containsEntry("page", List.of("7"));
                    assertThat(client.settings().get("query.page").value()).isEqualTo("7");
                    for (String secret : List.of("access_token", "api.key", "session", "sig", "fallback")) {
                        assertThat(client.query()).containsEntry(secret, List.of("******"));
                        assertThat(client.settings().get("query." + secret).value()).as(secret).isEqualTo("******");
                    }
                    assertThat(client.query()).containsEntry("tag", List.of("******", "******"));
                    assertThat(client.settings().get("query.tag").value()).isEqualTo("******");
                    assertThat(client.toString()).doesNotContain("canary");
                }
                assertThat(this.engines.upstream().requests()).hasSize(2)
                    .allSatisfy((request) -> assertThat(request.url().text()).contains("access_token=canary",
                            "api.key=canary", "session=canary", "sig=canary", "tag=plain&tag=a-canary",
                            "fallback=canary", "page=7"));
            });
    }

    @Test
    void urlsAreShownWithoutTheirSecretParameters() {
        this.exposed
            .withPropertyValues("STORE_TOKEN=canary", "store.page=1",
                    "outbound.clients.billing.health.probe.path=/ping?access_token=canary&page=${store.page}",
                    "outbound.clients.crm.health.probe.path=/ping?ticket=${STORE_TOKEN}")
            .run((context) -> {
                OutboundEndpoint endpoint = context.getBean(OutboundEndpoint.class);
                Map<String, ClientDescriptor> clients = endpoint.clients().clients();
                assertThat(clients.get("billing").settings().get("health.probe.path").value())
                    .isEqualTo("/ping?access_token=******&page=1");
                assertThat(clients.get("crm").settings().get("health.probe.path").value()).isEqualTo("******");
                assertThat(clients.toString()).doesNotContain("canary");
            });
    }

    @Test
    void aBaseUrlWithASecretParameterIsRefusedWithoutShowingIt() {
        String url = "https://crm.example.com/v2?access_token=canary";
        this.exposed.withPropertyValues("outbound.clients.crm.base-url=" + url)
            .run((context) -> assertThat(context).getFailure()
                .hasStackTraceContaining("A base URL cannot have a query")
                .message()
                .doesNotContain("canary"));
        this.exposed.withBean(ClientCustomizer.class, () -> (name, builder) -> builder.baseUrl(url))
            .run((context) -> assertThat(context.getBean(OutboundEndpoint.class).clients().clients().get("crm").error())
                .contains("The base URL 'https://crm.example.com/v2' cannot have a query")
                .doesNotContain("canary"));
    }

    @Test
    void aClientThatCannotBeMadeIsToldWithItsSettingsBesideTheOthers() {
        this.exposed.withBean(ClientCustomizer.class, () -> (name, builder) -> {
            if (name.equals("billing")) {
                throw new IllegalStateException("no vault");
            }
        }).run((context) -> {
            OutboundEndpoint endpoint = context.getBean(OutboundEndpoint.class);
            ClientDescriptor billing = endpoint.clients().clients().get("billing");
            assertThat(billing.error()).isEqualTo("java.lang.IllegalStateException: no vault");
            assertThat(billing.settings().get("headers.X-Tenant").value()).isEqualTo("acme");
            assertThat(billing.toString()).doesNotContain("canary");
            assertThat(endpoint.clients().clients().get("crm").error()).isNull();
        });
    }

    @Test
    void sanitizingFunctionsMaskMore() {
        this.exposed
            .withBean(SanitizingFunction.class, () -> SanitizingFunction.sanitizeValue().ifKeyEndsWith("x-tenant"))
            .run((context) -> assertThat(context.getBean(OutboundEndpoint.class).client("billing").headers())
                .containsEntry("X-Tenant", List.of("******")));
    }

    @Test
    void isThereOnlyWhereItIsExposed() {
        this.runner.run((context) -> assertThat(context).doesNotHaveBean(OutboundEndpoint.class));
        this.exposed.run((context) -> assertThat(context).hasSingleBean(OutboundEndpoint.class));
    }

}
