package dev.outbound.boot;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.springframework.http.HttpMethod;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Url;

/**
 * Authentication has what its scheme needs, and nothing else.
 */
final class AuthRules {

    /** The keys that each scheme uses. */
    private static final Map<AuthenticationType, List<String>> USED = Map.of(AuthenticationType.NONE, List.of(),
            AuthenticationType.BASIC, List.of("username", "password", "charset"), AuthenticationType.BEARER,
            List.of("token", "token-file", "token-supplier"), AuthenticationType.API_KEY,
            List.of("key", "header", "parameter"), AuthenticationType.DIGEST,
            List.of("username", "password", "algorithms"), AuthenticationType.NETRC, List.of("netrc-file"),
            AuthenticationType.CLIENT_CREDENTIALS, List.of("token-url", "client-id", "client-secret", "scopes"),
            AuthenticationType.OAUTH2, List.of("registration"), AuthenticationType.TOKEN_RELAY, List.of(),
            AuthenticationType.CUSTOM, List.of("bean"));

    private static final List<String> CREDENTIALS = List.of("username", "password", "token", "token-file",
            "token-supplier", "key", "header", "parameter", "netrc-file", "token-url", "client-id", "client-secret",
            "scopes", "registration", "bean", "algorithms", "charset");

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
            case NONE, TOKEN_RELAY -> {
                // nothing is needed
            }
            case BASIC -> {
                checkPassword(client, "Basic");
                checkCharset(client, auth);
                if (auth.getUsername() != null && auth.getUsername().indexOf(':') >= 0) {
                    client.fail("auth.username", "A Basic username must not contain \":\".", "Correct the username.");
                }
            }
            case DIGEST -> checkPassword(client, "Digest");
            case BEARER -> checkBearer(client, auth);
            case API_KEY -> checkApiKey(client, auth);
            case NETRC -> checkNetrc(client, auth);
            case CLIENT_CREDENTIALS -> ClientCredentialsRules.check(client, auth);
            case OAUTH2 -> checkNamed(client, "registration", "`spring.security.oauth2.client.registration`");
            case CUSTOM -> checkNamed(client, "bean", "a bean of type Auth");
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
                    "Set `" + client.path("auth.type") + ": " + typeFor(credential) + "`.");
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
        client.fail("auth." + key, "`auth." + key + "` does not belong to type \"" + name(type) + "\" (used: "
                + String.join(", ", used(type)) + ").", "Remove it or use type \"" + typeFor(key) + "\".");
    }

    /** The first scheme that a key could have been meant for. */
    private static String typeFor(String key) {
        return Arrays.stream(AuthenticationType.values())
            .filter((type) -> used(type).contains(key))
            .map(AuthRules::name)
            .findFirst()
            .orElse("none");
    }

    private static String name(AuthenticationType type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void checkPassword(BoundClient client, String scheme) {
        boolean user = client.isWritten("auth.username");
        if (!client.isWritten("auth.password")) {
            client.fail("auth.password", missing(client, scheme, user, "password", "username"),
                    "Set `" + client.path("auth.password") + ": ${" + variable(client) + "_PASSWORD}`.");
        }
        if (!user) {
            client.fail("auth.username",
                    missing(client, scheme, client.isWritten("auth.password"), "username", "password"),
                    "Set `" + client.path("auth.username") + "`.");
        }
        checkCharacters(client, "username");
        checkCharacters(client, "password");
    }

    private static void checkCharset(BoundClient client, AuthProperties auth) {
        Charset charset = auth.getCharset();
        for (String key : List.of("username", "password")) {
            ConfiguredValue value = client.value("auth." + key);
            String text = (value != null) ? value.text() : "";
            if (charset != null && !(charset.canEncode() && charset.newEncoder().canEncode(text))) {
                client.fail("auth." + key, "The " + key + " has characters outside " + charset + ".",
                        "Remove auth.charset for UTF-8, or name the one that the server expects.");
            }
            else if (charset == null && !StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
                client.warn("auth." + key,
                        "The " + key + " has characters outside ISO-8859-1; it will be sent as UTF-8.",
                        "Set `auth.charset` if the server expects another one, or UTF-8 if it does not.");
            }
        }
    }

    private static String missing(BoundClient client, String scheme, boolean hasOther, String missing, String other) {
        return scheme + " authentication of client '" + client.name() + "' has "
                + (hasOther ? "a " + other + " but no " + missing : "no " + missing) + ".";
    }

    /** The name that an environment variable with a secret of this client might have. */
    static String variable(BoundClient client) {
        return client.name().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static void checkBearer(BoundClient client, AuthProperties auth) {
        List<String> sources = used(AuthenticationType.BEARER).stream()
            .filter((key) -> client.isWritten("auth." + key))
            .toList();
        if (sources.size() > 1) {
            client.fail("auth." + sources.get(1),
                    "Several sources for the token: "
                            + sources.stream().map("auth."::concat).collect(Collectors.joining(" and ")) + ".",
                    "Keep one.");
            return;
        }
        String token = auth.getToken();
        if (sources.isEmpty()) {
            client.fail("auth.token", "Bearer authentication of client '" + client.name() + "' has no token.",
                    "Set `" + client.path("auth.token") + ": ${" + variable(client) + "_TOKEN}`.");
        }
        else if (auth.getTokenFile() != null) {
            try {
                new TokenFile(Path.of(auth.getTokenFile())).read();
            }
            catch (IllegalStateException | InvalidPathException ex) {
                client.fail("auth.token-file", String.valueOf(ex.getMessage()),
                        "Mount the secret or correct the path.");
            }
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

    private static void checkApiKey(BoundClient client, AuthProperties auth) {
        if (auth.getKey() == null || auth.getKey().isBlank()) {
            client.fail("auth.key", "The API key of client '" + client.name() + "' is missing.",
                    "Set `" + client.path("auth.key") + ": ${" + variable(client) + "_KEY}`.");
        }
        if (auth.getHeader() != null && auth.getParameter() != null) {
            client.fail("auth.parameter", "The API key would be sent twice: in a header and in a parameter.",
                    "Keep one of auth.header and auth.parameter.");
        }
        checkCharacters(client, "key");
    }

    private static void checkNetrc(BoundClient client, AuthProperties auth) {
        String key = client.isWritten("auth.netrc-file") ? "auth.netrc-file" : "auth.type";
        Auth netrc;
        try {
            netrc = Authentications.ofProperties(auth);
        }
        catch (IllegalArgumentException ex) {
            client.fail(key, ex.getMessage() + ".", "Mount or correct the file, or set `"
                    + client.path("auth.netrc-file") + "` to the one that is meant.");
            return;
        }
        Url url = client.properties().getBaseUrl();
        if (url != null && netrc != null && isWithoutCredentials(netrc, url)) {
            client.warn(key, "The netrc file has no password for " + url.host() + ", so no credentials will be sent.",
                    "Add `machine " + url.host() + " login … password …` to the file.");
        }
    }

    private static boolean isWithoutCredentials(Auth netrc, Url url) {
        return netrc.begin(Instant.EPOCH).start(Request.of(HttpMethod.GET, url)) instanceof AuthStep.Send send
                && !send.request().fields().contains("Authorization");
    }

    private static void checkNamed(BoundClient client, String key, String what) {
        if (!client.isWritten("auth." + key)) {
            client.fail("auth." + key, "auth." + key + " is missing.",
                    "Set `" + client.path("auth." + key) + "` to the name of " + what + ".");
        }
    }

    static void checkCharacters(BoundClient client, String key) {
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
