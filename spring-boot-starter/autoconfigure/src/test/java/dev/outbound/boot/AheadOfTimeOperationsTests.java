package dev.outbound.boot;

import java.util.Set;

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

import dev.outbound.boot.endpoint.OutboundEndpoint;
import dev.outbound.boot.endpoint.OutboundEndpointAutoConfiguration;
import dev.outbound.boot.health.OutboundHealthContributorAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/** What operators use works in a context that was processed ahead of time, too. */
@CompileWithForkedClassLoader
class AheadOfTimeOperationsTests {

    private static final String EXPOSED = "management.endpoints.web.exposure.include=*";

    private final TestGenerationContext generation = new TestGenerationContext();

    @Test
    void settingsAreToldAndChangeInAProcessedContext() {
        generate();
        TestCompiler.forSystem().with(this.generation).compile((compiled) -> {
            try (GenericApplicationContext context = new GenericApplicationContext()) {
                TestPropertyValues
                    .of(EXPOSED, "outbound.clients.shop.base-url=https://run.test",
                            "outbound.clients.crm.base-url=https://crm.test",
                            "outbound.clients.shop.health.probe.path=/health")
                    .applyTo(context);
                initialize(compiled.getInstance(ApplicationContextInitializer.class), context);
                context.refresh();
                Clients clients = context.getBean(Clients.class);
                OutboundEndpoint endpoint = context.getBean(OutboundEndpoint.class);
                assertThat(clients.client("shop").settings().baseUrl()).hasToString("https://run.test/");
                assertThat(clients.client("crm").settings().baseUrl()).hasToString("https://elsewhere.test/");
                assertThat(endpoint.clients().clients()).containsOnlyKeys("crm", "shop");
                assertThat(context.containsBean("outboundHealthContributor")).isTrue();
                TestPropertyValues.of("outbound.clients.shop.timeouts.read=7s").applyTo(context);
                context.publishEvent(new EnvironmentChangeEvent(Set.of("any")));
                assertThat(clients.client("shop").settings().timeouts().read()).hasSeconds(7);
            }
        });
    }

    @Test
    void whatTheEndpointAnswersHasHints() {
        generate();
        RuntimeHints hints = this.generation.getRuntimeHints();
        assertThat(RuntimeHintsPredicates.reflection().onType(OutboundEndpoint.ClientsDescriptor.class)).accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(OutboundEndpoint.ClientDescriptor.class)).accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(OutboundEndpoint.SettingDescriptor.class)).accepts(hints);
    }

    private void generate() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Application.class);
            TestPropertyValues
                .of(EXPOSED, "outbound.clients.shop.base-url=https://build.test",
                        "outbound.clients.crm.base-url=https://crm.test")
                .applyTo(context);
            new ApplicationContextAotGenerator().processAheadOfTime(context, this.generation);
            this.generation.writeGeneratedContent();
        }
    }

    @SuppressWarnings("unchecked")
    private static void initialize(ApplicationContextInitializer<?> initializer, GenericApplicationContext context) {
        ((ApplicationContextInitializer<GenericApplicationContext>) initializer).initialize(context);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({ OutboundAutoConfiguration.class, OutboundEndpointAutoConfiguration.class,
            OutboundHealthContributorAutoConfiguration.class })
    public static class Application {

        @Bean
        OutboundConnectionDetails crm() {
            return OutboundConnectionDetails.of("crm", "https://elsewhere.test");
        }

    }

}
