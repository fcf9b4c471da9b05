package dev.outbound.client.transport;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;

/**
 * Gives a proxy credentials, before or after it asks for them. Thread-safe; begins a
 * conversation for each tunnel and for each request that is sent through the proxy.
 * <p>
 * The requests that it sees are those to the proxy: their method is that of the request
 * line, {@code CONNECT} for a tunnel, their URL the proxy's own, and the attribute
 * {@link Request#TARGET} what stands in the request line.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ProxyAuthentication {

    /**
     * Begin a conversation.
     * @return used by one thread at a time
     */
    Conversation begin();

    /** What is said to a proxy for one tunnel, or one request. */
    interface Conversation {

        /**
         * Give the first request its credentials, if any are sent unasked.
         * @param request the request without them
         * @return the request to send; its fields go to the proxy only
         */
        Request start(Request request);

        /**
         * Answer a refusal.
         * @param request what was refused
         * @param refusal a response with status 407
         * @return the request to send next, or {@code null} to give up
         */
        default @Nullable Request refused(Request request, ResponseHead refusal) {
            return null;
        }

    }

}
