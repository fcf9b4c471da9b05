package dev.outbound.boot.endpoint;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

import dev.outbound.boot.Clients;
import dev.outbound.boot.OutboundAutoConfiguration;

/**
 * {@linkplain AutoConfiguration Auto-configuration} for {@link OutboundEndpoint}, where
 * it is exposed.
 *
 * @since 0.1
 */
@AutoConfiguration(after = OutboundAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(OutboundEndpoint.class)
@ConditionalOnBean(Clients.class)
@EnableConfigurationProperties(OutboundEndpointProperties.class)
public final class OutboundEndpointAutoConfiguration {

    OutboundEndpointAutoConfiguration() {
    }

    @Bean
    @ConditionalOnMissingBean
    OutboundEndpoint outboundEndpoint(Clients clients, ObjectProvider<SanitizingFunction> sanitizing,
            OutboundEndpointProperties properties) {
        return new OutboundEndpoint(clients, sanitizing.orderedStream().toList(), properties.getShowValues());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(OutboundEndpoint.class)
    @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
    OutboundEndpointWebExtension outboundEndpointWebExtension(OutboundEndpoint endpoint,
            OutboundEndpointProperties properties) {
        return new OutboundEndpointWebExtension(endpoint, properties.getShowValues(), properties.getRoles());
    }

}
