package dev.outbound.boot.health;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.ApiVersion;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.ReactiveHealthEndpointWebExtension;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import dev.outbound.boot.ClientCustomizer;
import dev.outbound.boot.Clients;
import dev.outbound.boot.FakeEngines;
import dev.outbound.boot.OutboundAutoConfiguration;
import dev.outbound.client.guard.CircuitBreaker;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.transport.Transports;

import static org.assertj.core.api.Assertions.assertThat;

class OutboundHealthContributorAutoConfigurationTests {

    private static final String[] PROPERTIES = { "outbound.clients.billing.base-url=https://api.example.com/v1",
            "outbound.clients.crm.base-url=https://crm.example.com", "outbound.clients.crm.health.critical=true",
            "outbound.clients.quiet.base-url=https://quiet.example.com",
            "outbound.clients.quiet.health.enabled=false" };

    private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(OutboundAutoConfiguration.class,
            OutboundHealthContributorAutoConfiguration.class, HealthContributorAutoConfiguration.class,
            HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class);

    /** Two good answers, then nothing but failures. */
    private final FakeEngines engines = FakeEngines.answering(FakeUpstream.status(200), FakeUpstream.status(200),
            FakeUpstream.status(503));

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AUTO_CONFIGURATIONS)
        .withBean(FakeEngines.class, () -> this.engines)
        .withPropertyValues(PROPERTIES);

    /** S110, K19 */
    @Test
    void aMockIsToldInTheDetails() {
        new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
            .withBean(Transports.class,
                    () -> Transports.of((request) -> Response.of(request, 200, RequestBody.text("mocked"))))
            .withPropertyValues(PROPERTIES)
            .run((context) -> assertThat(details(context)).containsEntry("transport", "mock"));
        this.runner.run((context) -> assertThat(details(context)).doesNotContainKey("transport"));
    }

    private static Map<String, Object> details(ApplicationContext context) {
        HealthIndicator billing = (HealthIndicator) context.getBean(CompositeHealthContributor.class)
            .getContributor("billing");
        return billing.health().getDetails();
    }

    @Test
    void eachEnabledClientHasAnEntry() {
        this.runner.run((context) -> assertThat(context.getBean(CompositeHealthContributor.class).stream())
            .extracting((entry) -> entry.name())
            .containsExactly("billing", "crm"));
    }

    @Test
    void statusFollowsTheLastCalls() {
        this.runner.run((context) -> {
            HealthEndpoint health = context.getBean(HealthEndpoint.class);
            assertThat(entry(health, "billing").getStatus()).isEqualTo(Status.UNKNOWN);
            call(context.getBean(Clients.class), "billing", 2);
            assertThat(entry(health, "billing").getStatus()).isEqualTo(Status.UP);
            call(context.getBean(Clients.class), "billing", 1);
            assertThat(entry(health, "billing").getStatus()).isEqualTo(Status.UP);
            call(context.getBean(Clients.class), "billing", 1);
            IndicatedHealthDescriptor entry = (IndicatedHealthDescriptor) entry(health, "billing");
            assertThat(entry.getStatus()).isEqualTo(ClientHealth.DEGRADED);
            assertThat(entry.getDetails()).containsEntry("baseUrl", "https://api.example.com/v1/")
                .containsEntry("calls", 4L)
                .containsEntry("recentFailures", 2)
                .containsEntry("lastFailure", "status 503");
        });
    }

    @Test
    void anOpenCircuitFails() {
        this.runner.withPropertyValues("outbound.clients.billing.circuit-breaker.window=10").run((context) -> {
            HealthEndpoint health = context.getBean(HealthEndpoint.class);
            assertThat(entry(health, "billing").getStatus()).isEqualTo(Status.UNKNOWN);
            CircuitBreaker breaker = context.getBean(Clients.class).session("billing").guard().circuitBreaker();
            breaker.open();
            IndicatedHealthDescriptor entry = (IndicatedHealthDescriptor) entry(health, "billing");
            assertThat(entry.getStatus()).isEqualTo(ClientHealth.DEGRADED);
            assertThat(entry.getDetails()).containsEntry("circuitBreaker", "forced-open");
            breaker.close();
            assertThat(entry(health, "billing").getStatus()).isEqualTo(Status.UNKNOWN);
        });
    }

    @Test
    void failingUpstreamDoesNotFailTheApplication() {
        this.runner.run((context) -> {
            call(context.getBean(Clients.class), "billing", 10);
            HealthEndpoint health = context.getBean(HealthEndpoint.class);
            assertThat(entry(health, "billing").getStatus()).isEqualTo(ClientHealth.DEGRADED);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void failingCriticalUpstreamFailsTheApplicationButNoProbe() {
        AutoConfigurations probes = AutoConfigurations.of(AvailabilityHealthContributorAutoConfiguration.class,
                AvailabilityProbesAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class);
        this.runner.withConfiguration(probes).run((context) -> {
            AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
            call(context.getBean(Clients.class), "crm", 10);
            HealthEndpoint health = context.getBean(HealthEndpoint.class);
            assertThat(entry(health, "crm").getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            for (String probe : new String[] { "liveness", "readiness" }) {
                assertThat(health.healthForPath(probe).getStatus()).isEqualTo(Status.UP);
                assertThat(health.healthForPath(probe, "outbound")).isNull();
            }
        });
    }

    @Test
    void reactiveApplicationAnswersWithTheSameStatusCodes() {
        new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
            .withBean(FakeEngines.class, () -> this.engines)
            .withPropertyValues(PROPERTIES)
            .withPropertyValues("management.endpoint.health.show-details=always")
            .run((context) -> {
                ReactiveHealthEndpointWebExtension health = context.getBean(ReactiveHealthEndpointWebExtension.class);
                call(context.getBean(Clients.class), "billing", 10);
                assertThat(status(health)).isEqualTo(200);
                assertThat(status(health, "outbound", "billing")).isEqualTo(200);
                call(context.getBean(Clients.class), "crm", 10);
                assertThat(status(health)).isEqualTo(503);
                assertThat(status(health, "outbound", "crm")).isEqualTo(503);
            });
    }

    @Test
    void canBeSwitchedOff() {
        this.runner.withPropertyValues("management.health.outbound.enabled=false")
            .run((context) -> assertThat(context).doesNotHaveBean("outboundHealthContributor"));
    }

    @Test
    void contributorOfTheApplicationReplacesOurs() {
        this.runner.withBean("outboundHealthContributor", HealthContributor.class, OwnIndicator::new)
            .run((context) -> assertThat(context.getBean("outboundHealthContributor"))
                .isInstanceOf(OwnIndicator.class));
    }

    @Test
    void notThereWithoutSpringBootHealth() {
        new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class,
                    OutboundHealthContributorAutoConfiguration.class))
            .withClassLoader(new FilteredClassLoader(HealthContributor.class))
            .withPropertyValues(PROPERTIES)
            .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("outboundHealthContributor"));
    }

    @Test
    void opensNothing() {
        this.runner.run((context) -> {
            context.getBean(HealthEndpoint.class).health();
            assertThat(this.engines.upstream().requests()).isEmpty();
        });
    }

    @Test
    void aClientThatCannotBeMadeFailsAloneAndByItsEntry() {
        this.runner.withBean(ClientCustomizer.class, () -> (name, builder) -> {
            if (!name.equals("crm")) {
                throw new IllegalStateException("no vault");
            }
        })
            .withPropertyValues("outbound.clients.probed.base-url=https://a",
                    "outbound.clients.probed.health.probe.path=/")
            .run((context) -> {
                HealthEndpoint health = context.getBean(HealthEndpoint.class);
                assertThat(health.health().getStatus()).isEqualTo(Status.UP);
                assertThat(entry(health, "crm").getStatus()).isEqualTo(Status.UNKNOWN);
                IndicatedHealthDescriptor billing = (IndicatedHealthDescriptor) entry(health, "billing");
                assertThat(billing.getStatus()).isEqualTo(ClientHealth.DEGRADED);
                assertThat(billing.getDetails()).containsEntry("error", "java.lang.IllegalStateException: no vault");
                ClientHealth probed = new ClientHealth(context.getBean(Clients.class), "probed", System::nanoTime);
                for (int i = 0; i < 2; i++) {
                    assertThat(probed.reactiveHealth().block(Duration.ofSeconds(5)).getStatus())
                        .isEqualTo(ClientHealth.DEGRADED);
                }
            });
    }

    private static HealthDescriptor entry(HealthEndpoint health, String client) {
        return health.healthForPath("outbound", client);
    }

    private static int status(ReactiveHealthEndpointWebExtension health, String... path) {
        WebEndpointResponse<? extends HealthDescriptor> response = health
            .health(ApiVersion.V3, null, SecurityContext.NONE, true, path)
            .block(Duration.ofSeconds(5));
        return response.getStatus();
    }

    private static void call(Clients clients, String name, int times) {
        for (int i = 0; i < times; i++) {
            clients.client(name).get("/");
        }
    }

    private static final class OwnIndicator implements HealthIndicator {

        @Override
        public Health health() {
            return Health.up().build();
        }

    }

}
