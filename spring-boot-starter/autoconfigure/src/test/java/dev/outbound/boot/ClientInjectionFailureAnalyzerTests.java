package dev.outbound.boot;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Rows C21 and C22 of the catalogue. */
class ClientInjectionFailureAnalyzerTests {

    private @Nullable ConfigurableApplicationContext failed;

    private final ApplicationContextRunner none = new ApplicationContextRunner()
        .withInitializer((context) -> this.failed = context)
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class));

    private final ApplicationContextRunner runner = this.none.withPropertyValues(
            "outbound.clients.billing.base-url=https://api.example.com",
            "outbound.clients.crm.base-url=https://crm.example.com");

    @Test
    void unknownQualifier() {
        this.runner.withUserConfiguration(Misspelt.class).run((context) -> {
            FailureAnalysis analysis = analyze(context);
            assertThat(analysis.getDescription()).isEqualTo("No HTTP client named \"biling\" is configured. "
                    + "Configured clients: billing, crm. (Did you mean \"billing\"?) Required by parameter 0 of "
                    + Misspelt.class.getName() + ".");
            assertThat(analysis.getAction()).isEqualTo("Correct the name or add `outbound.clients.biling`.");
        });
    }

    @Test
    void severalClientsAndNoName() {
        this.runner.withUserConfiguration(Unnamed.class).run((context) -> {
            FailureAnalysis analysis = analyze(context);
            assertThat(analysis.getDescription()).isEqualTo("Parameter 0 of " + Unnamed.class.getName()
                    + " needs one HTTP client, but 2 are configured: billing, crm.");
            assertThat(analysis.getAction()).isEqualTo(
                    "Add `@Qualifier(\"billing\")`, or mark one with " + "`outbound.clients.billing.primary: true`.");
        });
    }

    @Test
    void noClientAtAll() {
        this.none.withUserConfiguration(Unnamed.class).run((context) -> {
            FailureAnalysis analysis = analyze(context);
            assertThat(analysis.getDescription())
                .isEqualTo("No HTTP client is configured. Required by parameter 0 of " + Unnamed.class.getName() + ".");
            assertThat(analysis.getAction()).isEqualTo("Add `outbound.clients.<name>.base-url: https://...`.");
        });
    }

    @Test
    void aFaceWithoutAName() {
        this.runner.withUserConfiguration(UnnamedFace.class).run((context) -> {
            FailureAnalysis analysis = analyze(context);
            assertThat(analysis.getDescription()).isEqualTo("Parameter 0 of " + UnnamedFace.class.getName()
                    + " needs a RestClient. Those of configured clients are injected by their names only: billing, crm.");
            assertThat(analysis.getAction()).isEqualTo("Add `@Qualifier(\"billing\")`, or define a bean of your own.");
        });
    }

    @Test
    void aFaceOfAnUnknownName() {
        this.runner.withUserConfiguration(MisspeltFace.class)
            .run((context) -> assertThat(analyze(context).getDescription())
                .startsWith("No HTTP client named \"biling\" is configured. Configured clients: billing, crm."));
    }

    @Test
    void otherBeansAreLeftToOthers() {
        this.runner.withUserConfiguration(NeedsSomethingElse.class).run((context) -> {
            assertThat(context).hasFailed();
            assertThat(new ClientInjectionFailureAnalyzer(this.failed.getBeanFactory())
                .analyze(context.getStartupFailure())).isNull();
        });
    }

    /** The first analysis, as Spring Boot takes it. */
    private FailureAnalysis analyze(AssertableApplicationContext context) {
        List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
            .load(FailureAnalyzer.class,
                    SpringFactoriesLoader.ArgumentResolver.of(BeanFactory.class, this.failed.getBeanFactory())
                        .and(Environment.class, this.failed.getEnvironment()),
                    (type, name, failure) -> {
                        // of a library that is not there
                    });
        AnnotationAwareOrderComparator.sort(analyzers);
        return analyzers.stream()
            .map((analyzer) -> analyzer.analyze(context.getStartupFailure()))
            .filter((analysis) -> analysis != null)
            .findFirst()
            .orElseThrow();
    }

    static class Misspelt {

        Misspelt(@Qualifier("biling") Client client) {
        }

    }

    static class Unnamed {

        Unnamed(ReactiveClient whatever) {
        }

    }

    static class UnnamedFace {

        UnnamedFace(RestClient billing) {
        }

    }

    static class MisspeltFace {

        MisspeltFace(@Qualifier("biling") WebClient.Builder builder) {
        }

    }

    static class NeedsSomethingElse {

        NeedsSomethingElse(@Qualifier("billing") StringBuilder other) {
        }

    }

}
