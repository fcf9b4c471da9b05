package dev.outbound.client.transport;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Limits;

/**
 * What can be asked of an engine beyond what every one has; {@link Engine} tells which
 * can do it. It is checked before an engine is used: a setting that is accepted is
 * applied.
 *
 * @since 0.1
 */
public enum EngineSetting {

    /** HTTP/2, where the server chooses it. */
    HTTP_2("http2 negotiated", (settings) -> settings.http2() == Http2.NEGOTIATED, (settings) -> null),

    /** HTTP/2 without asking. */
    HTTP_2_PRIOR_KNOWLEDGE("http2 prior-knowledge", (settings) -> settings.http2() == Http2.PRIOR_KNOWLEDGE,
            (settings) -> null),

    /** A proxy that is spoken to in HTTP. */
    HTTP_PROXY("an http proxy", (settings) -> settings.proxies().anyMatch((proxy) -> proxy.scheme().equals("http")),
            TransportSettings::proxies),

    /** A proxy that is spoken to in HTTP over TLS. */
    HTTPS_PROXY("an https proxy", (settings) -> settings.proxies().anyMatch((proxy) -> proxy.scheme().equals("https")),
            TransportSettings::proxies),

    /** A SOCKS proxy. */
    SOCKS_PROXY("a socks5 proxy", (settings) -> settings.proxies().anyMatch(Proxy::isSocks),
            TransportSettings::proxies),

    /** A lookup of host names. */
    RESOLVER("a name resolver", (settings) -> settings.resolver() != null, (settings) -> null),

    /** Addresses of hosts. */
    ADDRESSES("pinned addresses", (settings) -> !settings.addresses().isEmpty(),
            (settings) -> new TreeSet<>(settings.addresses().keySet())),

    /** The local address of connections. */
    LOCAL_ADDRESS("a local address", (settings) -> settings.localAddress() != null, TransportSettings::localAddress),

    /** A guard of addresses. */
    ADDRESS_GUARD("an address guard", (settings) -> settings.guard().isOn(), TransportSettings::guard),

    /** The name that servers are asked for in TLS. */
    SERVER_NAME("a TLS server name", (settings) -> settings.tls().serverName() != null,
            (settings) -> settings.tls().serverName()),

    /** Sizes of heads, informational responses, drain. */
    LIMITS("limits of heads, informational responses or draining", EngineSetting::hasOtherLimits,
            TransportSettings::limits);

    private final String text;

    private final Predicate<TransportSettings> asked;

    private final Function<TransportSettings, @Nullable Object> value;

    EngineSetting(String text, Predicate<TransportSettings> asked,
            Function<TransportSettings, @Nullable Object> value) {
        this.text = text;
        this.asked = asked;
        this.value = value;
    }

    private static boolean hasOtherLimits(TransportSettings settings) {
        Limits limits = settings.limits();
        Limits usual = Limits.defaults();
        return limits.head() != usual.head() || limits.headLines() != usual.headLines()
                || limits.informational() != usual.informational() || limits.drain() != usual.drain();
    }

    /** Return what settings ask for. */
    static List<EngineSetting> askedBy(TransportSettings settings) {
        return Arrays.stream(values()).filter((setting) -> setting.asked.test(settings)).toList();
    }

    /** Return the setting with its value, which has no secret. */
    String describe(TransportSettings settings) {
        Object value = this.value.apply(settings);
        return (value != null) ? this.text + " (" + value + ")" : this.text;
    }

    @Override
    public String toString() {
        return this.text;
    }

}
