package dev.outbound.boot;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import dev.outbound.client.Client;
import dev.outbound.client.ClientClock;
import dev.outbound.client.Engines;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.transport.Transports;

/**
 * {@linkplain AutoConfiguration Auto-configuration} for the clients below
 * {@code outbound.clients}: for each name a {@link Client} and a {@link ReactiveClient},
 * and {@link Clients} as the registry of all. Opens no connection and starts no thread.
 *
 * @since 0.1
 */
@AutoConfiguration(afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
        "org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration",
        "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration" })
@Import({ JsonConfiguration.MessageConverters.class, JsonConfiguration.Jackson.class })
public final class OutboundAutoConfiguration {

    static final String CLIENTS_BEAN_NAME = "outboundClients";

    OutboundAutoConfiguration() {
    }

    @Bean
    static ClientsRegistrar outboundClientsRegistrar() {
        return new ClientsRegistrar();
    }

    @Bean
    @ConditionalOnMissingBean
    Transports outboundTransports() {
        return Engines.transports();
    }

    @Bean(CLIENTS_BEAN_NAME)
    Clients outboundClients(ConfiguredClients configured, Transports transports, JsonConversion json,
            ObjectProvider<ObservationRegistry> observations, ObjectProvider<ClientClock> clock,
            ObjectProvider<ClientCustomizer> customizers, BeanFactory beanFactory) {
        return new Clients(configured, new SessionFactory(transports, json, observations, clock, customizers),
                beanFactory);
    }

}
