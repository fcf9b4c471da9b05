package dev.outbound.boot;

import dev.outbound.client.RedirectMode;

/**
 * Which redirects are followed.
 *
 * @since 0.1
 */
public class RedirectProperties {

    /**
     * Which redirects are followed. Credentials are dropped where the origin changes.
     */
    private RedirectMode mode = RedirectMode.NONE;

    /**
     * Number of redirects of one call, 0 to 20. One more fails.
     */
    private int max = 20;

    public RedirectMode getMode() {
        return this.mode;
    }

    public void setMode(RedirectMode mode) {
        this.mode = mode;
    }

    public int getMax() {
        return this.max;
    }

    public void setMax(int max) {
        this.max = max;
    }

}
