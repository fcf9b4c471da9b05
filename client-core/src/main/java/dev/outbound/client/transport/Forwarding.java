package dev.outbound.client.transport;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.Url;

/**
 * One request that a proxy forwards: with the absolute URL in its request line, and what
 * the proxy alone is given. Decides what follows a 407. Does no I/O; not thread-safe.
 *
 * @since 0.1
 */
public final class Forwarding {

    private final Proxy proxy;

    private final Request request;

    private final String target;

    private final ProxyAuthentication.Conversation conversation;

    /** As the proxy's authentication sees it. */
    private Request toProxy;

    private int rounds;

    private Forwarding(Proxy proxy, Request request) {
        this.proxy = proxy;
        this.request = request;
        Url url = request.url();
        this.target = url.scheme() + "://" + url.authority() + url.target();
        this.conversation = proxy.authentication().begin();
        Map<String, Object> attributes = new HashMap<>(request.attributes());
        attributes.put(Request.TARGET, this.target);
        this.toProxy = this.conversation.start(Request.of(request.method(), proxy.url(), proxy.headers(),
                request.body(), request.timeouts(), request.template(), attributes));
    }

    /**
     * Begin to send a request by a proxy.
     * @param route leads by the proxy
     * @param request the request
     * @return what to send
     * @throws IllegalStateException if the route does not {@linkplain Route#forwards()
     * forward}
     */
    public static Forwarding of(Route route, Request request) {
        Proxy proxy = route.proxy();
        if (proxy == null || !route.forwards()) {
            throw new IllegalStateException("Nothing forwards " + request);
        }
        return new Forwarding(proxy, request);
    }

    /**
     * Return what stands in the request line.
     * @return the absolute URL
     */
    public String target() {
        return this.target;
    }

    /**
     * Return what to send now.
     * @return the request with the fields for the proxy
     */
    public Request request() {
        FieldLines.Builder fields = FieldLines.builder();
        FieldLines own = this.request.fields();
        FieldLines extra = this.toProxy.fields();
        for (int i = 0; i < extra.size(); i++) {
            if (!own.contains(extra.name(i)) || extra.name(i).equalsIgnoreCase("Proxy-Authorization")) {
                fields.append(extra.name(i), extra.value(i));
            }
        }
        for (int i = 0; i < own.size(); i++) {
            if (!own.name(i).equalsIgnoreCase("Proxy-Authorization")) {
                fields.append(own.name(i), own.value(i));
            }
        }
        return this.request.withFields(fields.build());
    }

    /**
     * Look at a response.
     * @param response its head
     * @return whether {@link #request()} is to be sent, instead of giving the response to
     * the caller
     * @throws ProxyException if the proxy asks for credentials that are not there, or
     * refuses those it was given
     */
    public boolean asksAgain(ResponseHead response) {
        if (response.statusCode() != 407) {
            return false;
        }
        boolean possible = this.request.isRepeatable() && ++this.rounds <= HttpTunnel.MAX_ROUNDS;
        Request next = possible ? this.conversation.refused(this.toProxy, response) : null;
        if (next == null) {
            throw ProxyException.refusal(HttpTunnel.describeRefusal(this.proxy, 407, response.reasonPhrase(),
                    response.fields(), " a request to " + Failures.peer(this.request.url())));
        }
        this.toProxy = next;
        return true;
    }

}
