package dev.outbound.client;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.LocalProtocolException;

/**
 * What no request is sent with, on any engine: a flood of field lines, which servers
 * answer with an error at best, and credentials for a proxy, which the server would get.
 */
final class OutgoingHead {

    private static final String PROXY_CREDENTIALS = "Proxy-Authorization";

    private OutgoingHead() {
    }

    static @Nullable LocalProtocolException fault(FieldLines fields) {
        if (fields.size() > Limits.REQUEST_LINES) {
            return new LocalProtocolException(
                    "the request has " + fields.size() + " field lines; at most " + Limits.REQUEST_LINES + " are sent",
                    null);
        }
        long size = 0;
        for (int i = 0; i < fields.size(); i++) {
            size += fields.name(i).length() + fields.value(i).length() + 4;
            if (fields.name(i).equalsIgnoreCase(PROXY_CREDENTIALS)) {
                return new LocalProtocolException("the header " + PROXY_CREDENTIALS
                        + " would go to the server; give the credentials to the proxy, in its URL or its settings",
                        null);
            }
        }
        return (size > Limits.REQUEST_HEAD) ? new LocalProtocolException(
                "the field lines of the request have " + size + " bytes; at most " + Limits.REQUEST_HEAD + " are sent",
                null) : null;
    }

}
