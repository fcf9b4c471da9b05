package dev.outbound.client.transport;

import java.util.Set;
import java.util.function.Predicate;

import dev.outbound.client.http.Limits;

/**
 * What can be asked of an engine beyond what every one has. An engine checks that it can
 * do all of it before it is used: a setting that is accepted is applied.
 *
 * @since 0.1
 */
public enum EngineSetting {

    /** HTTP/2, where the server chooses it. */
    HTTP_2("http2 negotiated", (settings) -> settings.http2() == Http2.NEGOTIATED),

    /** HTTP/2 without asking. */
    HTTP_2_PRIOR_KNOWLEDGE("http2 prior-knowledge", (settings) -> settings.http2() == Http2.PRIOR_KNOWLEDGE),

    /** A proxy that is spoken to in HTTP. */
    HTTP_PROXY("an http proxy", (settings) -> settings.proxies().anyMatch((proxy) -> proxy.scheme().equals("http"))),

    /** A proxy that is spoken to in HTTP over TLS. */
    HTTPS_PROXY("an https proxy", (settings) -> settings.proxies().anyMatch((proxy) -> proxy.scheme().equals("https"))),

    /** A SOCKS proxy. */
    SOCKS_PROXY("a socks5 proxy", (settings) -> settings.proxies().anyMatch(Proxy::isSocks)),

    /** A lookup of host names. */
    RESOLVER("a name resolver", (settings) -> settings.resolver() != null),

    /** Addresses of hosts. */
    ADDRESSES("pinned addresses", (settings) -> !settings.addresses().isEmpty()),

    /** The local address of connections. */
    LOCAL_ADDRESS("a local address", (settings) -> settings.localAddress() != null),

    /** A guard of addresses. */
    ADDRESS_GUARD("an address guard", (settings) -> settings.guard().isOn()),

    /** The name that servers are asked for in TLS. */
    SERVER_NAME("a TLS server name", (settings) -> settings.tls().serverName() != null),

    /** Sizes of heads, informational responses, drain. */
    LIMITS("limits of heads, informational responses or draining", EngineSetting::hasOtherLimits);

    private final String text;

    private final Predicate<TransportSettings> asked;

    EngineSetting(String text, Predicate<TransportSettings> asked) {
        this.text = text;
        this.asked = asked;
    }

    private static boolean hasOtherLimits(TransportSettings settings) {
        Limits limits = settings.limits();
        Limits usual = Limits.defaults();
        return limits.head() != usual.head() || limits.headLines() != usual.headLines()
                || limits.informational() != usual.informational() || limits.drain() != usual.drain();
    }

    /**
     * Check that an engine can do what settings ask for.
     * @param settings the settings
     * @param engine the name of the engine, for the message
     * @param honoured what it can do
     * @throws IllegalStateException if it cannot do all of it
     */
    public static void check(TransportSettings settings, String engine, Set<EngineSetting> honoured) {
        for (EngineSetting setting : values()) {
            if (!honoured.contains(setting) && setting.asked.test(settings)) {
                throw new IllegalStateException("Client '" + settings.clientName() + "' has " + setting.text
                        + ", which engine " + engine + " cannot honour; take the setting away, or use another engine");
            }
        }
    }

    @Override
    public String toString() {
        return this.text;
    }

}
