package dev.outbound.boot;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.DigestAlgorithm;

/**
 * Makes authentication schemes of what is configured, with the beans that some of them
 * name.
 */
final class Authentications {

    private static final String DEFAULT_HEADER = "X-API-Key";

    private final NamedBeans beans;

    private final ObjectProvider<OAuth2> oauth2;

    Authentications(NamedBeans beans, ObjectProvider<OAuth2> oauth2) {
        this.beans = beans;
        this.oauth2 = oauth2;
    }

    /** Check what the configuration alone cannot tell. */
    void check(ConfiguredClients clients, Problems problems) {
        clients.properties().forEach((name, properties) -> {
            AuthProperties auth = properties.getAuth();
            AuthenticationType type = (auth != null) ? auth.getType() : null;
            if (auth != null && type != null) {
                String key = "auth."
                        + ((type == AuthenticationType.OAUTH2) ? "registration" : (type == AuthenticationType.CUSTOM)
                                ? "bean" : (auth.getTokenSupplier() != null) ? "token-supplier" : "type");
                check(type, auth, clients.value(name, key), problems);
            }
        });
    }

    private void check(AuthenticationType type, AuthProperties auth, @Nullable ConfiguredValue value,
            Problems problems) {
        if (value == null) {
            return;
        }
        switch (type) {
            case CUSTOM -> this.beans.check(Auth.class, auth.getBean(), value, problems);
            case BEARER -> {
                if (auth.getTokenSupplier() != null) {
                    this.beans.check(Supplier.class, auth.getTokenSupplier(), value, problems);
                }
            }
            case OAUTH2, TOKEN_RELAY -> checkOAuth2(type, auth, value, problems);
            case NONE, BASIC, API_KEY, DIGEST, NETRC, CLIENT_CREDENTIALS -> {
                // all is in the properties
            }
        }
    }

    private void checkOAuth2(AuthenticationType type, AuthProperties auth, ConfiguredValue value, Problems problems) {
        OAuth2 oauth2 = this.oauth2.getIfAvailable();
        String registration = auth.getRegistration();
        String what = (type == AuthenticationType.OAUTH2)
                ? "OAuth2 registration " + ValueParser.quoted(String.valueOf(registration)) + " does not exist."
                : "Nothing tells whose token to relay.";
        String property = "`spring.security.oauth2.client.registration"
                + ((registration != null) ? "." + registration : "") + "...`";
        if (oauth2 == null) {
            problems.fail(value,
                    what + " Known registrations: none (there is no ClientRegistrationRepository, or "
                            + "spring-security-oauth2-client is not on the class path).",
                    "Add spring-boot-starter-security-oauth2-client and " + property + ".");
            return;
        }
        String wrong = (registration != null) ? oauth2.problem(registration) : null;
        if (wrong != null) {
            problems.fail(value, wrong, "Correct the name or define " + property + ".");
        }
    }

    /** Return the scheme of a client, or {@code null} for none. */
    @Nullable Auth auth(String clientName, @Nullable AuthProperties auth) {
        AuthenticationType type = (auth != null) ? auth.getType() : null;
        if (auth == null || type == null) {
            return null;
        }
        return switch (type) {
            case NONE, BASIC, API_KEY, DIGEST, NETRC, CLIENT_CREDENTIALS -> ofProperties(auth);
            case BEARER ->
                (auth.getTokenSupplier() != null) ? Auth.bearer(supplier(auth.getTokenSupplier())) : ofProperties(auth);
            case OAUTH2 -> this.oauth2.getObject().clientCredentials(text(auth.getRegistration()), clientName);
            case TOKEN_RELAY -> this.oauth2.getObject().relay(clientName);
            case CUSTOM -> this.beans.get(text(auth.getBean()), Auth.class);
        };
    }

    private Supplier<String> supplier(String beanName) {
        Supplier<?> supplier = this.beans.get(beanName, Supplier.class);
        return () -> String.valueOf(supplier.get());
    }

    /** Return the scheme of a client where no bean is needed, else {@code null}. */
    static @Nullable Auth ofProperties(@Nullable AuthProperties auth) {
        AuthenticationType type = (auth != null) ? auth.getType() : null;
        if (auth == null || type == null) {
            return null;
        }
        return switch (type) {
            case BASIC -> basic(auth);
            case DIGEST -> Auth.digest(text(auth.getUsername()), text(auth.getPassword()),
                    auth.getAlgorithms().toArray(DigestAlgorithm[]::new));
            case API_KEY -> (auth.getParameter() != null) ? Auth.apiKeyInQuery(auth.getParameter(), text(auth.getKey()))
                    : Auth.apiKey((auth.getHeader() != null) ? auth.getHeader() : DEFAULT_HEADER, text(auth.getKey()));
            case BEARER -> (auth.getTokenFile() != null) ? Auth.tokens(new TokenFile(Path.of(auth.getTokenFile())))
                    : (auth.getToken() != null) ? Auth.bearer(auth.getToken()) : null;
            case NETRC -> (auth.getNetrcFile() != null) ? Auth.netrc(Path.of(auth.getNetrcFile())) : Auth.netrc();
            case CLIENT_CREDENTIALS -> Auth.clientCredentials(text(auth.getTokenUrl()), text(auth.getClientId()),
                    text(auth.getClientSecret()), auth.getScopes().toArray(String[]::new));
            case NONE, OAUTH2, TOKEN_RELAY, CUSTOM -> null;
        };
    }

    private static Auth basic(AuthProperties auth) {
        Charset charset = auth.getCharset();
        return (charset != null)
                ? Auth.basic(text(auth.getUsername()).getBytes(charset), text(auth.getPassword()).getBytes(charset))
                : Auth.basic(text(auth.getUsername()), text(auth.getPassword()));
    }

    private static String text(@Nullable String text) {
        return (text != null) ? text : "";
    }

    /** What Spring Security knows, where it is on the class path. */
    interface OAuth2 {

        /** What is wrong with a registration, or {@code null}. */
        @Nullable String problem(String registration);

        Auth clientCredentials(String registration, String clientName);

        Auth relay(String clientName);

    }

}
