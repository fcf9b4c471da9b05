package dev.outbound.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.AttemptProgress;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;

/**
 * Sends a request a second time when its answer is late. The first is sent by the calling
 * thread; there is no other before a second one is due, which has a daemon thread of its
 * own for as long as it waits for its head.
 */
final class HedgedTransport implements Transport {

    private final Transport transport;

    private final Hedging hedging;

    HedgedTransport(Transport transport, Hedging hedging) {
        this.transport = transport;
        this.hedging = hedging;
    }

    @Override
    public TransportResponse send(Request request, Cancellation cancellation) {
        return this.hedging.applies(request) ? new Attempt(request, cancellation).run()
                : this.transport.send(request, cancellation);
    }

    /** One request, and maybe its hedge. */
    private final class Attempt {

        private final Request request;

        /** Of the call, and so of its first send. */
        private final Cancellation call;

        private final Cancellation second;

        private final Race<TransportResponse> race;

        /** Completes when whatever followed from the end of the second send was done. */
        private final CompletableFuture<Void> secondEnded = new CompletableFuture<>();

        private final long started;

        Attempt(Request request, Cancellation call) {
            this.request = request;
            this.call = call;
            this.second = call.another();
            this.race = new Race<>(HedgedTransport.this.hedging.hedges().policy());
            this.started = now();
        }

        private long now() {
            return HedgedTransport.this.hedging.clock().nanoTime();
        }

        TransportResponse run() {
            Duration delay = HedgedTransport.this.hedging.delay(this.call, this.started);
            Disposable alarm = (delay != null) ? alarm(delay) : null;
            Race.Outcome<TransportResponse> outcome = send(false, this.request, this.call);
            if (alarm != null) {
                alarm.dispose();
            }
            Race.Verdict<TransportResponse> verdict = this.race.ended(outcome);
            abort(verdict.unneeded());
            if (verdict.breaksOff()) {
                this.second.cancel(Cancellation.Cause.SUPERSEDED);
            }
            else if (this.race.isHedged()) {
                awaitSecond();
            }
            Race.Outcome<TransportResponse> winner = this.race.winner();
            if (winner == null) {
                throw new IllegalStateException("Both sends have ended, and neither has won");
            }
            HedgedTransport.this.hedging.ended(winner, this.started);
            return answer(winner);
        }

        private Disposable alarm(Duration delay) {
            // As of a scheduler's task: who follows what a thread does finds the second
            // send where the first one is.
            Runnable task = Schedulers.onSchedule(this::sendAgain);
            return HedgedTransport.this.hedging.clock().alarm(delay).subscribe(null, null, () -> due(task));
        }

        /** On a thread that must not block. */
        private void due(Runnable task) {
            if (!this.race.join(HedgedTransport.this.hedging::permits)) {
                return;
            }
            boolean started = false;
            try {
                Thread thread = new Thread(task, "outbound-hedge");
                thread.setDaemon(true);
                thread.start();
                started = true;
            }
            finally {
                if (!started) {
                    ended(new Race.Outcome<>(true, null,
                            new ConnectionFailedException("there is no thread for a second send", null)));
                }
            }
        }

        private void sendAgain() {
            Race.Outcome<TransportResponse> outcome;
            try {
                outcome = sendObserved();
            }
            catch (Throwable ex) {
                outcome = new Race.Outcome<>(true, null, ex);
            }
            ended(outcome);
        }

        private Race.Outcome<TransportResponse> sendObserved() {
            CallObservation.Hedge observed = HedgedTransport.this.hedging.observe(this.request);
            Race.Outcome<TransportResponse> outcome = sendWatched(
                    (observed != null) ? observed.request() : this.request);
            if (observed != null) {
                try {
                    observed.ended(outcome.response(), outcome.failure());
                }
                catch (Throwable ex) {
                    abort(outcome.response());
                    throw ex;
                }
            }
            return outcome;
        }

        private Race.Outcome<TransportResponse> sendWatched(Request request) {
            if (HedgedTransport.this.hedging.clock().isSystem()) {
                HedgedTransport.this.hedging.generation().calls().watch(this.second);
            }
            RequestException ended = this.second.failure(Phase.PREPARE, null);
            Race.Outcome<TransportResponse> outcome = (ended != null) ? new Race.Outcome<>(true, null, ended)
                    : send(true, request, this.second);
            TransportResponse response = outcome.response();
            if (response == null) {
                this.second.unwatch();
                return outcome;
            }
            return new Race.Outcome<>(true, new WatchedResponse(response, this.second), null);
        }

        /** The second send is over. */
        private void ended(Race.Outcome<TransportResponse> outcome) {
            try {
                Race.Verdict<TransportResponse> verdict = this.race.ended(outcome);
                abort(verdict.unneeded());
                if (verdict.breaksOff()) {
                    this.call.cancel(Cancellation.Cause.SUPERSEDED);
                }
            }
            finally {
                this.secondEnded.complete(null);
            }
        }

        private Race.Outcome<TransportResponse> send(boolean hedge, Request request, Cancellation cancellation) {
            try {
                return new Race.Outcome<>(hedge, HedgedTransport.this.transport.send(request, cancellation), null);
            }
            catch (Throwable ex) {
                return new Race.Outcome<>(hedge, null, ex);
            }
        }

        /** The first send is over, and has not decided. */
        private void awaitSecond() {
            AttemptProgress progress = this.call.progress();
            if (this.race.winner() != null) {
                // It decided, and tells the first in this moment.
                this.secondEnded.join();
            }
            else {
                this.call.nextAttempt();
                await();
            }
            Race.Outcome<TransportResponse> winner = this.race.winner();
            this.call.nextAttempt();
            AttemptProgress last = (winner != null && winner.hedge()) ? this.second.progress() : progress;
            if (last != null) {
                this.call.progress(last);
            }
        }

        private void await() {
            RequestException ended;
            try {
                Pause.await(this.secondEnded, Long.MAX_VALUE, this.call);
                ended = this.secondEnded.isDone() ? null : this.call.failure(Phase.HEAD, null);
            }
            catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
                ended = new CancelledException(Phase.HEAD, "the calling thread was interrupted", ex);
            }
            catch (TimeoutException ex) {
                throw new IllegalStateException("The wait has no limit", ex);
            }
            if (ended == null) {
                return;
            }
            Race.Verdict<TransportResponse> verdict = this.race.abandon(ended);
            abort(verdict.unneeded());
            if (verdict.breaksOff()) {
                this.second.cancel(Cancellation.Cause.SUPERSEDED);
            }
            else {
                this.secondEnded.join();
            }
        }

        private static TransportResponse answer(Race.Outcome<TransportResponse> winner) {
            TransportResponse response = winner.response();
            if (response != null) {
                return response;
            }
            if (winner.failure() instanceof Error error) {
                throw error;
            }
            throw (winner.failure() instanceof RuntimeException ex) ? ex
                    : new IllegalStateException("The transport failed", winner.failure());
        }

        private static void abort(@Nullable TransportResponse response) {
            if (response != null) {
                response.abort();
            }
        }

    }

}
