package dev.outbound.client;

import dev.outbound.client.http.Request;

/**
 * Stands around every call of a client, and can change or replace its request and its
 * response, answer without sending anything, or send again. Written once, it serves
 * blocking and reactive calls: it does no I/O and does not wait, it says what is to be
 * done.
 *
 * <pre class="code">
 * Interceptor tenant = (request, next) -&gt; next.send(request.withHeader("X-Tenant", "42"));
 *
 * Interceptor fallback = (request, next) -&gt; next.send(request)
 *     .recover((failure) -&gt; Answer.of(Response.of(request, 200, FieldLines.empty(), lastKnown)));
 *
 * Interceptor renamed = (request, next) -&gt; next.send(request)
 *     .then((response) -&gt; (response.statusCode() == 410) ? next.send(request.withUrl(newUrl)) : Answer.of(response));
 * </pre>
 *
 * An interceptor wraps the whole call with its authentication, redirects and retries,
 * inside of its observation and its total time; to see each request that is sent, use a
 * {@link Hook}. Of several the first one is the outermost; those that implement Spring's
 * {@link org.springframework.core.Ordered} or are annotated with
 * {@link org.springframework.core.annotation.Order} are sorted by it, before those that
 * are not.
 * <p>
 * Of a streamed call the response comes without its body: what is changed in its head is
 * seen by the caller, and a body that is given to it takes the place of the streamed one.
 * <p>
 * Thread-safe: one instance serves all calls, on any thread. It must not block.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Interceptor {

    /**
     * Intercept a call.
     * @param request what is to be sent, or what the interceptor before this one made of
     * it
     * @param next sends it on
     * @return what to do
     * @throws dev.outbound.client.http.ClientException to fail the call, or any other
     * exception
     */
    Answer intercept(Request request, Next next);

    /** What an interceptor stands before: the next one, and at last the call. */
    @FunctionalInterface
    interface Next {

        /**
         * Send a request.
         * @param request the request
         * @return stands for its response; nothing is sent before the interceptor returns
         */
        Answer send(Request request);

    }

}
