package dev.outbound.boot;

import java.util.function.Predicate;

import io.micrometer.observation.ObservationRegistry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.web.reactive.function.client.ClientRequestObservationConvention;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer;
import org.springframework.web.service.registry.HttpServiceGroup;

/**
 * The {@code WebClient} of each client, with Spring Boot's customizers or, where Spring
 * Boot has no support for it on the class path, the application's codecs.
 */
final class WebClientConfiguration {

    private WebClientConfiguration() {
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebClientCustomizer.class)
    @ConditionalOnBean(WebClientCustomizer.class)
    static class WithCustomizers {

        private static final String GROUPS = "org.springframework.boot.webclient.autoconfigure.service."
                + "WebClientCustomizerHttpServiceGroupConfigurer";

        @Bean
        WebClientFaces.Defaults outboundWebClientDefaults(ListableBeanFactory beanFactory,
                ConfiguredClients configured) {
            SpringCustomizers<WebClientCustomizer> customizers = new SpringCustomizers<>(WebClientCustomizer.class,
                    beanFactory, configured);
            return new WebClientFaces.Defaults() {

                @Override
                public void applyTo(String clientName, WebClient.Builder builder) {
                    customizers.of(clientName).forEach((customizer) -> customizer.customize(builder));
                }

                @Override
                public void applyToGroup(String clientName, WebClient.Builder builder) {
                    // Where they are inherited, Spring Boot has called them already
                    if (!customizers.isInherited(clientName)) {
                        applyTo(clientName, builder);
                    }
                }

            };
        }

        @Bean
        static CustomizedGroups<WebClientHttpServiceGroupConfigurer> outboundWebClientCustomizedGroups(
                ObjectProvider<ConfiguredClients> configured) {
            return new CustomizedGroups<>(GROUPS, WebClientHttpServiceGroupConfigurer.class, SomeGroups::new,
                    configured);
        }

        private record SomeGroups(WebClientHttpServiceGroupConfigurer delegate,
                Predicate<HttpServiceGroup> filter) implements WebClientHttpServiceGroupConfigurer {

            @Override
            public void configureGroups(Groups<WebClient.Builder> groups) {
                this.delegate.configureGroups(groups.filter(this.filter));
            }

            @Override
            public int getOrder() {
                return this.delegate.getOrder();
            }

        }

    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ WebClient.class, CodecCustomizer.class })
    @ConditionalOnBean(CodecCustomizer.class)
    static class WithCodecs {

        @Bean
        @ConditionalOnMissingBean
        WebClientFaces.Defaults outboundWebClientDefaults(ObjectProvider<CodecCustomizer> customizers) {
            return (clientName, builder) -> builder
                .codecs((codecs) -> customizers.orderedStream().forEach((customizer) -> customizer.customize(codecs)));
        }

    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebClient.class)
    static class Faces {

        @Bean
        @ConditionalOnMissingBean
        WebClientFaces.Defaults outboundWebClientDefaults(ObjectProvider<JsonMapper> mapper) {
            return (clientName, builder) -> mapper.ifUnique((unique) -> builder.codecs((codecs) -> {
                codecs.defaultCodecs().jacksonJsonEncoder(new JacksonJsonEncoder(unique));
                codecs.defaultCodecs().jacksonJsonDecoder(new JacksonJsonDecoder(unique));
            }));
        }

        @Bean
        WebClientFaces outboundWebClientFaces(Clients clients, WebClientFaces.Defaults defaults,
                ObjectProvider<ObservationRegistry> observations,
                ObjectProvider<ClientRequestObservationConvention> convention, ListableBeanFactory beanFactory,
                ConfiguredClients configured) {
            return new WebClientFaces(clients, defaults, observations, convention,
                    new Customizers(beanFactory, configured));
        }

    }

}
