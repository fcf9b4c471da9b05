package dev.outbound.client.transport.httpcomponents;

import java.util.Iterator;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HeaderElement;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.transport.IncomingHead;

/**
 * Tells whether, and how long, a connection can be used after a response.
 */
final class KeepAlive {

    private static final String NAME = "Keep-Alive";

    static final String CONNECTION = "Connection";

    private KeepAlive() {
    }

    /**
     * Return how long the server keeps the connection.
     * @return the time, negative if it does not say, or {@code null} if the connection
     * cannot be used again
     */
    static @Nullable TimeValue of(ClassicHttpRequest request, ClassicHttpResponse response) {
        if (isClose(request) || !isPersistent(request, response)) {
            return null;
        }
        return response.containsHeader(NAME) ? announced(response) : TimeValue.NEG_ONE_SECOND;
    }

    private static boolean isClose(ClassicHttpRequest request) {
        return request.containsHeader(CONNECTION) && hasOption(request, "close");
    }

    /**
     * As {@link IncomingHead#keepsAlive()}: HttpCore's strategy stops at the first word.
     */
    private static boolean isPersistent(ClassicHttpRequest request, ClassicHttpResponse response) {
        boolean chunked = response.containsHeader(BodyLength.TRANSFER_ENCODING);
        boolean toEnd = !chunked && !response.containsHeader(BodyLength.CONTENT_LENGTH)
                && MessageSupport.canResponseHaveBody(request.getMethod(), response);
        boolean persistent = response.getVersion().equals(HttpVersion.HTTP_1_1);
        if (response.containsHeader(CONNECTION)) {
            if (hasOption(response, "close")) {
                return false;
            }
            persistent |= !chunked && hasOption(response, "keep-alive");
        }
        return persistent && !toEnd;
    }

    private static boolean hasOption(HttpMessage message, String option) {
        Iterator<String> options = MessageSupport.iterateTokens(message, CONNECTION);
        while (options.hasNext()) {
            if (options.next().equalsIgnoreCase(option)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable TimeValue announced(ClassicHttpResponse response) {
        Iterator<HeaderElement> elements = MessageSupport.iterate(response, NAME);
        while (elements.hasNext()) {
            HeaderElement element = elements.next();
            if (element.getName().equalsIgnoreCase("timeout")) {
                long seconds = IncomingHead.number(element.getValue());
                if (seconds == 0) {
                    return null;
                }
                return (seconds > 0) ? TimeValue.ofSeconds(seconds) : TimeValue.NEG_ONE_SECOND;
            }
        }
        return TimeValue.NEG_ONE_SECOND;
    }

}
