package dev.outbound.boot;

import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.converter.autoconfigure.ClientHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

import dev.outbound.client.http.JsonConversion;

/**
 * JSON as the application has it: by the message converters of its other clients, or else
 * by its mapper.
 */
final class JsonConfiguration {

    private JsonConfiguration() {
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ClientHttpMessageConvertersCustomizer.class)
    @ConditionalOnBean(ClientHttpMessageConvertersCustomizer.class)
    static class MessageConverters {

        @Bean
        @ConditionalOnMissingBean
        JsonConversion outboundJsonConversion(ObjectProvider<ClientHttpMessageConvertersCustomizer> customizers) {
            HttpMessageConverters.ClientBuilder converters = HttpMessageConverters.forClient();
            customizers.orderedStream().forEach((customizer) -> customizer.customize(converters));
            return JsonConversion.of(converters.build());
        }

    }

    @Configuration(proxyBeanMethods = false)
    static class Jackson {

        @Bean
        @ConditionalOnMissingBean
        JsonConversion outboundJsonConversion(ObjectProvider<JsonMapper> mapper) {
            JsonMapper unique = mapper.getIfUnique();
            return (unique == null) ? JsonConversion.defaults()
                    : JsonConversion.of(List.of(new JacksonJsonHttpMessageConverter(unique)));
        }

    }

}
