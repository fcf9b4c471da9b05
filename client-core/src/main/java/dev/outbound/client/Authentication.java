package dev.outbound.client;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.auth.AuthFlow;
import dev.outbound.client.auth.AuthStep;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;

/**
 * The authentication of one call: the rounds of its flow, and where the flow has no say.
 * Not thread-safe.
 */
final class Authentication {

    /** As many as redirects at the most: a flow that never accepts must end, too. */
    private static final int MAX_ROUNDS = 20;

    private static final AuthFlow NONE = AuthStep::sendLast;

    private final Request original;

    private final AuthFlow flow;

    private int rounds;

    private boolean acceptsNext;

    private boolean strayed;

    Authentication(@Nullable Auth scheme, Request original, Instant now) {
        this.original = original;
        this.flow = (scheme != null) ? scheme.begin(now) : NONE;
    }

    AuthStep begin() {
        return told(this.flow.start(this.original));
    }

    AuthStep awaited() {
        return told(this.flow.awaited());
    }

    /**
     * Whether the flow is asked about the response in hand. What another origin asks for
     * is not for it to answer: it holds the credentials.
     */
    boolean judges() {
        return !this.acceptsNext && !this.strayed;
    }

    boolean readsBody() {
        return this.flow.readsBody();
    }

    AuthStep responded(Response response) {
        AuthStep step = this.flow.responded(response);
        if (!(step instanceof AuthStep.Accept) && ++this.rounds > MAX_ROUNDS) {
            throw new LimitExceededException(Phase.PREPARE,
                    "the authentication asked for more than " + MAX_ROUNDS + " rounds", null);
        }
        return told(step);
    }

    /** A flow may go on without the answer, with another server or the token it has. */
    @Nullable AuthStep failed(RequestException failure) {
        if (this.acceptsNext || failure instanceof CancelledException) {
            return null;
        }
        AuthStep step = this.flow.failed(failure);
        return (step != null) ? told(step) : null;
    }

    private AuthStep told(AuthStep step) {
        if (step instanceof AuthStep.Send send) {
            this.acceptsNext = send.last();
            this.strayed = false;
        }
        else if (step instanceof AuthStep.Accept) {
            this.acceptsNext = true;
        }
        return step;
    }

    /**
     * Renew the credentials of a request that is sent again. Those that were dropped on
     * the way to another origin do not come back.
     */
    Request renew(Request request) {
        return this.strayed ? request : this.flow.again(request);
    }

    /** Note that the call left for another origin. */
    void stray() {
        this.strayed = true;
    }

    /**
     * Return a request without what the flow has put on another: that is a credential,
     * whatever its name says.
     */
    Request withoutCredentials(Request next, Request current) {
        return next.withFields(
                next.fields().without((name) -> !this.original.fields().all(name).equals(current.fields().all(name))));
    }

    void close() {
        this.flow.close();
    }

}
