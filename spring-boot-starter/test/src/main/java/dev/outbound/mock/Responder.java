package dev.outbound.mock;

import org.jspecify.annotations.Nullable;

/**
 * Finds the reply to a request when it is there. Called for each request that the route
 * matches, on the thread that sends it, without any lock held.
 *
 * <pre class="code">
 * router.get("/users/{id}").answer((request) -&gt; Reply.ok().json(Map.of("id", request.variable("id"))));
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Responder {

    /**
     * Answer a request.
     * @param request the request, with the variables that the route took out of it
     * @return the reply, or {@code null} to decline: the next route that matches is asked
     */
    @Nullable Reply reply(SentRequest request);

}
