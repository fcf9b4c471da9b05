package dev.outbound.boot;

import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Meters of the clients, where Micrometer is on the class path.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterBinder.class)
class MetricsConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "outboundClientMeters")
    MeterBinder outboundClientMeters(Clients clients, SuppressedRetries suppressed) {
        return new ClientMeters(clients, suppressed);
    }

}
