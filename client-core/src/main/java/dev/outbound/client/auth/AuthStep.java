package dev.outbound.client.auth;

import java.util.concurrent.CompletionStage;

import org.springframework.util.Assert;

import dev.outbound.client.http.Request;

/**
 * What an authentication flow wants next.
 *
 * @since 0.1
 */
public sealed interface AuthStep {

    /**
     * Send a request and show the flow its response.
     * @param request the request
     * @return the step
     */
    static AuthStep send(Request request) {
        return new Send(request, false);
    }

    /**
     * Send a request whose response is accepted, whatever it is.
     * @param request the request
     * @return the step
     */
    static AuthStep sendLast(Request request) {
        return new Send(request, true);
    }

    /**
     * Wait for a result that another call is about to give, for example a token that one
     * fetches for all.
     * @param result completes with the result or without; the flow is told by
     * {@link AuthFlow#awaited()} in both cases
     * @return the step
     */
    static AuthStep await(CompletionStage<?> result) {
        return new Await(result);
    }

    /**
     * Take the response as the answer of the call.
     * @return the step
     */
    static AuthStep accept() {
        return Accept.INSTANCE;
    }

    /**
     * Send a request.
     *
     * @param request the request
     * @param last whether its response is accepted unseen
     */
    record Send(Request request, boolean last) implements AuthStep {

        public Send {
            Assert.notNull(request, "request must not be null");
        }

    }

    /**
     * Wait for a result.
     *
     * @param result completes when the flow can go on
     */
    record Await(CompletionStage<?> result) implements AuthStep {

        public Await {
            Assert.notNull(result, "result must not be null");
        }

    }

    /** Take the response. */
    final class Accept implements AuthStep {

        private static final Accept INSTANCE = new Accept();

        private Accept() {
        }

    }

}
