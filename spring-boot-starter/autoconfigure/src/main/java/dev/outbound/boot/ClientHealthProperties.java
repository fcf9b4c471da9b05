package dev.outbound.boot;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * The entry of a client in the health of the application.
 *
 * @since 0.1
 */
public class ClientHealthProperties {

    /**
     * Whether the client has an entry.
     */
    private boolean enabled = true;

    /**
     * Whether a failing upstream is DOWN, and with it the application. Otherwise it is
     * DEGRADED, which leaves the application as it is.
     */
    private boolean critical;

    /**
     * Request that asks the upstream for its health. Without this block the health is
     * what the last calls found; "none" cancels an inherited block.
     */
    @NestedConfigurationProperty
    private @Nullable ProbeProperties probe;

    public boolean isEnabled() {
        return this.enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public boolean isCritical() {
        return this.critical;
    }

    public void setCritical(boolean critical) {
        this.critical = critical;
    }

    public @Nullable ProbeProperties getProbe() {
        return this.probe;
    }

    public void setProbe(@Nullable ProbeProperties probe) {
        this.probe = probe;
    }

}
