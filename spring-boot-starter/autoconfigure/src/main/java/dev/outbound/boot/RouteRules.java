package dev.outbound.boot;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.AddressGuard;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;

/**
 * The way to the server is one that can be gone: proxy, TLS, address guard.
 */
final class RouteRules {

    private static final Pattern HOST = Pattern.compile("(?=.*[A-Za-z_])[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?");

    /** What is said of the proxy of proxy.url. */
    private static final List<String> PROXY_DETAILS = List.of("proxy.username", "proxy.password",
            "proxy.authentication", "proxy.headers", "proxy.ssl");

    private RouteRules() {
    }

    static void check(BoundClient client) {
        ProxyProperties proxy = client.properties().getProxy();
        if (proxy != null) {
            checkProxy(client, proxy);
        }
        checkSsrf(client, client.properties().getSsrf(), proxy);
        client.properties().getAddresses().forEach((host, addresses) -> checkAddresses(client, host, addresses));
        checkLocalAddress(client, client.properties().getLocalAddress());
        TlsRules.check(client);
    }

    /**
     * Not an error: an address may be given to the machine later, as to the one of two
     * that takes over.
     */
    private static void checkLocalAddress(BoundClient client, @Nullable InetAddress address) {
        if (address == null || address.isAnyLocalAddress() || address.isLoopbackAddress()) {
            return;
        }
        try {
            if (NetworkInterface.getByInetAddress(address) == null) {
                client.warn("local-address",
                        "No network interface of this machine has the address " + address.getHostAddress()
                                + ", so every call would fail.",
                        "Use one of its addresses, or remove it for the system's choice.");
            }
        }
        catch (SocketException ex) {
            // Not even the system can tell
        }
    }

    private static void checkAddresses(BoundClient client, String host, List<String> addresses) {
        String key = "addresses." + host;
        if (addresses.isEmpty() || addresses.stream().anyMatch(String::isBlank)) {
            client.fail(key, "The host " + ValueParser.quoted(host) + " has no address.",
                    "Write an address, or several of them in the order in which they are tried.");
            return;
        }
        for (String address : addresses) {
            try {
                AddressText.parse(address);
            }
            catch (InvalidValueException ex) {
                client.fail(key, ex.reason(), ex.action());
                return;
            }
        }
        if (!HOST.matcher(host).matches()) {
            client.fail(key, ValueParser.quoted(host) + " is not a host name.",
                    "Write the name as in the URL, without scheme and port.");
        }
    }

    private static void checkProxy(BoundClient client, ProxyProperties proxy) {
        checkEntries(client, "proxy.exclude", proxy.getExclude(), (host) -> Proxies.none().except(host));
        proxy.getMounts().forEach((pattern, urls) -> checkMount(client, pattern, urls));
        String url = proxy.getUrl();
        if (proxy.isEnvironment()) {
            checkEnvironment(client);
        }
        else if (url != null) {
            checkMain(client, proxy, url);
        }
        else if (!PROXY_DETAILS.stream().allMatch((key) -> client.firstIn(key) == null)) {
            boolean credentials = client.isWritten("proxy.username") || client.isWritten("proxy.password");
            client.fail("proxy.url",
                    credentials ? "Proxy credentials are set, but there is no proxy."
                            : "What is said of a proxy belongs to proxy.url, which is missing.",
                    "Add proxy.url, or write `proxy: none`.");
        }
        else if (client.firstIn("proxy.mounts") == null) {
            client.fail("proxy.url", "There is no proxy.", "Add proxy.url, or write `proxy: none`.");
        }
    }

    /** With the variables, everything else is said there as well. */
    private static void checkEnvironment(BoundClient client) {
        Stream.concat(Stream.of("proxy.url", "proxy.mounts"), PROXY_DETAILS.stream())
            .map(client::firstIn)
            .filter(Objects::nonNull)
            .findFirst()
            .ifPresent((key) -> client.fail(key,
                    key + " is set, but with proxy.environment the proxies are those of the environment variables.",
                    "Remove it, or remove proxy.environment."));
    }

    private static void checkMount(BoundClient client, String pattern, List<String> urls) {
        String key = "proxy.mounts." + pattern;
        try {
            Proxies.of(Collections.singletonMap(pattern, null));
        }
        catch (IllegalArgumentException ex) {
            client.fail(key, ex.getMessage() + ".",
                    "Write a pattern in brackets and quotes, for example \"[all://*.example.com]\".");
            return;
        }
        if (urls.size() > 1) {
            client.fail(key, "The pattern " + ValueParser.quoted(pattern) + " has several proxies.", "Keep one.");
        }
        else if (!ProxyAssembly.isDirect(urls)) {
            parse(client, key, urls.get(0));
        }
    }

    private static @Nullable Proxy parse(BoundClient client, String key, String url) {
        if (!url.contains("://")) {
            String host = ShownValue.escape(url);
            client.fail(key, ValueParser.quoted(url) + " has no scheme.",
                    "Write http://" + host + " or socks5://" + host + ".");
            return null;
        }
        try {
            return Proxy.of(url);
        }
        catch (IllegalArgumentException ex) {
            client.fail(key, ex.getMessage() + ".", "Write http://proxy:3128 or socks5://proxy:1080.");
            return null;
        }
    }

    private static void checkMain(BoundClient client, ProxyProperties properties, String url) {
        Proxy proxy = parse(client, "proxy.url", url);
        if (proxy == null) {
            return;
        }
        if (client.isWritten("proxy.username") || client.isWritten("proxy.password")) {
            checkCredentials(client, properties, proxy);
        }
        else if (properties.getAuthentication() == ProxyAuthenticationType.DIGEST && proxy.username() == null) {
            client.fail("proxy.authentication", "Digest authentication needs user name and password.",
                    "Set `" + client.path("proxy.username") + "` and `password`.");
        }
        if (proxy.isSocks() && properties.getAuthentication() == ProxyAuthenticationType.DIGEST) {
            client.fail("proxy.authentication", "A SOCKS proxy knows no Digest authentication.", "Remove it.");
        }
        String tls = client.firstIn("proxy.ssl");
        if (tls != null && !proxy.isSecure()) {
            client.fail(tls, "The proxy is not spoken to over TLS, so " + tls + " would have no effect.",
                    "Remove it, or use https:// in proxy.url.");
        }
        properties.getHeaders().forEach((name, values) -> checkHeader(client, proxy, name, values));
    }

    private static void checkHeader(BoundClient client, Proxy proxy, String name, List<String> values) {
        try {
            proxy.withHeader(name, String.join(", ", values));
        }
        catch (IllegalArgumentException ex) {
            boolean secret = !proxy.isSocks() && Secrets.isSecretHeader(name);
            client.fail("proxy.headers." + name, secret ? "The header cannot be sent." : ex.getMessage() + ".",
                    "Correct or remove the header.");
        }
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
