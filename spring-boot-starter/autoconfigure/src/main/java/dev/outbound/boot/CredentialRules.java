package dev.outbound.boot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Url;

/**
 * Credentials reach no other origin by inheritance: not the authentication, and no header
 * or parameter whose name says that it carries a secret. The defaults have no origin.
 */
final class CredentialRules {

    private CredentialRules() {
    }

    static void check(BoundClient client) {
        if (client.isWritten("base-url") && !client.isSet("base-url")) {
            return;
        }
        checkAuth(client);
        checkProxy(client);
        for (Map.Entry<String, String> entry : secrets(client).entrySet()) {
            refuse(client, entry.getKey(), entry.getValue(),
                    "Repeat it for '" + client.name()
                            + "', write `auth: { type: none }` there to inherit no credentials, "
                            + "or mark those it comes from with `auth.share: true`.");
        }
    }

    /**
     * Drop the secrets that are inherited from beyond a level that says "none".
     */
    static void dropAfterNone(BoundClient client) {
        int none = 0;
        while (none < client.levels() && !isNone(client.level(none))) {
            none++;
        }
        for (String id : secrets(client).keySet()) {
            if (client.distance(id) > none) {
                client.remove(id);
            }
        }
    }

    /**
     * A header whose value comes from a placeholder of a secret is one, whatever its own
     * name: nobody else is to get or see it.
     */
    static void markSecretHeaders(BoundClient client) {
        List<String> secret = client.properties().getHeaders().keySet().stream().filter((name) -> {
            ConfiguredValue value = client.value(BoundClient.header(name));
            return value != null && value.secret() && !Secrets.isSecretHeader(name);
        }).toList();
        if (!secret.isEmpty()) {
            RedirectProperties redirects = client.properties().getRedirects();
            List<String> credentials = new ArrayList<>(redirects.getCredentialHeaders());
            credentials.addAll(secret);
            redirects.setCredentialHeaders(credentials);
        }
    }

    private static boolean isNone(Block level) {
        return Stream.of("auth", "auth.type")
            .map(level::slot)
            .anyMatch((slot) -> slot != null && slot.first().text().equalsIgnoreCase("none"));
    }

    private static void checkAuth(BoundClient client) {
        AuthProperties auth = client.properties().getAuth();
        if (auth == null || auth.getType() == AuthenticationType.NONE) {
            return;
        }
        for (String key : Schema.CLIENT.paths()
            .stream()
            .filter((path) -> path.startsWith("auth.") && !path.equals("auth.share"))
            .toList()) {
            if (client.isWritten(key)) {
                refuse(client, key, "auth", "Give it its own `auth`, write `auth: { type: none }`, "
                        + "or mark the parent's `auth.share: true`.");
                return;
            }
        }
    }

    /** The credentials for a proxy belong to the proxy that is written beside them. */
    private static void checkProxy(BoundClient client) {
        int proxy = client.distance("proxy.url");
        ProxyProperties properties = client.properties().getProxy();
        if (properties == null || !client.isWritten("proxy.url")) {
            return;
        }
        Stream.concat(Stream.of("proxy.password"),
                properties.getHeaders().keySet().stream().filter(Secrets::isSecretHeader).map("proxy.headers."::concat))
            .filter((id) -> client.isWritten(id) && client.distance(id) > proxy)
            .forEach((id) -> client.fail(id,
                    "Client '" + client.name() + "' would inherit the credentials for the proxy of "
                            + client.level(client.distance(id)).shown() + " and send them to another one.",
                    "Set `" + client.path(id) + "` beside proxy.url."));
    }

    /** Headers and parameters whose names say that they carry a secret. */
    static Map<String, String> secrets(BoundClient client) {
        Map<String, String> secrets = new LinkedHashMap<>();
        client.properties().getHeaders().keySet().forEach((name) -> {
            if (Secrets.isSecretHeader(name)) {
                secrets.put(BoundClient.header(name), "header " + name);
            }
        });
        client.properties().getQuery().keySet().forEach((name) -> {
            if (Secrets.isSecretHeader(name)) {
                secrets.put("query." + name, "query parameter " + name);
            }
        });
        return secrets;
    }

    private static void refuse(BoundClient client, String id, String what, String action) {
        if (isStranger(client, client.distance(id))) {
            client.fail(id, inherits(client, id, what), action);
        }
    }

    /** The key of a certificate is a credential, too: it says who calls. */
    static void checkKey(BoundClient client, String id, String bundle, Problems problems) {
        ConfiguredValue value = client.value(id);
        if (value != null && isStranger(client, client.distance(id))) {
            problems.fail(value, inherits(client, id, "the key in SSL bundle " + ValueParser.quoted(bundle)),
                    "Name the bundle for '" + client.name() + "', write `ssl.bundle: none` there, "
                            + "or mark the block it comes from with `auth.share: true`.");
        }
    }

    private static boolean isStranger(BoundClient client, int distance) {
        return distance > 0 && !isShared(client.level(distance)) && !isSameOrigin(client, distance);
    }

    private static String inherits(BoundClient client, String id, String what) {
        Url url = client.properties().getBaseUrl();
        return "Client '" + client.name() + "' would inherit " + what + " from "
                + client.level(client.distance(id)).shown() + " and send it to "
                + ((url != null) ? url.origin() : "any origin") + ".";
    }

    private static boolean isShared(Block level) {
        Slot share = level.slot("auth.share");
        return share != null && share.first().text().equalsIgnoreCase("true");
    }

    private static boolean isSameOrigin(BoundClient client, int distance) {
        Url own = client.properties().getBaseUrl();
        Url other = client.baseUrl(distance);
        return own != null && other != null && own.hasSameOrigin(other);
    }

}
