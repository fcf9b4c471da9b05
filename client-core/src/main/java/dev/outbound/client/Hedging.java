package dev.outbound.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.ProgressListener;
import dev.outbound.client.http.Request;
import dev.outbound.client.retry.Hedges;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;

/**
 * What decides on the second sends of one call. A call of a client without hedging has
 * none.
 *
 * @param running what observes the call, or {@code null}
 */
record Hedging(Hedges hedges, @Nullable RetryBudget budget, Generation generation, ClientClock clock,
        CallObservation.@Nullable Running running) {

    /** Return the transport for a call, the same where nothing is hedged. */
    static Transport on(Call call, Terms terms, ContextView context, CallObservation.@Nullable Running running,
            Transport transport) {
        Hedging hedging = of(call, terms, context, running);
        return (hedging != null) ? new HedgedTransport(transport, hedging) : transport;
    }

    /** Return the transport for a call, the same where nothing is hedged. */
    static ReactiveTransport onReactive(Call call, Terms terms, ContextView context,
            CallObservation.@Nullable Running running, ReactiveTransport transport) {
        Hedging hedging = of(call, terms, context, running);
        return (hedging != null) ? new HedgedReactiveTransport(transport, hedging) : transport;
    }

    /** Whoever listens to the progress of a request wants to hear of one, not of two. */
    private static @Nullable Hedging of(Call call, Terms terms, ContextView context,
            CallObservation.@Nullable Running running) {
        Hedges hedges = terms.hedges(context);
        if (hedges == null || call.request().attributes().get(ProgressListener.ATTRIBUTE) != null) {
            return null;
        }
        Generation generation = terms.generation();
        return new Hedging(hedges, call.policies().budget(), generation, generation.clock().forCall(context), running);
    }

    boolean applies(Request request) {
        return this.hedges.policy().applies(request);
    }

    /** After what time a request is to be sent again, or {@code null} for never. */
    @Nullable Duration delay(Cancellation cancellation, long now) {
        Duration delay = this.hedges.delay();
        long deadline = cancellation.deadline();
        boolean late = delay != null && deadline != Cancellation.NO_DEADLINE && delay.toNanos() >= deadline - now;
        return late ? null : delay;
    }

    /** The budget is that of the retries: both multiply the load on an upstream. */
    boolean permits() {
        if (this.budget == null || this.budget.withdraw(this.clock.nanoTime())) {
            this.hedges.countSent();
            return true;
        }
        this.hedges.countSuppressed();
        return false;
    }

    CallObservation.@Nullable Hedge observe(Request request) {
        return (this.running != null) ? this.running.hedge(request) : null;
    }

    /** Remember a decided race. */
    void ended(Race.Outcome<?> winner, long started) {
        if (winner.response() == null) {
            return;
        }
        if (winner.hedge()) {
            this.hedges.countWon();
        }
        if (this.hedges.policy().accepts(winner.response().statusCode())) {
            this.hedges.answered(this.clock.nanoTime() - started);
        }
    }

}
