package dev.outbound.boot.test;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import dev.outbound.boot.ClientCustomizer;
import dev.outbound.boot.OutboundAutoConfiguration;
import dev.outbound.client.ClientClock;
import dev.outbound.client.transport.Transports;
import dev.outbound.mock.MockScope;
import dev.outbound.mock.VirtualClock;

/**
 * {@linkplain AutoConfiguration Auto-configuration} that puts all clients on the mock
 * routers of the test that runs.
 *
 * @since 0.1
 */
@AutoConfiguration(before = OutboundAutoConfiguration.class)
public final class MockUpstreamsAutoConfiguration {

    MockUpstreamsAutoConfiguration() {
    }

    @Bean
    Transports mockTransports() {
        return MockScope.transports();
    }

    /** Also that of a component which asks for a {@link ClientClock}. */
    @Bean
    @Primary
    VirtualClock mockClock() {
        return MockScope.currentClock();
    }

    /** Before any bean can send something by a client of its own. */
    @Bean
    static BeanFactoryPostProcessor mockNetworkGuard() {
        return (beans) -> NetworkGuard.install();
    }

    /** After all others; a budget would remember what other tests have spent. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    ClientCustomizer mockClientCustomizer() {
        return (name, builder) -> builder.clock(MockScope.clock(name)).retryBudget(null);
    }

}
