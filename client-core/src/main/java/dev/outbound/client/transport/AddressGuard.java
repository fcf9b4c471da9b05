package dev.outbound.client.transport;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.Assert;

import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.Url;

/**
 * Keeps a client from what it must not reach, whoever has written the URL (server-side
 * request forgery). Immutable.
 * <p>
 * It judges the host before it is looked up, and then the very addresses that are
 * connected to, anew for each hop and each connection: a name that leads elsewhere the
 * second time does not get around it. What it says names the host and never an address.
 *
 * @since 0.1
 */
public final class AddressGuard {

    private enum Mode {

        OFF, ALLOWED_HOSTS, PUBLIC_ONLY

    }

    private static final AddressGuard OFF = new AddressGuard(Mode.OFF, List.of(), Set.of(), false);

    private static final Log log = LogFactory.getLog(AddressGuard.class);

    private final Mode mode;

    private final List<HostPattern> hosts;

    private final Set<Integer> ports;

    private final boolean trustsProxies;

    private AddressGuard(Mode mode, List<HostPattern> hosts, Set<Integer> ports, boolean trustsProxies) {
        this.mode = mode;
        this.hosts = hosts;
        this.ports = ports;
        this.trustsProxies = trustsProxies;
    }

    /**
     * Return the guard that lets everything pass. The default.
     * @return no guard
     */
    public static AddressGuard off() {
        return OFF;
    }

    /**
     * Return a guard that lets some hosts pass, whatever their addresses are.
     * @param hosts names, which stand for all below them as well; {@code .domain} for
     * those below only; addresses and ranges of them, for URLs with an address
     * @return the guard
     * @throws IllegalArgumentException if an entry is something else, or there is none
     */
    public static AddressGuard allowedHosts(Collection<String> hosts) {
        Assert.notEmpty(hosts, "hosts must not be empty");
        return new AddressGuard(Mode.ALLOWED_HOSTS, entries(hosts), Set.of(), false);
    }

    /**
     * Return a guard that lets addresses of the public Internet pass: none of IANA's
     * special-purpose registries, in whatever form they are written or embedded.
     * @return the guard
     */
    public static AddressGuard publicOnly() {
        return new AddressGuard(Mode.PUBLIC_ONLY, List.of(), Set.of(), false);
    }

    private static List<HostPattern> entries(Collection<String> hosts) {
        return hosts.stream().map((host) -> {
            Assert.isTrue(!host.strip().equals("*"), "* would allow all hosts; leave the guard off instead");
            return HostPattern.of(host);
        }).toList();
    }

    /**
     * Return this guard with hosts that pass in any case, as {@link #allowedHosts} reads
     * them.
     * @param hosts the hosts
     * @return another guard
     */
    public AddressGuard withHosts(Collection<String> hosts) {
        return new AddressGuard(this.mode, entries(hosts), this.ports, this.trustsProxies);
    }

    /**
     * Return this guard with the only ports that pass.
     * @param ports the ports; none for all
     * @return another guard
     */
    public AddressGuard withPorts(Collection<Integer> ports) {
        return new AddressGuard(this.mode, this.hosts, Set.copyOf(ports), this.trustsProxies);
    }

    /**
     * Return this guard for a client whose proxies let nothing but public addresses pass.
     * A proxy looks the names up itself, where nobody here can see it, so that
     * {@link #publicOnly()} needs this where there is one.
     * @return another guard
     */
    public AddressGuard withTrustedProxies() {
        return new AddressGuard(this.mode, this.hosts, this.ports, true);
    }

    /**
     * Return whether there is anything that does not pass.
     * @return whether this guard is on
     */
    public boolean isOn() {
        return this.mode != Mode.OFF;
    }

    /** Refuse a guard that a proxy would make blind. */
    void check(String client, Proxies proxies) {
        if (this.mode == Mode.PUBLIC_ONLY && !this.trustsProxies && !proxies.isEmpty()) {
            throw new IllegalStateException("Client '" + client + "' may connect to public addresses only and has a"
                    + " proxy, which looks names up where nobody here can see it. Name the allowed hosts instead, or"
                    + " say that the proxy does the same (trusted proxies)");
        }
    }

    /**
     * Judge where a request is sent, before its host is looked up.
     * @param url the URL
     * @throws BlockedAddressException if it may not be sent there
     */
    public void check(Url url) {
        if (this.mode == Mode.OFF) {
            return;
        }
        if (!this.ports.isEmpty() && !this.ports.contains(url.port())) {
            throw new BlockedAddressException("the port of " + Failures.peer(url)
                    + " is not one that this client may connect to: " + new TreeSet<>(this.ports), null);
        }
        if (HostPattern.matchesAny(this.hosts, url)) {
            return;
        }
        if (this.mode == Mode.ALLOWED_HOSTS) {
            throw new BlockedAddressException(
                    "the host " + Failures.quote(url.host()) + " is not one that this client may connect to", null);
        }
        InetAddress literal = AddressRange.literal(url.host());
        if (literal != null && !SpecialAddresses.isPublic(literal)) {
            throw blocked(url, List.of(literal));
        }
    }

    /**
     * Judge the addresses of a host.
     * @param url where a request is sent
     * @param addresses what its host was looked up to
     * @return those that may be connected to
     * @throws BlockedAddressException if there are none
     */
    public List<InetAddress> allowed(Url url, List<InetAddress> addresses) {
        if (this.mode != Mode.PUBLIC_ONLY || HostPattern.matchesAny(this.hosts, url)) {
            return addresses;
        }
        List<InetAddress> allowed = addresses.stream().filter(SpecialAddresses::isPublic).toList();
        if (allowed.isEmpty()) {
            throw blocked(url, addresses);
        }
        return allowed;
    }

    private static BlockedAddressException blocked(Url url, List<InetAddress> addresses) {
        log.debug("Not connecting to " + Failures.peer(url) + ": " + addresses);
        return new BlockedAddressException("the host " + Failures.quote(url.host())
                + " has no public address, and this client may not connect to others", null);
    }

    @Override
    public String toString() {
        return switch (this.mode) {
            case OFF -> "off";
            case ALLOWED_HOSTS -> "hosts " + hosts() + ports();
            case PUBLIC_ONLY -> "public only" + (this.hosts.isEmpty() ? "" : " and hosts " + hosts()) + ports();
        };
    }

    private List<String> hosts() {
        return this.hosts.stream().map(HostPattern::text).toList();
    }

    private String ports() {
        return this.ports.isEmpty() ? "" : " on ports " + new TreeSet<>(this.ports);
    }

}
