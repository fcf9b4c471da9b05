package dev.outbound.boot;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.InMemoryReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;

/**
 * OAuth 2 through Spring Security's manager of authorized clients, which works outside of
 * a request as well.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(OAuth2AuthorizedClientManager.class)
class SecurityConfiguration {

    @Bean
    @ConditionalOnBean(ClientRegistrationRepository.class)
    @ConditionalOnMissingBean
    Authentications.OAuth2 outboundOAuth2(ClientRegistrationRepository registrations,
            ObjectProvider<OAuth2AuthorizedClientService> services,
            ObjectProvider<AuthorizedClientServiceOAuth2AuthorizedClientManager> managers) {
        OAuth2AuthorizedClientService service = services
            .getIfUnique(() -> new InMemoryOAuth2AuthorizedClientService(registrations));
        return AuthorizedClients.of(registrations, service,
                managers.getIfUnique(() -> manager(registrations, service)));
    }

    /** Spring Boot gives a reactive application nothing but this. */
    @Bean
    @ConditionalOnBean(ReactiveClientRegistrationRepository.class)
    @ConditionalOnMissingBean
    Authentications.OAuth2 outboundReactiveOAuth2(ReactiveClientRegistrationRepository registrations,
            ObjectProvider<ReactiveOAuth2AuthorizedClientService> services,
            ObjectProvider<AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager> managers) {
        ReactiveOAuth2AuthorizedClientService service = services
            .getIfUnique(() -> new InMemoryReactiveOAuth2AuthorizedClientService(registrations));
        return AuthorizedClients.of(registrations, service,
                managers.getIfUnique(() -> manager(registrations, service)));
    }

    private static AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager manager(
            ReactiveClientRegistrationRepository registrations, ReactiveOAuth2AuthorizedClientService service) {
        AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager manager = new AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager(
                registrations, service);
        manager.setAuthorizedClientProvider(
                ReactiveOAuth2AuthorizedClientProviderBuilder.builder().clientCredentials().refreshToken().build());
        return manager;
    }

    private static AuthorizedClientServiceOAuth2AuthorizedClientManager manager(
            ClientRegistrationRepository registrations, OAuth2AuthorizedClientService service) {
        AuthorizedClientServiceOAuth2AuthorizedClientManager manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(
                registrations, service);
        manager.setAuthorizedClientProvider(
                OAuth2AuthorizedClientProviderBuilder.builder().clientCredentials().refreshToken().build());
        return manager;
    }

}
