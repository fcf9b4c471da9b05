package dev.outbound.client;

import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

import org.springframework.util.Assert;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.ResponseHead;

/**
 * Is told of every request that a client sends: of each attempt, redirect and round of
 * the authentication, unlike an {@link Interceptor}, which sees the call as a whole
 * (HTTPX's event hooks). Implement what is of interest; each method may be called from
 * any thread, an event loop too, and must not block.
 *
 * <pre class="code">
 * client = Client.builder().hook(Hook.onResponse((request, response) -&gt; count(response.statusCode()))).build();
 * </pre>
 *
 * What a hook throws ends the call with that exception; the response is closed first.
 * Hooks run in the order they were added in, those that are
 * {@link org.springframework.core.Ordered} sorted by it.
 *
 * @since 0.1
 */
public interface Hook {

    /**
     * See a request that is about to be sent, with credentials and cookies. What is
     * changed here is sent and not remembered: the next request of the call is made
     * without it.
     * @param request the request
     * @return the request to send; by default as it is
     */
    default Request onRequest(Request request) {
        return request;
    }

    /**
     * See the head of a response, before its body is read and before it is decided
     * whether to retry it, to follow it or to answer its challenge.
     * @param request what was sent
     * @param response the head
     */
    default void onResponse(Request request, ResponseHead response) {
    }

    /**
     * See that a request got no response, or that its body could not be read to the end.
     * @param request what was sent
     * @param failure why
     */
    default void onError(Request request, RequestException failure) {
    }

    /**
     * See what came of a request, after {@link #onResponse} or {@link #onError}; once for
     * each request.
     * @param sending the request and its outcome
     */
    default void onAttempt(Sending sending) {
    }

    /**
     * Return a hook for requests.
     * @param hook is given each request and returns what to send
     * @return the hook
     */
    static Hook onRequest(UnaryOperator<Request> hook) {
        Assert.notNull(hook, "hook must not be null");
        return new Hook() {

            @Override
            public Request onRequest(Request request) {
                return hook.apply(request);
            }

        };
    }

    /**
     * Return a hook for the heads of responses.
     * @param hook is given each request and its response
     * @return the hook
     */
    static Hook onResponse(BiConsumer<Request, ResponseHead> hook) {
        Assert.notNull(hook, "hook must not be null");
        return new Hook() {

            @Override
            public void onResponse(Request request, ResponseHead response) {
                hook.accept(request, response);
            }

        };
    }

}
