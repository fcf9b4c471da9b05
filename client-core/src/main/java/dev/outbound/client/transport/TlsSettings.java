package dev.outbound.client.transport;

import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * With what trust, keys and versions a client speaks TLS. Immutable. The certificate of a
 * server is always verified, its host name included; there is no setting against that.
 *
 * @since 0.1
 */
public final class TlsSettings {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final String DISABLING = "jdk.internal.httpclient.disableHostnameVerification";

    private static final TlsSettings DEFAULTS = new TlsSettings(null, PROTOCOLS, List.of(), null, KeyPins.NONE);

    private final @Nullable SSLContext context;

    private final List<String> protocols;

    private final List<String> ciphers;

    private final @Nullable String serverName;

    private final KeyPins pins;

    private TlsSettings(@Nullable SSLContext context, List<String> protocols, List<String> ciphers,
            @Nullable String serverName, KeyPins pins) {
        Assert.notEmpty(protocols, "protocols must not be empty");
        this.context = context;
        this.protocols = List.copyOf(protocols);
        this.ciphers = List.copyOf(ciphers);
        this.serverName = serverName;
        this.pins = pins;
    }

    /**
     * Return the defaults: trust and keys of the JVM, TLS 1.3 and 1.2 with the JVM's
     * ciphers.
     * @return the defaults
     */
    public static TlsSettings defaults() {
        return DEFAULTS;
    }

    /** The property takes host names out of the verification for the whole JVM (S62). */
    static void checkVerification() {
        String value = System.getProperty(DISABLING);
        if (value != null && (value.isEmpty() || Boolean.parseBoolean(value))) {
            throw new IllegalStateException("The system property " + DISABLING
                    + " lets certificates of any host pass; take it away, and configure trust for the client instead");
        }
    }

    /**
     * Return these settings with other trust and keys, for example those of a Spring
     * {@code SslBundle}.
     * @param context made with them, or {@code null} for the JVM's
     * @return other settings
     */
    public TlsSettings withContext(@Nullable SSLContext context) {
        return new TlsSettings(context, this.protocols, this.ciphers, this.serverName, this.pins);
    }

    /**
     * Return these settings with other versions of TLS.
     * @param protocols names as the JDK has them, for example {@code TLSv1.3}
     * @return other settings
     */
    public TlsSettings withProtocols(List<String> protocols) {
        return new TlsSettings(this.context, protocols, this.ciphers, this.serverName, this.pins);
    }

    /**
     * Return these settings with other cipher suites.
     * @param ciphers names as the JDK has them; empty for those of the JVM
     * @return other settings
     */
    public TlsSettings withCiphers(List<String> ciphers) {
        return new TlsSettings(this.context, this.protocols, ciphers, this.serverName, this.pins);
    }

    /**
     * Return these settings with a name to ask servers for, instead of the URL's host. It
     * is also the one that their certificates must be for.
     * @param serverName a host name, or {@code null} for the URL's
     * @return other settings
     */
    public TlsSettings withServerName(@Nullable String serverName) {
        return new TlsSettings(this.context, this.protocols, this.ciphers, serverName, this.pins);
    }

    /**
     * Return these settings with the public keys of which every server must show one,
     * besides being trusted: its own, or one that has signed it, as far as it sends that
     * certificate. Pins hold for all servers of a client, also behind redirects, and not
     * for proxies: those of a proxy stand in {@link Proxy#withTls its own settings}.
     * @param pins {@code sha256/} and the Base64 of the SHA-256 digest of a
     * {@code SubjectPublicKeyInfo} (RFC 7469, section 2.4); two at least, so that a key
     * can be replaced; empty for any key
     * @return other settings
     * @throws IllegalArgumentException if there is only one, or one that is malformed
     */
    public TlsSettings withPins(Collection<String> pins) {
        return new TlsSettings(this.context, this.protocols, this.ciphers, this.serverName, KeyPins.of(pins));
    }

    /**
     * Return the pin of a certificate, as {@link #withPins} takes it.
     * @param certificate a server's, or that of who has signed it
     * @return the pin of its public key
     */
    public static String pin(X509Certificate certificate) {
        return KeyPins.pin(certificate);
    }

    /**
     * Check the keys that a server has shown. Engines call it behind a handshake, before
     * anything is sent.
     * @param session the session of the handshake
     * @throws SSLException if none of them is pinned
     */
    public void verifyPins(SSLSession session) throws SSLException {
        this.pins.verify(session);
    }

    /**
     * Return what holds trust and keys.
     * @return the context, or {@code null} for the JVM's
     */
    public @Nullable SSLContext context() {
        return this.context;
    }

    /**
     * Return the versions of TLS that are offered.
     * @return their names
     */
    public List<String> protocols() {
        return this.protocols;
    }

    /**
     * Return the cipher suites that are offered.
     * @return their names; empty for those of the JVM
     */
    public List<String> ciphers() {
        return this.ciphers;
    }

    /**
     * Return the name that servers are asked for and verified by.
     * @return the name, or {@code null} for the URL's host
     */
    public @Nullable String serverName() {
        return this.serverName;
    }

    /**
     * Return the pins of which every server must have one.
     * @return the pins, in order; empty for any key
     */
    public List<String> pins() {
        return this.pins.list();
    }

    @Override
    public String toString() {
        return "context=" + ((this.context != null) ? this.context.getProvider().getName() : "JVM's") + ", protocols="
                + this.protocols + ", ciphers=" + (this.ciphers.isEmpty() ? "JVM's" : this.ciphers) + ", server-name="
                + this.serverName + ", pins=" + this.pins;
    }

}
