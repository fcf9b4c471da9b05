package dev.outbound.client.transport.reactor;

import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;

/**
 * Looks for what Netty lets pass in the messages of one response, and hides interim
 * responses, of which Reactor Netty would take any but 100 for the final one.
 */
final class ResponseCheck {

    private final Limits limits;

    private boolean unsolicited;

    private int informational;

    private boolean inInformational;

    ResponseCheck(Limits limits) {
        this.limits = limits;
    }

    /**
     * Begin with the next response.
     * @param reading whether what follows the previous response is still being decoded
     */
    void begin(boolean reading) {
        this.unsolicited = reading;
        this.informational = 0;
        this.inInformational = false;
    }

    /** The bytes that were there before the request was sent are used up. */
    void hasRead() {
        this.unsolicited = false;
    }

    boolean isInformational() {
        return this.inInformational;
    }

    @Nullable Throwable fault(Object message) {
        return (message instanceof HttpResponse head) ? fault(head) : null;
    }

    private @Nullable Throwable fault(HttpResponse head) {
        if (this.unsolicited) {
            return new ConnectionLostException(Phase.HEAD,
                    "the server had sent a second response to the previous request of this connection", null);
        }
        int status = head.status().code();
        this.inInformational = status >= 100 && status < 200;
        if (status == 101) {
            return new RemoteProtocolException(Phase.HEAD, "the server switched to a protocol that nobody asked for",
                    null);
        }
        if (this.inInformational && ++this.informational > this.limits.informational()) {
            return new RemoteProtocolException(Phase.HEAD,
                    "the server sent more than " + this.limits.informational() + " interim responses", null);
        }
        if (head.headers().size() > this.limits.headLines()) {
            return new LimitExceededException(Phase.HEAD,
                    "the head of the response has more than " + this.limits.headLines() + " lines", null);
        }
        return null;
    }

}
