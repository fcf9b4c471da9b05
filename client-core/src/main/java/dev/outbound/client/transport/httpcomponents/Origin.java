package dev.outbound.client.transport.httpcomponents;

import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Url;

/**
 * What connections are kept for.
 *
 * @param host the name or address
 * @param port the port
 * @param secure whether to speak TLS
 */
record Origin(String host, int port, boolean secure) {

    static Origin of(Url url) {
        boolean secure = url.scheme().equals("https");
        if (!secure && !url.scheme().equals("http")) {
            throw new LocalProtocolException(
                    "'" + url.scheme() + "' is not a scheme that can be requested;" + " use http or https", null);
        }
        if (url.host().isEmpty()) {
            throw new LocalProtocolException("the URL " + url.redacted() + " has no host", null);
        }
        return new Origin(url.host(), url.port(), secure);
    }

}
