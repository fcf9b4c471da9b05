package dev.outbound.boot;

import io.micrometer.observation.ObservationRegistry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.converter.autoconfigure.ClientHttpMessageConvertersCustomizer;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.observation.ClientRequestObservationConvention;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;

/**
 * The {@code RestClient} of each client, with the customizers of the application or,
 * where Spring Boot has no support for it on the class path, its message converters.
 */
final class RestClientConfiguration {

    private RestClientConfiguration() {
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RestClientCustomizer.class)
    @ConditionalOnBean(RestClientCustomizer.class)
    static class WithCustomizers {

        @Bean
        RestClientFaces.Defaults outboundRestClientDefaults(ObjectProvider<RestClientCustomizer> customizers) {
            return new RestClientFaces.Defaults() {

                @Override
                public void applyTo(RestClient.Builder builder) {
                    customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
                }

                @Override
                public void applyToGroup(RestClient.Builder builder) {
                    // Spring Boot has called them already
                }

            };
        }

    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ClientHttpMessageConvertersCustomizer.class)
    @ConditionalOnBean(ClientHttpMessageConvertersCustomizer.class)
    static class WithMessageConverters {

        @Bean
        @ConditionalOnMissingBean
        RestClientFaces.Defaults outboundRestClientDefaults(
                ObjectProvider<ClientHttpMessageConvertersCustomizer> customizers) {
            return (builder) -> builder.configureMessageConverters((converters) -> customizers.orderedStream()
                .forEach((customizer) -> customizer.customize(converters)));
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class Faces {

        @Bean
        @ConditionalOnMissingBean
        RestClientFaces.Defaults outboundRestClientDefaults(ObjectProvider<JsonMapper> mapper) {
            return (builder) -> mapper
                .ifUnique((unique) -> builder.configureMessageConverters((converters) -> converters.registerDefaults()
                    .withJsonConverter(new JacksonJsonHttpMessageConverter(unique))));
        }

        @Bean
        RestClientFaces outboundRestClientFaces(Clients clients, RestClientFaces.Defaults defaults,
                ObjectProvider<ObservationRegistry> observations,
                ObjectProvider<ClientRequestObservationConvention> convention, ListableBeanFactory beanFactory,
                ConfiguredClients configured) {
            return new RestClientFaces(clients, defaults, observations, convention,
                    new Customizers(beanFactory, configured));
        }

    }

}
