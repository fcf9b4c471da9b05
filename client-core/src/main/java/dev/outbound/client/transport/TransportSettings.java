package dev.outbound.client.transport;

import java.time.Duration;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.Timeouts;

/**
 * What an engine has to know of its client before the first request. Immutable.
 *
 * @since 0.1
 */
public final class TransportSettings {

    private final String clientName;

    private final Timeouts timeouts;

    private final int maxConnections;

    private final @Nullable Duration idle;

    private final @Nullable Duration lifetime;

    private final @Nullable SSLContext sslContext;

    private TransportSettings(String clientName, Timeouts timeouts, int maxConnections, @Nullable Duration idle,
            @Nullable Duration lifetime, @Nullable SSLContext sslContext) {
        Assert.isTrue(maxConnections > 0, () -> "maxConnections must be positive, but is " + maxConnections);
        this.clientName = clientName;
        this.timeouts = timeouts;
        this.maxConnections = maxConnections;
        this.idle = idle;
        this.lifetime = lifetime;
        this.sslContext = sslContext;
    }

    /**
     * Return the settings that hold where nothing else is said: 100 connections, as HTTPX
     * has it, closed after 20 idle seconds (below the 30 and 60 that servers commonly
     * allow) and after 5 minutes in any case, so that changes in DNS are seen.
     * @param clientName the name of the client
     * @return the defaults
     */
    public static TransportSettings defaults(String clientName) {
        return new TransportSettings(clientName, Timeouts.defaults(), 100, Duration.ofSeconds(20),
                Duration.ofMinutes(5), null);
    }

    public TransportSettings withClientName(String clientName) {
        return new TransportSettings(clientName, this.timeouts, this.maxConnections, this.idle, this.lifetime,
                this.sslContext);
    }

    public TransportSettings withTimeouts(Timeouts timeouts) {
        return new TransportSettings(this.clientName, timeouts, this.maxConnections, this.idle, this.lifetime,
                this.sslContext);
    }

    public TransportSettings withMaxConnections(int maxConnections) {
        return new TransportSettings(this.clientName, this.timeouts, maxConnections, this.idle, this.lifetime,
                this.sslContext);
    }

    public TransportSettings withIdle(@Nullable Duration idle) {
        return new TransportSettings(this.clientName, this.timeouts, this.maxConnections, idle, this.lifetime,
                this.sslContext);
    }

    public TransportSettings withLifetime(@Nullable Duration lifetime) {
        return new TransportSettings(this.clientName, this.timeouts, this.maxConnections, this.idle, lifetime,
                this.sslContext);
    }

    public TransportSettings withSslContext(@Nullable SSLContext sslContext) {
        return new TransportSettings(this.clientName, this.timeouts, this.maxConnections, this.idle, this.lifetime,
                sslContext);
    }

    public String clientName() {
        return this.clientName;
    }

    /**
     * Return the limits of the client, which requests have unless they bring others.
     * @return the limits
     */
    public Timeouts timeouts() {
        return this.timeouts;
    }

    /**
     * Return how many connections may be open at a time.
     * @return the largest size of the pool
     */
    public int maxConnections() {
        return this.maxConnections;
    }

    /**
     * Return how long a connection may wait for its next request.
     * @return the time, or {@code null} for no limit
     */
    public @Nullable Duration idle() {
        return this.idle;
    }

    /**
     * Return how long a connection may be used.
     * @return the time, or {@code null} for no limit
     */
    public @Nullable Duration lifetime() {
        return this.lifetime;
    }

    public @Nullable SSLContext sslContext() {
        return this.sslContext;
    }

}
