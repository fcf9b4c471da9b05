package dev.outbound.boot;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;

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
        return new AuthorizedClients(registrations, service,
                managers.getIfUnique(() -> manager(registrations, service)));
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
