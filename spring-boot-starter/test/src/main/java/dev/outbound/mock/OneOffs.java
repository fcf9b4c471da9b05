package dev.outbound.mock;

import dev.outbound.client.Client;
import dev.outbound.client.Engines;
import dev.outbound.client.Outbound;
import dev.outbound.client.Session;
import dev.outbound.client.cookie.CookieJar;

/**
 * The one-off calls of this process: those of a test go to its router, all others on.
 */
final class OneOffs {

    private static boolean diverted;

    private OneOffs() {
    }

    /** From the first test with mocks to the end of the process. */
    static synchronized void divert() {
        if (!diverted) {
            Session session = Client.builder()
                .cookies(CookieJar.none())
                .transports(new ScopedTransports(MockScope.ONE_OFFS, Engines.transports()))
                .clock(new ScopedClock(MockScope.ONE_OFFS))
                .session();
            Outbound.divert(session);
            diverted = true;
        }
    }

}
