package dev.outbound.boot;

import io.micrometer.observation.ObservationRegistry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;

import dev.outbound.client.Client;
import dev.outbound.client.ClientClock;
import dev.outbound.client.Engines;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.transport.Transports;

/**
 * {@linkplain AutoConfiguration Auto-configuration} for the clients below
 * {@code outbound.clients}: for each name a {@link Client}, a {@link ReactiveClient} and
 * what makes Spring's own APIs send through them, and {@link Clients} as the registry of
 * all. Opens no connection and starts no thread.
 *
 * @since 0.1
 */
@AutoConfiguration(afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
        "org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration",
        "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
        "org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration",
        "org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration",
        "org.springframework.boot.security.oauth2.client.autoconfigure.reactive.ReactiveOAuth2ClientAutoConfiguration",
        "org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration",
        "org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration",
        "org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration",
        "org.springframework.boot.webclient.autoconfigure.WebClientObservationAutoConfiguration" })
@Import({ JsonConfiguration.MessageConverters.class, JsonConfiguration.Jackson.class,
        RestClientConfiguration.WithCustomizers.class, RestClientConfiguration.WithMessageConverters.class,
        RestClientConfiguration.Faces.class, WebClientConfiguration.WithCustomizers.class,
        WebClientConfiguration.WithCodecs.class, WebClientConfiguration.Faces.class, SecurityConfiguration.class,
        MetricsConfiguration.class, EnvironmentChangeConfiguration.class })
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

    /** So that what only the beans can tell of the configuration is told at the start. */
    @Bean
    static LazyInitializationExcludeFilter outboundLazyInitializationExcludeFilter() {
        return LazyInitializationExcludeFilter.forBeanTypes(Clients.class);
    }

    @Bean
    SuppressedRetries outboundSuppressedRetries() {
        return new SuppressedRetries();
    }

    @Bean(CLIENTS_BEAN_NAME)
    Clients outboundClients(ConfiguredClients configured, Transports transports, JsonConversion json,
            ObjectProvider<ObservationRegistry> observations, ObjectProvider<ClientClock> clock,
            SuppressedRetries suppressed, ObjectProvider<SslBundles> sslBundles,
            ObjectProvider<Authentications.OAuth2> oauth2, ObjectProvider<JsonMapper> mappers,
            ConfigurableEnvironment environment, ConfigurableListableBeanFactory beanFactory) {
        NamedBeans beans = new NamedBeans(beanFactory);
        SslContexts sslContexts = new SslContexts(sslBundles.getIfAvailable());
        Authentications authentications = new Authentications(beans, oauth2);
        BeanReferences references = new BeanReferences(beans, sslContexts, environment);
        ConnectionOverrides overrides = new ConnectionOverrides(beanFactory);
        ContextRules rules = new ContextRules(overrides, sslContexts, authentications, references,
                new EngineRules(transports, beanFactory.getBeanClassLoader()), new JsonRules(mappers));
        CurrentConfiguration current = new CurrentConfiguration(configured, rules, environment);
        Clients clients = new Clients(configured, current,
                new SessionFactory(transports, json, observations, clock, new Customizers(beanFactory, configured),
                        references, authentications, overrides, suppressed,
                        MockReport.of(transports, configured, environment)),
                beanFactory);
        sslContexts.onUpdate(clients::reload);
        return clients;
    }

    @Bean
    ClientsLifecycle outboundClientsLifecycle(Clients clients) {
        return new ClientsLifecycle(clients);
    }

}
