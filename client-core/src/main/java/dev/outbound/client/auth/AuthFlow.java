package dev.outbound.client.auth;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;

/**
 * The authentication of one call: gives a request, sees its response, gives the next one
 * or accepts. It is asked by one thread at a time, reads no clock and does no I/O; what
 * it says is done by the blocking and the reactive driver alike.
 * <p>
 * A flow that fetches a session first:
 *
 * <pre class="code">
 * class Login implements AuthFlow {
 *     private Request call;
 *
 *     public AuthStep start(Request request) {
 *         this.call = request;
 *         return AuthStep.send(loginRequest(request));
 *     }
 *
 *     public AuthStep responded(Response login) {
 *         return AuthStep.sendLast(this.call.withHeader("X-Session", login.text()));
 *     }
 *
 *     public boolean readsBody() {
 *         return true;
 *     }
 * }
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface AuthFlow {

    /**
     * Begin.
     * @param request the call's request
     * @return what to send, or to wait for
     */
    AuthStep start(Request request);

    /**
     * See the response to the request that was sent last, after redirects and retries.
     * @param response the response, with its body if {@link #readsBody()}
     * @return the next request, or {@link AuthStep#accept()}
     */
    default AuthStep responded(Response response) {
        return AuthStep.accept();
    }

    /**
     * See that what was waited for is there.
     * @return what to send
     */
    default AuthStep awaited() {
        throw new IllegalStateException(getClass().getName() + " waits, but does not implement awaited()");
    }

    /**
     * See that the request that was sent last got no response, after all retries.
     * @param failure what happened
     * @return what to send instead, or {@code null} to let the call fail with it
     */
    default @Nullable AuthStep failed(RequestException failure) {
        return null;
    }

    /**
     * Renew what this flow has put on a request that is about to be sent again, by a
     * retry, or that follows a redirect on the same origin. Credentials that are good for
     * one sending only, such as a signature with a date or a count, are made anew here.
     * @param request the request with what was put on it before
     * @return the request to send; by default as it is
     */
    default Request again(Request request) {
        return request;
    }

    /**
     * Return whether {@link #responded} needs the body.
     * @return {@code false} by default
     */
    default boolean readsBody() {
        return false;
    }

    /**
     * See that the call has ended, in whatever way. Here a flow that others wait for lets
     * them go.
     */
    default void close() {
    }

}
