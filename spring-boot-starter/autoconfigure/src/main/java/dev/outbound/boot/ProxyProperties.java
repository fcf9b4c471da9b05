package dev.outbound.boot;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The proxy of a client. Proxies of the environment are not used.
 *
 * @since 0.1
 */
public class ProxyProperties {

    /**
     * http, https or socks5, host and port of the proxy.
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

}
