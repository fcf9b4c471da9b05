package dev.outbound.client.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Knows the addresses of hosts, instead of the engine's own lookup. Thread-safe. It may
 * block, for it is asked on threads for that; who waits for it keeps its limits.
 *
 * <pre class="code">
 * NameResolver consul = (host) -&gt; catalog.addressesOf(host);
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface NameResolver {

    /**
     * Look up a host. Asked for names only, not for addresses.
     * @param host the name, in lower case and ASCII
     * @return its addresses, in the order in which they are tried
     * @throws UnknownHostException if there are none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

}
