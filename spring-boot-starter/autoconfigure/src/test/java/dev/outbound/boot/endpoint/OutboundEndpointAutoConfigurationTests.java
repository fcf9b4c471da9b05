package dev.outbound.boot.endpoint;

import java.util.List;

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
