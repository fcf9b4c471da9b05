package dev.outbound.boot;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * TLS of the connections to servers or to a proxy.
 *
 * @since 0.1
 */
public class SslProperties {

    /**
     * Name of the SSL bundle with trust and keys, or "none" for those of the JVM.
     */
    private @Nullable String bundle;

    /**
     * Name that servers are asked for, and that their certificates must have, instead of
     * the host of the URL, or "none".
     */
    private @Nullable String serverName;

    /**
     * Versions of TLS that are offered, as the JDK names them. Those of the bundle if
     * there is none, or TLSv1.3 and TLSv1.2.
     */
    private List<String> protocols = List.of();

    /**
     * Cipher suites that are offered, as the JDK names them. Those of the bundle if there
     * is none, or of the JVM.
     */
    private List<String> ciphers = List.of();

    /**
     * Public keys of which every server must show one, besides being trusted: "sha256/"
     * and the Base64 of the digest, two at least. Any key if there is none.
     */
    private List<String> pins = List.of();

    public @Nullable String getBundle() {
        return this.bundle;
    }

    public void setBundle(@Nullable String bundle) {
        this.bundle = bundle;
    }

    public @Nullable String getServerName() {
        return this.serverName;
    }

    public void setServerName(@Nullable String serverName) {
        this.serverName = serverName;
    }

    public List<String> getProtocols() {
        return this.protocols;
    }

    public void setProtocols(List<String> protocols) {
        this.protocols = protocols;
    }

    public List<String> getCiphers() {
        return this.ciphers;
    }

    public void setCiphers(List<String> ciphers) {
        this.ciphers = ciphers;
    }

    public List<String> getPins() {
        return this.pins;
    }

    public void setPins(List<String> pins) {
        this.pins = pins;
    }

}
