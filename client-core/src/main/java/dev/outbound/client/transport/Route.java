package dev.outbound.client.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.ClientTimeoutException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Url;

/**
 * How a request gets to its server: directly, or forwarded by a proxy, or through a
 * tunnel that a proxy opens. Says what an engine has to connect to, and judges the
 * addresses. Immutable; one for each origin.
 *
 * @since 0.1
 */
public final class Route {

    private final TransportSettings settings;

    private final Url url;

    private final @Nullable Proxy proxy;

    private Route(TransportSettings settings, Url url, @Nullable Proxy proxy) {
        this.settings = settings;
        this.url = url;
        this.proxy = proxy;
    }

    /**
     * Choose the route of a URL.
     * @param settings the client's
     * @param url where a request is sent
     * @return the route
     * @throws BlockedAddressException if nothing may be sent there
     */
    public static Route of(TransportSettings settings, Url url) {
        settings.guard().check(url);
        return new Route(settings, url, settings.proxies().choose(url));
    }

    /**
     * Return the proxy.
     * @return the proxy, or {@code null} for a direct connection
     */
    public @Nullable Proxy proxy() {
        return this.proxy;
    }

    /**
     * Return whether the proxy is sent the request itself.
     * @return whether the request line has the absolute URL (RFC 9112, section 3.2.2)
     */
    public boolean forwards() {
        return this.proxy != null && !this.proxy.isSocks() && this.url.scheme().equals("http");
    }

    /**
     * Return whether the proxy has to open a tunnel.
     * @return whether a {@link #tunnel()} has to be opened on a new connection
     */
    public boolean tunnels() {
        return this.proxy != null && !forwards();
    }

    /**
     * Begin a tunnel.
     * @return a new conversation with the proxy
     * @throws IllegalStateException if this route has none
     */
    public Tunnel tunnel() {
        Proxy proxy = this.proxy;
        if (proxy == null || forwards()) {
            throw new IllegalStateException("There is no tunnel to " + this.url.origin());
        }
        return proxy.isSocks() ? new SocksTunnel(proxy, this.url)
                : new HttpTunnel(proxy, this.url, this.settings.limits());
    }

    /**
     * Return the host to connect to.
     * @return that of the proxy, or of the URL
     */
    public String host() {
        return (this.proxy != null) ? this.proxy.host() : this.url.host();
    }

    /**
     * Return the port to connect to.
     * @return that of the proxy, or of the URL
     */
    public int port() {
        return (this.proxy != null) ? this.proxy.port() : this.url.port();
    }

    /**
     * Return the addresses to connect to, where nothing has to be looked up for that.
     * @return addresses that may be connected to, or {@code null} for a lookup
     * @throws BlockedAddressException if none may be connected to
     */
    public @Nullable List<InetAddress> knownAddresses() {
        List<InetAddress> pinned = this.settings.addresses().get(host());
        if (pinned != null) {
            return allowed(pinned);
        }
        InetAddress literal = AddressRange.literal(host());
        return (literal != null) ? allowed(List.of(literal)) : null;
    }

    /**
     * Ask the client's own resolver. May block.
     * @param engine asked where the client has none
     * @return addresses that may be connected to
     * @throws UnknownHostException if the host is not known
     * @throws BlockedAddressException if none may be connected to
     */
    public List<InetAddress> lookup(NameResolver engine) throws UnknownHostException {
        NameResolver own = this.settings.resolver();
        List<InetAddress> addresses = ((own != null) ? own : engine).resolve(host());
        if (addresses == null || addresses.isEmpty()) {
            throw new UnknownHostException(host());
        }
        return allowed(addresses);
    }

    /**
     * Return which of some addresses may be connected to. Those of a proxy all may.
     * @param addresses what the host was looked up to
     * @return those that may be connected to, at least one
     * @throws BlockedAddressException if there are none
     */
    public List<InetAddress> allowed(List<InetAddress> addresses) {
        return (this.proxy != null) ? addresses : this.settings.guard().allowed(this.url, addresses);
    }

    /**
     * Return the failure of a connection that could not be opened.
     * @param phase lookup or connect
     * @param thrown what was thrown
     * @return a {@link ProxyException} where there is a proxy that could not be reached
     */
    public RequestException failure(Phase phase, Throwable thrown) {
        RequestException failure = Failures.of(phase, firstHop(), thrown);
        if (this.proxy == null || failure instanceof ProxyException || failure instanceof ClientTimeoutException) {
            return failure;
        }
        String what = (failure instanceof NameResolutionException) ? "no address was found for the proxy "
                : "no connection to the proxy ";
        return new ProxyException(phase,
                what + this.proxy + " (for " + Failures.peer(this.url) + "): " + failure.detail(), thrown);
    }

    /**
     * Return the failure of a connection that took too long.
     * @param phase lookup or connect
     * @param cause what was thrown, or {@code null}
     * @return the failure
     */
    public RequestException timeout(Phase phase, @Nullable Throwable cause) {
        return Failures.timeout(phase, firstHop(), cause);
    }

    /** For messages. */
    private Url firstHop() {
        return (this.proxy != null) ? Url.parse("http://" + authority(this.proxy)) : this.url;
    }

    private static String authority(Proxy proxy) {
        String text = proxy.toString();
        return text.substring(text.indexOf("://") + 3);
    }

    @Override
    public String toString() {
        return Failures.peer(this.url) + ((this.proxy != null) ? " by " + this.proxy : "");
    }

}
