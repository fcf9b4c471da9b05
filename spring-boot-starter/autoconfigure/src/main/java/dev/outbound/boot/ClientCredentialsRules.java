package dev.outbound.boot;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.auth.ClientCredentials;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Url;

/**
 * The token endpoint can be asked, and is told the secret over TLS only.
 */
final class ClientCredentialsRules {

    private static final String ANY_URL = "https://id.example.com/token";

    private ClientCredentialsRules() {
    }

    static void check(BoundClient client, AuthProperties auth) {
        checkPresent(client, "token-url", auth.getTokenUrl(), ": https://…/oauth2/token`.");
        checkPresent(client, "client-id", auth.getClientId(), "`.");
        checkPresent(client, "client-secret", auth.getClientSecret(),
                ": ${" + AuthRules.variable(client) + "_CLIENT_SECRET}`.");
        AuthRules.checkCharacters(client, "client-id");
        AuthRules.checkCharacters(client, "client-secret");
        if (auth.getTokenUrl() != null && !auth.getTokenUrl().isBlank()) {
            checkUrl(client, auth.getTokenUrl());
        }
        checkScopes(client, auth.getScopes());
    }

    private static void checkPresent(BoundClient client, String key, @Nullable String value, String end) {
        if (value == null || value.isBlank()) {
            client.fail("auth." + key,
                    "Client credentials of client '" + client.name() + "' have "
                            + ((value == null) ? "no " + key : "an empty " + key) + ".",
                    "Set `" + client.path("auth." + key) + end);
        }
    }

    private static void checkUrl(BoundClient client, String text) {
        try {
            new ClientCredentials(text, "client", "secret", List.of());
        }
        catch (InvalidUrlException ex) {
            client.fail("auth.token-url", ex.getMessage() + ".", "Write the whole URL: https://…/oauth2/token.");
            return;
        }
        Url url = Url.parse(text);
        if (url.scheme().equals("http") && !BaseUrlRules.isLoopback(url) && !client.properties().isAllowPlainHttp()) {
            client.warn("auth.token-url",
                    "Client '" + client.name() + "' would send its secret over plain HTTP to a remote host.",
                    "Use https, or set `" + client.path("allow-plain-http") + ": true` if the network is protected.");
        }
    }

    private static void checkScopes(BoundClient client, List<String> scopes) {
        try {
            new ClientCredentials(ANY_URL, "client", "secret", scopes);
        }
        catch (IllegalArgumentException ex) {
            client.fail("auth.scopes", ex.getMessage() + ".", "Write the scopes as a list: [read, write].");
        }
    }

}
