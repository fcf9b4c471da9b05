package dev.outbound.boot;

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

/**
 * The {@code WebClient} of each client, with the customizers of the application or, where
 * Spring Boot has no support for it on the class path, its codecs.
 */
final class WebClientConfiguration {

    private WebClientConfiguration() {
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebClientCustomizer.class)
    @ConditionalOnBean(WebClientCustomizer.class)
    static class WithCustomizers {

        @Bean
        WebClientFaces.Defaults outboundWebClientDefaults(ObjectProvider<WebClientCustomizer> customizers) {
            return new WebClientFaces.Defaults() {

                @Override
                public void applyTo(WebClient.Builder builder) {
                    customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
                }

                @Override
                public void applyToGroup(WebClient.Builder builder) {
                    // Spring Boot has called them already
                }

            };
        }

    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ WebClient.class, CodecCustomizer.class })
    @ConditionalOnBean(CodecCustomizer.class)
    static class WithCodecs {

        @Bean
        @ConditionalOnMissingBean
        WebClientFaces.Defaults outboundWebClientDefaults(ObjectProvider<CodecCustomizer> customizers) {
            return (builder) -> builder
                .codecs((codecs) -> customizers.orderedStream().forEach((customizer) -> customizer.customize(codecs)));
        }

    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebClient.class)
    static class Faces {

        @Bean
        @ConditionalOnMissingBean
        WebClientFaces.Defaults outboundWebClientDefaults(ObjectProvider<JsonMapper> mapper) {
            return (builder) -> mapper.ifUnique((unique) -> builder.codecs((codecs) -> {
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
