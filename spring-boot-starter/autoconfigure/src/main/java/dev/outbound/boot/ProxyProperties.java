package dev.outbound.boot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * The proxies of a client. Those of the environment are used only where they are asked
 * for.
 *
 * @since 0.1
 */
public class ProxyProperties {

    /**
     * http, https or socks5, host and port of the proxy for all URLs.
     */
    private @Nullable String url;

    /**
     * User name for the proxy.
     */
    private @Nullable String username;

    /**
     * Password for the proxy.
     */
    private @Nullable String password;

    /**
     * Hosts that are reached without the proxy: names, which stand for all below them as
     * well, addresses and ranges of them.
     */
    private List<String> exclude = List.of();

    /**
     * How user name and password are given to the proxy.
     */
    private ProxyAuthenticationType authentication = ProxyAuthenticationType.BASIC;

    /**
     * Headers for the proxy, which the server does not see.
     */
    private Map<String, List<String>> headers = new LinkedHashMap<>();

    /**
     * TLS of the connections to an https proxy.
     */
    @NestedConfigurationProperty
    private final SslProperties ssl = new SslProperties();

    /**
     * URLs of proxies by patterns of the URLs they serve, for example
     * "[all://*.example.com]", or "none" for a direct connection. The most specific
     * pattern wins, over "url" as well.
     */
    private Map<String, List<String>> mounts = new LinkedHashMap<>();

    /**
     * Whether the proxies are those of the environment variables HTTP_PROXY, HTTPS_PROXY,
     * ALL_PROXY and NO_PROXY.
     */
    private boolean environment;

    public @Nullable String getUrl() {
        return this.url;
    }

    public void setUrl(@Nullable String url) {
        this.url = url;
    }

    public @Nullable String getUsername() {
        return this.username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return this.password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public List<String> getExclude() {
        return this.exclude;
    }

    public void setExclude(List<String> exclude) {
        this.exclude = exclude;
    }

    public ProxyAuthenticationType getAuthentication() {
        return this.authentication;
    }

    public void setAuthentication(ProxyAuthenticationType authentication) {
        this.authentication = authentication;
    }

    public Map<String, List<String>> getHeaders() {
        return this.headers;
    }

    public void setHeaders(Map<String, List<String>> headers) {
        this.headers = headers;
    }

    public SslProperties getSsl() {
        return this.ssl;
    }

    public Map<String, List<String>> getMounts() {
        return this.mounts;
    }

    public void setMounts(Map<String, List<String>> mounts) {
        this.mounts = mounts;
    }

    public boolean isEnvironment() {
        return this.environment;
    }

    public void setEnvironment(boolean environment) {
        this.environment = environment;
    }

}
