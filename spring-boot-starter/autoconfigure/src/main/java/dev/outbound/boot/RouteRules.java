package dev.outbound.boot;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Url;
import dev.outbound.client.transport.AddressGuard;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;

/**
 * The way to the server is one that can be gone: proxy, TLS, address guard.
 */
final class RouteRules {

    private RouteRules() {
    }

    static void check(BoundClient client) {
        ProxyProperties proxy = client.properties().getProxy();
        if (proxy != null) {
            checkProxy(client, proxy);
        }
        checkSsrf(client, client.properties().getSsrf(), proxy);
        Url baseUrl = client.properties().getBaseUrl();
        String bundle = client.properties().getSsl().getBundle();
        if (bundle != null && baseUrl != null && baseUrl.scheme().equals("http")) {
            client.warn("ssl.bundle",
                    "SSL bundle " + ValueParser.quoted(bundle) + " is never used because base-url starts with http.",
                    "Use https or remove the bundle.");
        }
    }

    private static void checkProxy(BoundClient client, ProxyProperties proxy) {
        String url = proxy.getUrl();
        if (url == null) {
            boolean credentials = client.isWritten("proxy.username") || client.isWritten("proxy.password");
            client.fail("proxy.url",
                    credentials ? "Proxy credentials are set, but there is no proxy." : "There is no proxy.",
                    "Add proxy.url, or write `proxy: none`.");
            return;
        }
        if (!url.contains("://")) {
            String host = ShownValue.escape(url);
            client.fail("proxy.url", ValueParser.quoted(url) + " has no scheme.",
                    "Write http://" + host + " or socks5://" + host + ".");
            return;
        }
        try {
            Proxy parsed = Proxy.of(url);
            if (client.isWritten("proxy.username") || client.isWritten("proxy.password")) {
                checkCredentials(client, proxy, parsed);
            }
        }
        catch (IllegalArgumentException ex) {
            client.fail("proxy.url", ex.getMessage() + ".", "Write http://proxy:3128 or socks5://proxy:1080.");
        }
        checkEntries(client, "proxy.exclude", proxy.getExclude(), (host) -> Proxies.none().except(host));
    }

    private static void checkCredentials(BoundClient client, ProxyProperties proxy, Proxy parsed) {
        if (proxy.getUsername() == null || proxy.getPassword() == null) {
            String missing = (proxy.getUsername() == null) ? "username" : "password";
            client.fail("proxy." + missing, "The credentials for the proxy have no " + missing + ".",
                    "Set `" + client.path("proxy." + missing) + "`.");
            return;
        }
        try {
            parsed.withCredentials(proxy.getUsername(), proxy.getPassword());
        }
        catch (IllegalArgumentException ex) {
            client.fail("proxy.username", ex.getMessage() + ".", "Correct the credentials.");
        }
    }

    private static void checkSsrf(BoundClient client, SsrfProperties ssrf, @Nullable ProxyProperties proxy) {
        checkEntries(client, "ssrf.allowed-hosts", ssrf.getAllowedHosts(),
                (host) -> AddressGuard.publicOnly().withHosts(List.of(host)));
        if (ssrf.getAllowedPorts().stream().anyMatch((port) -> port < 1 || port > 65535)) {
            client.fail("ssrf.allowed-ports", "A port is a number from 1 to 65535.", "Correct the ports.");
        }
        switch (ssrf.getMode()) {
            case OFF -> List.of("allowed-hosts", "allowed-ports", "trust-proxy")
                .stream()
                .filter((key) -> client.isWritten("ssrf." + key))
                .findFirst()
                .ifPresent((key) -> client.fail("ssrf." + key,
                        "ssrf." + key + " is set but ssrf.mode is \"off\", so it would have no effect.",
                        "Set `" + client.path("ssrf.mode") + "` to public-only or allowed-hosts, or remove it."));
            case PUBLIC_ONLY -> {
                if (proxy != null && !ssrf.isTrustProxy()) {
                    client.fail("ssrf.mode",
                            "With a proxy, the proxy resolves host names, so this client cannot block private "
                                    + "addresses.",
                            "Use `ssrf.allowed-hosts`, or filter on the proxy and set `ssrf.trust-proxy: true`.");
                }
            }
            case ALLOWED_HOSTS -> {
                if (ssrf.getAllowedHosts().isEmpty()) {
                    client.fail("ssrf.allowed-hosts", "No host is allowed, so every call would fail.",
                            "List the hosts that client '" + client.name() + "' may connect to.");
                }
            }
        }
    }

    private static void checkEntries(BoundClient client, String key, List<String> entries, Consumer<String> parser) {
        for (String entry : entries) {
            try {
                parser.accept(entry);
            }
            catch (IllegalArgumentException ex) {
                client.fail(key, ex.getMessage() + ".", "Use host names, addresses and ranges such as 10.0.0.0/8.");
            }
        }
    }

}
