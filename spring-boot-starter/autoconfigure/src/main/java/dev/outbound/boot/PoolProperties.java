package dev.outbound.boot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Connections of a client. They are shared by its blocking calls, and by its reactive
 * calls.
 *
 * @since 0.1
 */
public class PoolProperties {

    /**
     * Number of connections that may be open at a time, to all origins together.
     */
    private int maxConnections = 100;

    /**
     * How long a connection may wait for its next request, or "none".
     */
    private @Nullable Duration idle = Duration.ofSeconds(20);

    /**
     * How long a connection may be used, or "none".
     */
    private @Nullable Duration lifetime = Duration.ofMinutes(5);

    public int getMaxConnections() {
        return this.maxConnections;
    }

    public void setMaxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    public @Nullable Duration getIdle() {
        return this.idle;
    }

    public void setIdle(@Nullable Duration idle) {
        this.idle = idle;
    }

    public @Nullable Duration getLifetime() {
        return this.lifetime;
    }

    public void setLifetime(@Nullable Duration lifetime) {
        this.lifetime = lifetime;
    }

}
