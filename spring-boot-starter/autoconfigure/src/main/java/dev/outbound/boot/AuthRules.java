package dev.outbound.boot;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Secrets;

/**
 * Authentication has what its scheme needs, and nothing else.
 */
final class AuthRules {

    /** The keys that each scheme uses. */
    private static final Map<AuthenticationType, List<String>> USED = Map.of(AuthenticationType.NONE, List.of(),
            AuthenticationType.BASIC, List.of("username", "password"), AuthenticationType.BEARER, List.of("token"));

    private static final List<String> CREDENTIALS = List.of("username", "password", "token");

    private AuthRules() {
    }

    static void check(BoundClient client) {
        AuthProperties auth = client.properties().getAuth();
        if (auth == null || (client.isWritten("auth.type") && !client.isSet("auth.type"))) {
            return;
        }
        AuthenticationType type = auth.getType();
        if (type == null) {
            checkNoType(client);
            return;
        }
        CREDENTIALS.stream()
            .filter((key) -> client.isWritten("auth." + key) && !used(type).contains(key))
            .forEach((key) -> reportUnused(client, key, type));
        switch (type) {
            case NONE -> {
                // nothing is needed
            }
            case BASIC -> checkBasic(client, auth.getUsername());
            case BEARER -> checkBearer(client, auth.getToken());
        }
    }

    private static List<String> used(AuthenticationType type) {
        return USED.getOrDefault(type, List.of());
    }

    private static void checkNoType(BoundClient client) {
        String credential = CREDENTIALS.stream()
            .filter((key) -> client.isWritten("auth." + key))
            .findFirst()
            .orElse(null);
        if (credential != null) {
            client.fail("auth." + credential,
                    "Credentials are set but `auth.type` is missing, so they would never be sent.",
                    "Set `" + client.path("auth.type") + ": " + (credential.equals("token") ? "bearer" : "basic")
                            + "`.");
        }
        else if (!client.isWritten("auth.share")) {
            client.fail("auth", "The block `auth` says nothing.",
                    "Set `" + client.path("auth.type") + "`, or remove the block.");
        }
    }

    private static void reportUnused(BoundClient client, String key, AuthenticationType type) {
        if (type == AuthenticationType.NONE) {
            client.warn("auth." + key, "auth." + key + " is set but auth.type is \"none\".",
                    "Remove it for this profile.");
            return;
        }
        client.fail("auth." + key,
                "`auth." + key + "` does not belong to type \"" + name(type) + "\" (used: "
                        + String.join(", ", used(type)) + ").",
                "Remove it or use type \"" + (key.equals("token") ? "bearer" : "basic") + "\".");
    }

    private static String name(AuthenticationType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static void checkBasic(BoundClient client, @Nullable String username) {
        boolean user = client.isWritten("auth.username");
        if (!client.isWritten("auth.password")) {
            client.fail("auth.password", missing(client, user, "password", "username"),
                    "Set `" + client.path("auth.password") + ": ${" + variable(client) + "_PASSWORD}`.");
        }
        if (!user) {
            client.fail("auth.username", missing(client, client.isWritten("auth.password"), "username", "password"),
                    "Set `" + client.path("auth.username") + "`.");
        }
        if (username != null && username.indexOf(':') >= 0) {
            client.fail("auth.username", "A Basic username must not contain \":\".", "Correct the username.");
        }
        checkCharacters(client, "username");
        checkCharacters(client, "password");
    }

    private static String missing(BoundClient client, boolean hasOther, String missing, String other) {
        return "Basic authentication of client '" + client.name() + "' has "
                + (hasOther ? "a " + other + " but no " + missing : "no " + missing) + ".";
    }

    /** The name that an environment variable with a secret of this client might have. */
    private static String variable(BoundClient client) {
        return client.name().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static void checkBearer(BoundClient client, @Nullable String token) {
        if (!client.isWritten("auth.token")) {
            client.fail("auth.token", "Bearer authentication of client '" + client.name() + "' has no token.",
                    "Set `" + client.path("auth.token") + ": ${" + variable(client) + "_TOKEN}`.");
        }
        else if (token != null && token.isBlank()) {
            client.fail("auth.token",
                    "The token is empty. (If it comes from a placeholder, the variable is defined but empty.)",
                    "Set a non-empty token.");
        }
        else {
            checkCharacters(client, "token");
        }
    }

    private static void checkCharacters(BoundClient client, String key) {
        ConfiguredValue value = client.value("auth." + key);
        String text = (value != null && client.isSet("auth." + key)) ? value.text() : "";
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                boolean lineBreak = text.charAt(i) == '\n' || text.charAt(i) == '\r';
                client.fail("auth." + key,
                        "The " + key + " (" + Secrets.mask(text) + ") contains a "
                                + (lineBreak ? "line break" : "control character") + " at position " + i + ".",
                        "Remove it.");
                return;
            }
        }
    }

}
