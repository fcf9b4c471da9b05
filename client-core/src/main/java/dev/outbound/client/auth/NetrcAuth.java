package dev.outbound.client.auth;

import java.time.Instant;

/**
 * Basic authentication with what a netrc file says of the host. A host that it does not
 * know, or without a password, is asked without credentials.
 */
final class NetrcAuth implements Auth {

    private final Netrc netrc;

    NetrcAuth(Netrc netrc) {
        this.netrc = netrc;
    }

    @Override
    public AuthFlow begin(Instant now) {
        return (request) -> {
            BasicAuth basic = this.netrc.basic(request.url().host());
            return AuthStep.sendLast((basic != null) ? basic.sign(request) : request);
        };
    }

    @Override
    public String toString() {
        return "netrc authentication";
    }

}
