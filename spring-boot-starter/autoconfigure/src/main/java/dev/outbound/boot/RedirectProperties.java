package dev.outbound.boot;

import java.util.List;

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

    /**
     * Further headers that are dropped where a redirect leads to another origin. Those
     * whose names say that they carry a secret are in any case.
     */
    private List<String> credentialHeaders = List.of();

    /**
     * Whether servers are trusted as HTTPX trusts them: redirects may lead from https to
     * http, and of all headers with credentials only Authorization is dropped where the
     * origin changes.
     */
    private boolean trusting;

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

    public List<String> getCredentialHeaders() {
        return this.credentialHeaders;
    }

    public void setCredentialHeaders(List<String> credentialHeaders) {
        this.credentialHeaders = credentialHeaders;
    }

    public boolean isTrusting() {
        return this.trusting;
    }

    public void setTrusting(boolean trusting) {
        this.trusting = trusting;
    }

}
