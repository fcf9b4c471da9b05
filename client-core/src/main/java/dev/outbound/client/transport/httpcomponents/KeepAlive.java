package dev.outbound.client.transport.httpcomponents;

import java.util.Iterator;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HeaderElement;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether, and how long, a connection can be used after a response.
 */
final class KeepAlive {

    private static final String NAME = "Keep-Alive";

    private KeepAlive() {
    }

    /**
     * Return how long the server keeps the connection.
     * @return the time, negative if it does not say, or {@code null} if the connection
     * cannot be used again
     */
    static @Nullable TimeValue of(ClassicHttpRequest request, ClassicHttpResponse response) {
        if (!DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, null)) {
            return null;
        }
        return response.containsHeader(NAME) ? announced(response) : TimeValue.NEG_ONE_SECOND;
    }

    private static @Nullable TimeValue announced(ClassicHttpResponse response) {
        Iterator<HeaderElement> elements = MessageSupport.iterate(response, NAME);
        while (elements.hasNext()) {
            HeaderElement element = elements.next();
            if (element.getName().equalsIgnoreCase("timeout")) {
                long seconds = BodyLength.parse(element.getValue());
                if (seconds == 0) {
                    return null;
                }
                return (seconds > 0) ? TimeValue.ofSeconds(seconds) : TimeValue.NEG_ONE_SECOND;
            }
        }
        return TimeValue.NEG_ONE_SECOND;
    }

}
