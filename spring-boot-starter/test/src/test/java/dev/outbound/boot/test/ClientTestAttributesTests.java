package dev.outbound.boot.test;

import java.util.concurrent.CompletableFuture;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.env.Environment;

import dev.outbound.client.Client;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;

/** What a test can say of its slice. */
class ClientTestAttributesTests {

    @Nested
    @ClientTest
    class Default {

        @Test
        void hasTheClientsAndNoComponents(@Autowired ApplicationContext context) {
            assertThat(context.getBeansOfType(Client.class)).hasSize(3);
            assertThat(context.getBeansOfType(Shop.Checkout.class)).isEmpty();
            assertThat(context.getBeansOfType(MeterRegistry.class)).hasSize(1);
        }

    }

    @Nested
    @ClientTest(includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Shop.Checkout.class),
            excludeAutoConfiguration = { MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class },
            properties = "shop.open=true")
    class Changed {

        @Test
        void hasWhatItNamesAndNotWhatItLeavesOut(@Autowired ApplicationContext context,
                @Autowired Environment environment) {
            assertThat(context.getBeansOfType(Shop.Checkout.class)).hasSize(1);
            assertThat(context.getBeansOfType(MeterRegistry.class)).isEmpty();
            assertThat(environment.getProperty("shop.open")).isEqualTo("true");
        }

    }

    @Nested
    @ClientTest(components = { Shop.Checkout.class, Shop.Faces.class, Shop.Services.class },
            excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Shop.Checkout.class))
    class Excluding {

        @Test
        void leavesOutWhatAFilterExcludes(@Autowired ApplicationContext context) {
            assertThat(context.getBeansOfType(Shop.Checkout.class)).isEmpty();
            assertThat(context.getBeansOfType(Shop.Faces.class)).hasSize(1);
        }

    }

    @Nested
    @ClientTest(value = Shop.Checkout.class, everyThread = true)
    class EveryThread {

        @Test
        void requestsOnThreadsOfTheComponentBelongToTheTest(@Autowired Shop.Checkout checkout,
                @MockUpstream MockRouter stock) {
            stock.get("/items/a").reply((r) -> r.text("7"));
            assertThat(CompletableFuture.supplyAsync(() -> checkout.count("a")).join()).isEqualTo("7");
        }

    }

}
