package dev.outbound.boot;

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

}
