package dev.outbound.boot;

import java.util.Locale;

import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Url;

/**
 * There is a base URL, and credentials are safe on the way to it.
 */
final class BaseUrlRules {

    private BaseUrlRules() {
    }

    static void check(BoundClient client) {
        if (!client.isWritten("base-url")) {
            client.fail("base-url", "Client '" + client.name() + "' has no base URL.",
                    "Add `" + client.path("base-url") + ": https://...`, or set `" + client.path("base-url")
                            + ": none` if every call passes an absolute URL.");
        }
        Url url = client.properties().getBaseUrl();
        if (url != null && url.scheme().equals("http") && !isLoopback(url) && hasCredentials(client)
                && !client.properties().isAllowPlainHttp()) {
            client.warn("base-url",
                    "Client '" + client.name() + "' would send credentials over plain HTTP to a remote host.",
                    "Use https, or set `" + client.path("allow-plain-http") + ": true` if the network is protected.");
        }
    }

    static boolean isLoopback(Url url) {
        String host = url.host().toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.endsWith(".localhost") || host.equals("::1")
                || host.matches("127(\\.\\d{1,3}){3}");
    }

    private static boolean hasCredentials(BoundClient client) {
        AuthProperties auth = client.properties().getAuth();
        return (auth != null && auth.getType() != null && auth.getType() != AuthenticationType.NONE)
                || client.properties().getHeaders().keySet().stream().anyMatch(Secrets::isSecretHeader)
                || client.properties().getQuery().keySet().stream().anyMatch(Secrets::isSecretHeader);
    }

}
