package dev.outbound.boot;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.Token;

/**
 * Tokens of Spring Security's authorized clients.
 */
final class AuthorizedClients implements Authentications.OAuth2 {

    private final ClientRegistrationRepository registrations;

    private final OAuth2AuthorizedClientManager manager;

    /** Of a registration and a principal. */
    private final BiConsumer<String, String> forget;

    private AuthorizedClients(ClientRegistrationRepository registrations, OAuth2AuthorizedClientManager manager,
            BiConsumer<String, String> forget) {
        this.registrations = registrations;
        this.manager = manager;
        this.forget = forget;
    }

    static AuthorizedClients of(ClientRegistrationRepository registrations, OAuth2AuthorizedClientService service,
            OAuth2AuthorizedClientManager manager) {
        return new AuthorizedClients(registrations, manager, service::removeAuthorizedClient);
    }

    /**
     * Those of a reactive application. Tokens are waited for by a thread that may block,
     * there as elsewhere: one for all calls.
     */
    static AuthorizedClients of(ReactiveClientRegistrationRepository registrations,
            ReactiveOAuth2AuthorizedClientService service, ReactiveOAuth2AuthorizedClientManager manager) {
        return new AuthorizedClients(new WaitingRegistrations(registrations),
                (request) -> manager.authorize(request).block(),
                (registration, principal) -> service.removeAuthorizedClient(registration, principal).block());
    }

    @Override
    public @Nullable String problem(String registration) {
        ClientRegistration found = this.registrations.findByRegistrationId(registration);
        if (found == null) {
            Set<String> known = new TreeSet<>();
            if (this.registrations instanceof Iterable<?> all) {
                all.forEach((each) -> known.add(((ClientRegistration) each).getRegistrationId()));
            }
            return "OAuth2 registration " + ValueParser.quoted(registration) + " does not exist. Known registrations: "
                    + (known.isEmpty() ? "none" : String.join(", ", known)) + "."
                    + Nearest.question(Nearest.to(registration, known));
        }
        String grant = found.getAuthorizationGrantType().getValue();
        return grant.equals(AuthorizationGrantType.CLIENT_CREDENTIALS.getValue()) ? null
                : "OAuth2 registration " + ValueParser.quoted(registration) + " has the grant type " + grant
                        + "; a client on its own needs client_credentials, and the token of a user is relayed by "
                        + "type \"token-relay\".";
    }

    /**
     * The manager blocks, so that it is asked on another thread, by one call for all.
     */
    @Override
    public Auth clientCredentials(String registration, String clientName) {
        Authentication principal = new AnonymousAuthenticationToken("outbound", clientName,
                AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));
        return Auth.tokens((refused) -> CompletableFuture.supplyAsync(() -> {
            if (refused != null) {
                this.forget.accept(registration, principal.getName());
            }
            return token(authorize(registration, principal));
        }, Schedulers.boundedElastic()::schedule));
    }

    private OAuth2AccessToken authorize(String registration, Authentication principal) {
        OAuth2AuthorizedClient authorized = this.manager
            .authorize(OAuth2AuthorizeRequest.withClientRegistrationId(registration).principal(principal).build());
        if (authorized == null) {
            throw new IllegalStateException("OAuth2 registration '" + registration + "' gives no token");
        }
        return authorized.getAccessToken();
    }

    private static Token token(OAuth2AccessToken token) {
        Instant expires = token.getExpiresAt();
        Duration left = (expires != null) ? Duration.between(Instant.now(), expires) : null;
        return new Token(token.getTokenValue(), (left != null && left.isNegative()) ? Duration.ZERO : left);
    }

    @Override
    public Auth relay(String clientName) {
        return (now) -> new TokenRelay(clientName,
                (login) -> authorize(login.getAuthorizedClientRegistrationId(), login));
    }

    private record WaitingRegistrations(
            ReactiveClientRegistrationRepository delegate) implements ClientRegistrationRepository, Iterable<Object> {

        @Override
        public @Nullable ClientRegistration findByRegistrationId(String registrationId) {
            return this.delegate.findByRegistrationId(registrationId).block();
        }

        @Override
        public Iterator<Object> iterator() {
            List<Object> all = new ArrayList<>();
            if (this.delegate instanceof Iterable<?> registrations) {
                registrations.forEach(all::add);
            }
            return all.iterator();
        }

    }

}
