package dev.outbound.client.transport;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Limits;

/**
 * What can be asked of an engine. {@link Engine} tells which of the engines cannot do it,
 * and {@link Transport#check} what a transport can that was made elsewhere. It is checked
 * before anything is sent: a setting that is accepted is applied.
 *
 * @since 0.1
 */
public enum EngineSetting {

    /** Another engine for blocking calls than the default one. */
    BLOCKING_ENGINE("a blocking engine", other(TransportSettings::blockingEngine), TransportSettings::blockingEngine),

    /** Another engine for reactive calls than the default one. */
    REACTIVE_ENGINE("a reactive engine", other(TransportSettings::reactiveEngine), TransportSettings::reactiveEngine),

    /** Another number of connections than the default one. */
    MAX_CONNECTIONS("a number of connections", other(TransportSettings::maxConnections),
            TransportSettings::maxConnections),

    /** How long connections may be idle, and used at all. */
    KEEP_ALIVE("idle and life time of connections", other(EngineSetting::keepAlive), EngineSetting::keepAlive),

    /** Trust, keys, versions, ciphers, pins. */
    TLS("TLS settings", other(EngineSetting::tls), (settings) -> null),

    /** Time limits of connecting, handshake, writing, waiting for a connection. */
    TIMEOUTS("a connect, tls, write or pool timeout", other(EngineSetting::timeouts), (settings) -> null),

    /** The time limit of reading. */
    READ_TIMEOUT("a read timeout", other((settings) -> settings.timeouts().read()),
            (settings) -> settings.timeouts().read()),

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
    LIMITS("limits of heads, informational responses or draining", other(EngineSetting::limits),
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

    /** What is as it is without a word of the client's is not asked for. */
    private static Predicate<TransportSettings> other(Function<TransportSettings, @Nullable Object> value) {
        return (settings) -> !Objects.equals(value.apply(settings), value.apply(TransportSettings.defaults("client")));
    }

    private static Object keepAlive(TransportSettings settings) {
        return settings.idle() + " and " + settings.lifetime();
    }

    private static Object tls(TransportSettings settings) {
        TlsSettings tls = settings.tls();
        return Arrays.asList(tls.context(), tls.protocols(), tls.ciphers(), tls.pins());
    }

    private static Object timeouts(TransportSettings settings) {
        return settings.timeouts().withRead(null).withTotal(null).withStreamTotal(null);
    }

    private static Object limits(TransportSettings settings) {
        Limits limits = settings.limits();
        return List.of(limits.head(), limits.headLines(), limits.informational(), limits.drain());
    }

    /**
     * Check that settings ask nothing of a transport that it would ignore, for it was
     * made without them.
     * @param settings the settings of a client
     * @param honoured what the transport does nevertheless
     * @throws IllegalStateException if they do; the message names the setting
     */
    public static void check(TransportSettings settings, Set<EngineSetting> honoured) {
        for (EngineSetting setting : askedBy(settings)) {
            if (!honoured.contains(setting)) {
                throw new IllegalStateException("Client '" + settings.clientName() + "' has "
                        + setting.describe(settings) + ", which the transport that it was given would ignore; set it"
                        + " where that transport is made and take it away here, or give the client transports(…),"
                        + " which make a transport by its settings");
            }
        }
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
