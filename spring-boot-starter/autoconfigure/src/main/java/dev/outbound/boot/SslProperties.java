package dev.outbound.boot;

import org.jspecify.annotations.Nullable;

/**
 * TLS of the connections of a client.
 *
 * @since 0.1
 */
public class SslProperties {

    /**
     * Name of the SSL bundle with trust and keys, instead of those of the JVM.
     */
    private @Nullable String bundle;

    /**
     * Name that servers are asked for, and that their certificates must have, instead of
     * the host of the URL.
     */
    private @Nullable String serverName;

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

}
