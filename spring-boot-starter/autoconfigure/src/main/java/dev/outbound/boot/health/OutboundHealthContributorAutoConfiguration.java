package dev.outbound.boot.health;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;

import dev.outbound.boot.Clients;
import dev.outbound.boot.OutboundAutoConfiguration;

/**
 * {@linkplain AutoConfiguration Auto-configuration} for the health of the clients:
 * {@code outbound}, with an entry for each. In a reactive application it is asked for
 * without blocking.
 *
 * @since 0.1
 */
@AutoConfiguration(after = OutboundAutoConfiguration.class)
@ConditionalOnClass(HealthContributor.class)
@ConditionalOnBean(Clients.class)
@ConditionalOnEnabledHealthIndicator("outbound")
public final class OutboundHealthContributorAutoConfiguration {

    OutboundHealthContributorAutoConfiguration() {
    }

    private static Map<String, ClientHealth> healths(Clients clients) {
        Map<String, ClientHealth> healths = new LinkedHashMap<>();
        for (String name : clients.names()) {
            if (clients.properties(name).getHealth().isEnabled()) {
                healths.put(name, new ClientHealth(clients, name, System::nanoTime));
            }
        }
        return healths;
    }

    @Bean("outboundHealthContributor")
    @ConditionalOnWebApplication(type = Type.REACTIVE)
    @ConditionalOnMissingBean(name = "outboundHealthContributor")
    CompositeReactiveHealthContributor outboundReactiveHealthContributor(Clients clients) {
        return CompositeReactiveHealthContributor.fromMap(healths(clients),
                (health) -> (ReactiveHealthIndicator) health::reactiveHealth);
    }

    @Bean
    @ConditionalOnMissingBean(name = "outboundHealthContributor")
    CompositeHealthContributor outboundHealthContributor(Clients clients) {
        return CompositeHealthContributor.fromMap(healths(clients), (health) -> (HealthIndicator) health::health);
    }

}
