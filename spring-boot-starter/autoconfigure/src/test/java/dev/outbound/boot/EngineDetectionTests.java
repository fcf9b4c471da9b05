package dev.outbound.boot;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What our engines change for clients of the application's own, as docs/operations.md
 * tells.
 */
class EngineDetectionTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(
                AutoConfigurations.of(HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
                        ReactiveHttpClientAutoConfiguration.class, OutboundAutoConfiguration.class))
        .withPropertyValues("outbound.clients.shop.base-url=https://shop.test");

    @Test
    void springBootFindsTheEnginesOfTheStarter() {
        this.runner.run((context) -> {
            assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
                .isInstanceOf(HttpComponentsClientHttpRequestFactoryBuilder.class);
            assertThat(context.getBean(ClientHttpConnectorBuilder.class))
                .isInstanceOf(ReactorClientHttpConnectorBuilder.class);
        });
    }

    @Test
    void withoutThemItWouldFindTheJdks() {
        this.runner.withClassLoader(new FilteredClassLoader("org.apache.hc", "reactor.netty")).run((context) -> {
            assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
                .isInstanceOf(JdkClientHttpRequestFactoryBuilder.class);
            assertThat(context.getBean(ClientHttpConnectorBuilder.class))
                .isInstanceOf(JdkClientHttpConnectorBuilder.class);
        });
    }

    @Test
    void propertiesKeepTheApplicationsOwn() {
        this.runner
            .withPropertyValues("spring.http.clients.imperative.factory=jdk",
                    "spring.http.clients.reactive.connector=jdk")
            .run((context) -> {
                assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
                    .isInstanceOf(JdkClientHttpRequestFactoryBuilder.class);
                assertThat(context.getBean(ClientHttpConnectorBuilder.class))
                    .isInstanceOf(JdkClientHttpConnectorBuilder.class);
                assertThat(context.getBean(Clients.class).session("shop").settings().transport().blockingEngine())
                    .as("ours is not asked")
                    .hasToString("http-components");
            });
    }

}
