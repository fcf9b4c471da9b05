package dev.outbound.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.transport.AttemptProgress;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;

/**
 * Sends a request a second time when its answer is late. No thread waits for either.
 */
final class HedgedReactiveTransport implements ReactiveTransport {

    private final ReactiveTransport transport;

    private final Hedging hedging;

    HedgedReactiveTransport(ReactiveTransport transport, Hedging hedging) {
        this.transport = transport;
        this.hedging = hedging;
    }

    @Override
    public Mono<ReactiveTransportResponse> send(Request request, Cancellation cancellation) {
        if (!this.hedging.applies(request)) {
            return this.transport.send(request, cancellation);
        }
        return new Mono<>() {

            @Override
            public void subscribe(CoreSubscriber<? super ReactiveTransportResponse> subscriber) {
                subscriber.onSubscribe(new Attempt(request, cancellation, subscriber));
            }

        };
    }

    /**
     * One request, and maybe its hedge. Whoever decides the race, or ends it, tells the
     * subscriber, so that it is told once.
     */
    private final class Attempt implements Subscription {

        private final Request request;

        /** Of the call, and so of its first send. */
        private final Cancellation call;

        private final CoreSubscriber<? super ReactiveTransportResponse> subscriber;

        private final Race<ReactiveTransportResponse> race;

        private final Send first;

        private final Send second;

        private final Disposable.Swap alarm = Disposables.swap();

        private final AtomicBoolean begun = new AtomicBoolean();

        private final long started;

        Attempt(Request request, Cancellation call, CoreSubscriber<? super ReactiveTransportResponse> subscriber) {
            this.request = request;
            this.call = call;
            this.subscriber = subscriber;
            this.race = new Race<>(HedgedReactiveTransport.this.hedging.hedges().policy());
            this.first = new Send(this, call, false);
            this.second = new Send(this, call.another(), true);
            this.started = HedgedReactiveTransport.this.hedging.clock().nanoTime();
        }

        @Override
        public void request(long n) {
            if (this.begun.compareAndSet(false, true)) {
                Duration delay = HedgedReactiveTransport.this.hedging.delay(this.call, this.started);
                if (delay != null) {
                    this.alarm.update(
                            HedgedReactiveTransport.this.hedging.clock().alarm(delay).subscribe(null, null, this::due));
                }
                this.first.begin(HedgedReactiveTransport.this.transport, this.request);
            }
        }

        private void due() {
            if (!this.race.join(HedgedReactiveTransport.this.hedging::permits)) {
                return;
            }
            try {
                CallObservation.Hedge observed = HedgedReactiveTransport.this.hedging.observe(this.request);
                this.second.observed.set(observed);
                this.second.begin(HedgedReactiveTransport.this.transport,
                        (observed != null) ? observed.request() : this.request);
            }
            catch (Throwable ex) {
                // The first one may wait for this.
                this.second.onError(ex);
            }
        }

        @Override
        public void cancel() {
            CancelledException reason = new CancelledException(Phase.HEAD, "the subscription was cancelled", null);
            Race.Verdict<ReactiveTransportResponse> verdict = this.race.abandon(reason);
            this.alarm.dispose();
            this.first.cancel(reason);
            this.second.cancel(reason);
            abort(verdict.unneeded());
        }

        void ended(Race.Outcome<ReactiveTransportResponse> outcome) {
            Race.Verdict<ReactiveTransportResponse> verdict = this.race.ended(outcome);
            abort(verdict.unneeded());
            if (!verdict.decided()) {
                return;
            }
            this.alarm.dispose();
            try {
                if (verdict.breaksOff()) {
                    (outcome.hedge() ? this.first : this.second).cancel(
                            new CancelledException(Phase.HEAD, "another send of the request was answered first", null));
                }
            }
            finally {
                Race.Outcome<ReactiveTransportResponse> winner = this.race.winner();
                if (winner != null) {
                    HedgedReactiveTransport.this.hedging.ended(winner, this.started);
                    tell(winner);
                }
            }
        }

        private void tell(Race.Outcome<ReactiveTransportResponse> winner) {
            AttemptProgress progress = winner.hedge() ? this.second.cancellation.progress() : null;
            if (progress != null) {
                this.call.progress(progress);
            }
            if (winner.response() != null) {
                this.subscriber.onNext(winner.response());
                this.subscriber.onComplete();
            }
            else if (winner.failure() != null) {
                this.subscriber.onError(winner.failure());
            }
        }

        private static void abort(@Nullable ReactiveTransportResponse response) {
            if (response != null) {
                response.abort();
            }
        }

    }

    /**
     * One of the two sends. What it gives is told of even when it was cancelled: a head
     * that is on its way then has a connection.
     */
    private static final class Send implements CoreSubscriber<ReactiveTransportResponse> {

        private final Attempt attempt;

        private final Cancellation cancellation;

        private final boolean hedge;

        private final AtomicReference<@Nullable Subscription> running = new AtomicReference<>();

        private final AtomicBoolean over = new AtomicBoolean();

        private final AtomicReference<CallObservation.@Nullable Hedge> observed = new AtomicReference<>();

        Send(Attempt attempt, Cancellation cancellation, boolean hedge) {
            this.attempt = attempt;
            this.cancellation = cancellation;
            this.hedge = hedge;
        }

        void begin(ReactiveTransport transport, Request request) {
            if (!this.over.get()) {
                Mono.defer(() -> transport.send(request, this.cancellation)).subscribe(this);
            }
            else {
                // It was cancelled before it was known what observes it.
                observe(null, null);
            }
        }

        @Override
        public Context currentContext() {
            return this.attempt.subscriber.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (this.running.compareAndSet(null, subscription)) {
                subscription.request(Long.MAX_VALUE);
            }
            else {
                subscription.cancel();
            }
        }

        @Override
        public void onNext(ReactiveTransportResponse response) {
            if (this.over.compareAndSet(false, true)) {
                ended(response, null);
            }
            else {
                response.abort();
            }
        }

        @Override
        public void onError(Throwable error) {
            if (this.over.compareAndSet(false, true)) {
                ended(null, error);
            }
        }

        @Override
        public void onComplete() {
            if (this.over.compareAndSet(false, true)) {
                ended(null, new ConnectionLostException(Phase.HEAD, "the transport gave no response", null));
            }
        }

        void cancel(CancelledException reason) {
            boolean ends = this.over.compareAndSet(false, true);
            Subscription running = this.running.getAndSet(Operators.cancelledSubscription());
            if (running != null) {
                running.cancel();
            }
            if (ends) {
                observe(null, reason);
            }
        }

        private void ended(@Nullable ReactiveTransportResponse response, @Nullable Throwable failure) {
            Race.Outcome<ReactiveTransportResponse> outcome = new Race.Outcome<>(this.hedge, response, failure);
            try {
                observe(response, failure);
            }
            catch (Throwable ex) {
                Attempt.abort(response);
                outcome = new Race.Outcome<>(this.hedge, null, ex);
            }
            this.attempt.ended(outcome);
        }

        private void observe(@Nullable ReactiveTransportResponse response, @Nullable Throwable failure) {
            CallObservation.Hedge observed = this.observed.getAndSet(null);
            if (observed != null) {
                observed.ended(response, failure);
            }
        }

    }

}
