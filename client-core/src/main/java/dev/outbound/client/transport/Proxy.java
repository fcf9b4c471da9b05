package dev.outbound.client.transport;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Url;

/**
 * A proxy, and what it is given besides the request. Immutable; secrets are printed
 * nowhere.
 * <p>
 * Requests of {@code http} URLs are forwarded by an HTTP proxy, {@code https} goes
 * through a tunnel ({@code CONNECT}), and everything through a SOCKS 5 proxy, which also
 * looks the names up. What the proxy is given never reaches the server, and what the
 * server is given reaches the proxy only where it forwards.
 *
 * @since 0.1
 */
public final class Proxy {

    /** What a byte can count (RFC 1929, section 2). */
    private static final int LONGEST_SOCKS_CREDENTIAL = 255;

    private final Url url;

    private final @Nullable String username;

    private final @Nullable String password;

    private final @Nullable ProxyAuthentication authentication;

    private final FieldLines headers;

    private final TlsSettings tls;

    private Proxy(Url url, @Nullable String username, @Nullable String password,
            @Nullable ProxyAuthentication authentication, FieldLines headers, TlsSettings tls) {
        this.url = url;
        this.username = username;
        this.password = password;
        this.authentication = authentication;
        this.headers = headers;
        this.tls = tls;
    }

    /**
     * Return a proxy.
     * @param url {@code http}, {@code https}, {@code socks5} or {@code socks5h}, host and
     * port; user information becomes the {@linkplain #withCredentials credentials}
     * @return the proxy
     * @throws IllegalArgumentException if it is something else
     */
    public static Proxy of(String url) {
        return of(ProxyVariables.proxyUrl(url));
    }

    static Proxy of(Url url) {
        Proxy proxy = new Proxy(url.withoutUserInfo(), null, null, null, FieldLines.empty(), TlsSettings.defaults());
        String userInfo = url.userInfo();
        if (userInfo == null || userInfo.isEmpty() || userInfo.equals(":")) {
            return proxy;
        }
        int colon = userInfo.indexOf(':');
        return proxy.withCredentials(decode((colon >= 0) ? userInfo.substring(0, colon) : userInfo),
                (colon >= 0) ? decode(userInfo.substring(colon + 1)) : "");
    }

    /** A plus sign is a plus sign here: this is a URL, not a form. */
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /**
     * Return this proxy with user name and password: Basic authentication for an HTTP
     * proxy, sent with each request to it, and that of RFC 1929 for a SOCKS proxy.
     * @param username the user name, without a colon
     * @param password the password
     * @return another proxy
     * @throws IllegalArgumentException if one contains a control character or, for a
     * SOCKS proxy, has more than 255 bytes; the message shows neither
     */
    public Proxy withCredentials(String username, String password) {
        check("user name", username);
        check("password", password);
        Assert.isTrue(isSocks() || username.indexOf(':') < 0,
                () -> "The user name for the proxy " + this + " must not contain ':'");
        return new Proxy(this.url, username, password, null, this.headers, this.tls);
    }

    private void check(String what, String value) {
        Assert.notNull(value, () -> what + " must not be null");
        Assert.isTrue(value.chars().noneMatch((c) -> c < ' ' || c == 0x7f),
                () -> "The " + what + " for the proxy " + this + " contains a control character");
        Assert.isTrue(!isSocks() || value.getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKS_CREDENTIAL,
                () -> "The " + what + " for the proxy " + this + " has more than 255 bytes, which SOCKS cannot carry");
    }

    /**
     * Return this proxy with another authentication, instead of user name and password.
     * @param authentication what it is given
     * @return another proxy
     * @throws IllegalArgumentException if this is a SOCKS proxy
     */
    public Proxy withAuthentication(ProxyAuthentication authentication) {
        Assert.notNull(authentication, "authentication must not be null");
        Assert.isTrue(!isSocks(),
                () -> "The proxy " + this + " speaks SOCKS, which knows user name and password only; give it those");
        return new Proxy(this.url, null, null, authentication, this.headers, this.tls);
    }

    /**
     * Return this proxy with a header for the proxy. In front of a tunnel the server
     * never sees it; a proxy that forwards a request decides itself what it passes on.
     * @param name the name
     * @param value the value
     * @return another proxy
     * @throws IllegalArgumentException if one is not allowed in a message, or this is a
     * SOCKS proxy
     */
    public Proxy withHeader(String name, String value) {
        Assert.isTrue(!isSocks(), () -> "The proxy " + this + " speaks SOCKS, which knows no headers");
        return new Proxy(this.url, this.username, this.password, this.authentication, this.headers.with(name, value),
                this.tls);
    }

    /**
     * Return this proxy with other TLS settings; they are the proxy's own, not the
     * client's.
     * @param tls the settings
     * @return another proxy
     * @throws IllegalArgumentException if this is not an {@code https} proxy
     */
    public Proxy withTls(TlsSettings tls) {
        Assert.isTrue(isSecure(), () -> "The proxy " + this + " is not spoken to over TLS; use https:// if it should");
        return new Proxy(this.url, this.username, this.password, this.authentication, this.headers, tls);
    }

    /**
     * Return the URL of the proxy.
     * @return the URL without user information
     */
    public Url url() {
        return this.url;
    }

    public String scheme() {
        return this.url.scheme();
    }

    public String host() {
        return this.url.host();
    }

    /**
     * Return the port.
     * @return the one of the URL, or else 80, 443 or 1080 by its scheme
     */
    public int port() {
        int port = this.url.explicitPort();
        if (port >= 0) {
            return port;
        }
        return isSocks() ? 1080 : isSecure() ? 443 : 80;
    }

    public boolean isSocks() {
        return scheme().startsWith("socks");
    }

    /**
     * Return whether the proxy itself is spoken to over TLS.
     * @return whether its scheme is {@code https}
     */
    public boolean isSecure() {
        return scheme().equals("https");
    }

    /**
     * Return the user name for a SOCKS proxy.
     * @return the user name, or {@code null} for none
     */
    public @Nullable String username() {
        return this.username;
    }

    /**
     * Return the password for a SOCKS proxy.
     * @return the password, or {@code null} for none
     */
    public @Nullable String password() {
        return this.password;
    }

    /**
     * Return what authenticates requests to an HTTP proxy.
     * @return the authentication, which may give nothing
     */
    public ProxyAuthentication authentication() {
        if (this.authentication != null) {
            return this.authentication;
        }
        if (this.username == null) {
            return () -> (request) -> request;
        }
        String credentials = this.username + ":" + this.password;
        String value = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return () -> (request) -> request.withHeader("Proxy-Authorization", value);
    }

    boolean hasCredentials() {
        return this.username != null || this.authentication != null;
    }

    /**
     * Return the headers that go to the proxy.
     * @return the field lines
     */
    public FieldLines headers() {
        return this.headers;
    }

    /**
     * Return with what an {@code https} proxy is spoken to.
     * @return the TLS settings
     */
    public TlsSettings tls() {
        return this.tls;
    }

    /**
     * Return scheme, host and port.
     */
    @Override
    public String toString() {
        String host = host();
        return scheme() + "://" + ((host.indexOf(':') >= 0) ? "[" + host + "]" : host) + ":" + port();
    }

}
