package dev.outbound.boot;

import java.util.function.Consumer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A context that is generated when the application is built, and started later. */
@Tag("slow")
@CompileWithForkedClassLoader
class AheadOfTimeTests {

    private final TestGenerationContext generation = new TestGenerationContext();

    @Test
    void clientsAreRegisteredAtRunTime() {
        generate("outbound.clients.my-api.base-url=https://build.example.com",
                "outbound.clients.github.base-url=https://api.github.com", "outbound.clients.github.auth.type=bearer",
                "outbound.clients.github.auth.token=build");
        start((initializer) -> {
            try (GenericApplicationContext context = context(initializer,
                    "outbound.clients.my-api.base-url=https://run.example.com",
                    "outbound.clients.github.base-url=https://api.github.com",
                    "outbound.clients.added.base-url=https://added.example.com")) {
                context.refresh();
                assertThat(context.getBeansOfType(Client.class)).containsOnlyKeys("addedClient", "githubClient",
                        "myApiClient");
                Injected injected = context.getBean(Injected.class);
                assertThat(injected.github).isSameAs(context.getBean("githubClient"));
                assertThat(injected.qualified).isSameAs(context.getBean("myApiReactiveClient"));
                assertThat(context.getBean(Clients.class).session("my-api").settings().baseUrl())
                    .hasToString("https://run.example.com/");
            }
        });
    }

    @Test
    void mistakesAreToldAtRunTime() {
        generate("outbound.clients.my-api.base-url=https://build.example.com",
                "outbound.clients.github.base-url=https://api.github.com");
        start((initializer) -> {
            try (GenericApplicationContext context = context(initializer,
                    "outbound.clients.my-api.base-url=relative")) {
                assertThatExceptionOfType(InvalidClientConfigurationException.class).isThrownBy(context::refresh)
                    .satisfies((failure) -> assertThat(failure.problems()).hasSize(1));
            }
        });
    }

    @Test
    void secretsNeedNotBeThereAtBuildTime() {
        System.setProperty(AbstractAotProcessor.AOT_PROCESSING, "true");
        try {
            generate("outbound.clients.my-api.base-url=https://build.example.com",
                    "outbound.clients.github.base-url=https://api.github.com",
                    "outbound.clients.github.auth.type=bearer", "outbound.clients.github.auth.token=${NOT_THERE_YET}");
        }
        finally {
            System.clearProperty(AbstractAotProcessor.AOT_PROCESSING);
        }
    }

    @Test
    void nothingOfTheBuildIsInTheGeneratedCode() {
        generate("outbound.clients.my-api.base-url=https://build.example.com",
                "outbound.clients.github.base-url=https://api.github.com", "outbound.clients.github.auth.type=bearer",
                "outbound.clients.github.auth.token=canary");
        TestCompiler.forSystem()
            .with(this.generation)
            .compile((compiled) -> assertThat(compiled.getSourceFiles())
                .noneMatch((file) -> file.getContent().contains("canary")));
    }

    @Test
    void propertiesHaveHints() {
        RuntimeHints hints = new RuntimeHints();
        new OutboundRuntimeHints().registerHints(hints, getClass().getClassLoader());
        for (Key key : Schema.CLIENT.keys()) {
            if (key.is(Key.Kind.BLOCK)) {
                assertThat(RuntimeHintsPredicates.reflection().onType(key.type())).accepts(hints);
            }
        }
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(RetryProperties.class, "setDelay"))
            .accepts(hints);
    }

    private void generate(String... properties) {
        try (GenericApplicationContext context = new AnnotationConfigApplicationContext()) {
            ((AnnotationConfigApplicationContext) context).register(Application.class);
            TestPropertyValues.of(properties).applyTo(context);
            new ApplicationContextAotGenerator().processAheadOfTime(context, this.generation);
            this.generation.writeGeneratedContent();
        }
    }

    @SuppressWarnings("unchecked")
    private void start(Consumer<ApplicationContextInitializer<ConfigurableApplicationContext>> test) {
        TestCompiler.forSystem()
            .with(this.generation)
            .compile((compiled) -> test.accept(compiled.getInstance(ApplicationContextInitializer.class)));
    }

    private static GenericApplicationContext context(
            ApplicationContextInitializer<ConfigurableApplicationContext> initializer, String... properties) {
        GenericApplicationContext context = new GenericApplicationContext();
        TestPropertyValues.of(properties).applyTo(context);
        initializer.initialize(context);
        return context;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(OutboundAutoConfiguration.class)
    public static class Application {

        @Bean
        Injected injected(Client github, @Qualifier("my-api") ReactiveClient qualified) {
            return new Injected(github, qualified);
        }

    }

    public record Injected(Client github, ReactiveClient qualified) {

    }

}
