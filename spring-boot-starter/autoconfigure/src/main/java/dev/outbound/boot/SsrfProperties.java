package dev.outbound.boot;

import java.util.List;

/**
 * What a client may connect to, for one whose URLs come from elsewhere.
 *
 * @since 0.1
 */
public class SsrfProperties {

    /**
     * What may be connected to.
     */
    private SsrfMode mode = SsrfMode.OFF;

    /**
     * Hosts that may be connected to in any case: names, which stand for all below them
     * as well, addresses and ranges of them.
     */
    private List<String> allowedHosts = List.of();

    /**
     * The only ports that may be connected to, or all if there is none.
     */
    private List<Integer> allowedPorts = List.of();

    /**
     * Whether the proxy of the client is trusted to let nothing but public addresses
     * pass, as it looks the names up itself.
     */
    private boolean trustProxy;

    public SsrfMode getMode() {
        return this.mode;
    }

    public void setMode(SsrfMode mode) {
        this.mode = mode;
    }

    public List<String> getAllowedHosts() {
        return this.allowedHosts;
    }

    public void setAllowedHosts(List<String> allowedHosts) {
        this.allowedHosts = allowedHosts;
    }

    public List<Integer> getAllowedPorts() {
        return this.allowedPorts;
    }

    public void setAllowedPorts(List<Integer> allowedPorts) {
        this.allowedPorts = allowedPorts;
    }

    public boolean isTrustProxy() {
        return this.trustProxy;
    }

    public void setTrustProxy(boolean trustProxy) {
        this.trustProxy = trustProxy;
    }

}
