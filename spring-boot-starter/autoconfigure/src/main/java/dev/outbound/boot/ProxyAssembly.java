package dev.outbound.boot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.CollectionUtils;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.auth.Auth;
import dev.outbound.client.transport.Proxies;
import dev.outbound.client.transport.Proxy;
import dev.outbound.client.transport.TlsSettings;

/**
 * Makes proxies of what is configured.
 */
record ProxyAssembly(ProxyProperties properties, References references) {

    private static final String EVERYTHING = "all://";

    /**
     * Return the proxies.
     * @throws IllegalArgumentException if the core finds that they are none
     */
    Proxies proxies() {
        Proxies proxies = this.properties.isEnvironment() ? Proxies.environment(this.references.environment())
                : Proxies.of(mounts());
        return proxies.except(this.properties.getExclude().toArray(String[]::new));
    }

    private Map<String, @Nullable Proxy> mounts() {
        Map<String, @Nullable Proxy> mounts = new LinkedHashMap<>();
        if (this.properties.getUrl() != null) {
            mounts.put(EVERYTHING, main(this.properties.getUrl()));
        }
        this.properties.getMounts()
            .forEach((pattern, urls) -> mounts.put(pattern, isDirect(urls) ? null : Proxy.of(urls.get(0))));
        return mounts;
    }

    static boolean isDirect(List<String> urls) {
        return CollectionUtils.isEmpty(urls) || urls.get(0).equals("none");
    }

    private Proxy main(String url) {
        Proxy proxy = Proxy.of(url);
        String username = this.properties.getUsername();
        String password = this.properties.getPassword();
        if (username != null || password != null) {
            proxy = proxy.withCredentials((username != null) ? username : "", (password != null) ? password : "");
        }
        if (this.properties.getAuthentication() == ProxyAuthenticationType.DIGEST) {
            proxy = digest(proxy);
        }
        for (Map.Entry<String, List<String>> header : this.properties.getHeaders().entrySet()) {
            proxy = proxy.withHeader(header.getKey(), String.join(", ", header.getValue()));
        }
        TlsSettings tls = this.references.tls(this.properties.getSsl());
        return proxy.isSecure() ? proxy.withTls(tls) : proxy;
    }

    private static Proxy digest(Proxy proxy) {
        String username = proxy.username();
        String password = proxy.password();
        Auth auth = Auth.digest((username != null) ? username : "", (password != null) ? password : "");
        return proxy.withAuthentication(ClientBuilder.proxyAuthentication(auth));
    }

}
