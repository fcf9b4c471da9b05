package dev.outbound.boot;

import java.util.function.Predicate;

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
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.service.registry.HttpServiceGroup;

/**
 * The {@code RestClient} of each client, with Spring Boot's customizers or, where Spring
 * Boot has no support for it on the class path, the application's message converters.
 */
final class RestClientConfiguration {

    private RestClientConfiguration() {
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RestClientCustomizer.class)
    @ConditionalOnBean(RestClientCustomizer.class)
    static class WithCustomizers {

        private static final String GROUPS = "org.springframework.boot.restclient.autoconfigure.service."
                + "RestClientCustomizerHttpServiceGroupConfigurer";

        @Bean
        RestClientFaces.Defaults outboundRestClientDefaults(ListableBeanFactory beanFactory,
                ConfiguredClients configured) {
            SpringCustomizers<RestClientCustomizer> customizers = new SpringCustomizers<>(RestClientCustomizer.class,
                    beanFactory, configured);
            return new RestClientFaces.Defaults() {

                @Override
                public void applyTo(String clientName, RestClient.Builder builder) {
                    customizers.of(clientName).forEach((customizer) -> customizer.customize(builder));
                }

                @Override
                public void applyToGroup(String clientName, RestClient.Builder builder) {
                    // Where they are inherited, Spring Boot has called them already
                    if (!customizers.isInherited(clientName)) {
                        applyTo(clientName, builder);
                    }
                }

            };
        }

        @Bean
        static CustomizedGroups<RestClientHttpServiceGroupConfigurer> outboundRestClientCustomizedGroups(
                ObjectProvider<ConfiguredClients> configured) {
            return new CustomizedGroups<>(GROUPS, RestClientHttpServiceGroupConfigurer.class, SomeGroups::new,
                    configured);
        }

        private record SomeGroups(RestClientHttpServiceGroupConfigurer delegate,
                Predicate<HttpServiceGroup> filter) implements RestClientHttpServiceGroupConfigurer {

            @Override
            public void configureGroups(Groups<RestClient.Builder> groups) {
                this.delegate.configureGroups(groups.filter(this.filter));
            }

            @Override
            public int getOrder() {
                return this.delegate.getOrder();
            }

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
            return (clientName, builder) -> builder
                .configureMessageConverters((converters) -> customizers.orderedStream()
                    .forEach((customizer) -> customizer.customize(converters)));
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class Faces {

        @Bean
        @ConditionalOnMissingBean
        RestClientFaces.Defaults outboundRestClientDefaults(ObjectProvider<JsonMapper> mapper) {
            return (clientName, builder) -> mapper
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
