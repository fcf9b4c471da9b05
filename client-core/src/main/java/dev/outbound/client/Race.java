package dev.outbound.client;

import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.retry.HedgePolicy;

/**
 * Which of two sends of one request gives the answer: the first that ends well, and where
 * neither does the first one's, if that is a response. Decides once, and sends, waits and
 * releases nothing. Thread-safe.
 *
 * @param <R> the type of the responses
 */
final class Race<R extends ResponseHead> {

    private final HedgePolicy policy;

    private boolean hedged;

    private @Nullable Outcome<R> first;

    private @Nullable Outcome<R> second;

    private @Nullable Outcome<R> winner;

    Race(HedgePolicy policy) {
        this.policy = policy;
    }

    /**
     * The second send is due.
     * @param permitted is asked whether it may go out, if it is of any use
     * @return whether it is to go out
     */
    synchronized boolean join(BooleanSupplier permitted) {
        if (this.first != null || this.winner != null || !permitted.getAsBoolean()) {
            return false;
        }
        this.hedged = true;
        return true;
    }

    synchronized boolean isHedged() {
        return this.hedged;
    }

    /** One of the two has ended. */
    synchronized Verdict<R> ended(Outcome<R> outcome) {
        if (this.winner != null) {
            return new Verdict<>(false, false, outcome.response());
        }
        if (outcome.hedge()) {
            this.second = outcome;
        }
        else {
            this.first = outcome;
        }
        Outcome<R> other = outcome.hedge() ? this.first : this.second;
        boolean alone = other != null || !this.hedged;
        if (!alone && !isFinal(outcome)) {
            return new Verdict<>(false, false, null);
        }
        this.winner = (other == null || isFinal(outcome)) ? outcome : better(other, outcome);
        Outcome<R> loser = (this.winner == outcome) ? other : outcome;
        return new Verdict<>(true, !alone, (loser != null) ? loser.response() : null);
    }

    /**
     * Nobody waits for an answer any longer, unless there is one already.
     */
    synchronized Verdict<R> abandon(RequestException reason) {
        if (this.winner != null) {
            return new Verdict<>(false, false, null);
        }
        this.winner = new Outcome<>(false, null, reason);
        Outcome<R> kept = (this.first != null) ? this.first : this.second;
        return new Verdict<>(true, true, (kept != null) ? kept.response() : null);
    }

    /** What the race has ended with, or {@code null} while it goes on. */
    synchronized @Nullable Outcome<R> winner() {
        return this.winner;
    }

    /**
     * Whether there is nothing to hope for from the other one: it would end like this, or
     * something else than the request has failed.
     */
    private boolean isFinal(Outcome<R> outcome) {
        if (outcome.response() != null) {
            return this.policy.accepts(outcome.response().statusCode());
        }
        return !(outcome.failure() instanceof RequestException) || outcome.failure() instanceof CancelledException
                || outcome.failure() instanceof TotalTimeoutException;
    }

    private static <R extends ResponseHead> Outcome<R> better(Outcome<R> one, Outcome<R> other) {
        Outcome<R> first = one.hedge() ? other : one;
        Outcome<R> second = one.hedge() ? one : other;
        return (first.response() == null && second.response() != null) ? second : first;
    }

    /**
     * What came of one send: a response, or the reason why there is none.
     *
     * @param hedge whether it was the second one
     */
    record Outcome<R extends ResponseHead>(boolean hedge, @Nullable R response, @Nullable Throwable failure) {
    }

    /**
     * What follows from an event.
     *
     * @param decided whether the race is decided by it
     * @param breaksOff whether a send is still running, and to be broken off
     * @param unneeded a response that is to be aborted
     */
    record Verdict<R extends ResponseHead>(boolean decided, boolean breaksOff, @Nullable R unneeded) {
    }

}
