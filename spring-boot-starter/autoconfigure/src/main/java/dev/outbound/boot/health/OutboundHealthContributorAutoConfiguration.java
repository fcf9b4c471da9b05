package dev.outbound.boot.health;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

import dev.outbound.boot.ClientHealthProperties;
import dev.outbound.boot.Clients;
import dev.outbound.boot.OutboundAutoConfiguration;

/**
 * {@linkplain AutoConfiguration Auto-configuration} for the health of the clients:
 * {@code outbound}, with an entry for each.
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

    @Bean
    @ConditionalOnMissingBean(name = "outboundHealthContributor")
    CompositeHealthContributor outboundHealthContributor(Clients clients) {
        Map<String, ClientHealthIndicator> indicators = new LinkedHashMap<>();
        for (String name : clients.names()) {
            ClientHealthProperties health = clients.properties(name).getHealth();
            if (health.isEnabled()) {
                indicators.put(name, new ClientHealthIndicator(() -> clients.session(name), health.isCritical()));
            }
        }
        return CompositeHealthContributor.fromMap(indicators);
    }

}
