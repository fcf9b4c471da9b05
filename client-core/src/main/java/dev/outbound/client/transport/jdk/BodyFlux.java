package dev.outbound.client.transport.jdk;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;

/**
 * The body of a response for one subscriber. The JDK is asked for a piece when there is
 * demand and none in hand, so that a slow subscriber holds the server up.
 */
final class BodyFlux extends Flux<DataBuffer> implements Subscription {

    private static final long DRAIN_MILLIS = 50;

    private enum State {

        NEW, SUBSCRIBED, DRAINED, ENDED

    }

    private final Inbound inbound;

    private final long length;

    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

    private final AtomicLong requested = new AtomicLong();

    private final AtomicInteger draining = new AtomicInteger();

    private @Nullable CoreSubscriber<? super DataBuffer> actual;

    private int drained;

    BodyFlux(Inbound inbound, long length) {
        this.inbound = inbound;
        this.length = length;
    }

    @Override
    public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
        if (!this.state.compareAndSet(State.NEW, State.SUBSCRIBED)) {
            Operators.error(actual, new IllegalStateException(
                    "The body of a response can be read once; it was subscribed to, or closed, before"));
            return;
        }
        this.actual = actual;
        actual.onSubscribe(this);
        this.inbound.listen(this::deliver);
        deliver();
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            this.requested.updateAndGet((before) -> Operators.addCap(before, n));
            deliver();
        }
    }

    private void deliver() {
        if (this.draining.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            deliverPieces();
            missed = this.draining.addAndGet(-missed);
        }
        while (missed != 0);
    }

    private void deliverPieces() {
        CoreSubscriber<? super DataBuffer> actual = this.actual;
        while (actual != null && this.state.get() == State.SUBSCRIBED) {
            // Asked for before the queue, as what comes last comes before the end.
            boolean ended = this.inbound.isEnded();
            if (this.requested.get() > 0) {
                ByteBuffer piece = this.inbound.poll();
                if (piece != null) {
                    this.requested.updateAndGet((before) -> (before == Long.MAX_VALUE) ? before : before - 1);
                    this.inbound.attempt().resting();
                    actual.onNext(DefaultDataBufferFactory.sharedInstance.wrap(piece));
                    continue;
                }
            }
            if (ended && this.inbound.isEmpty()) {
                end(actual);
            }
            else if (this.requested.get() > 0) {
                this.inbound.attempt().waiting();
                this.inbound.ask();
            }
            return;
        }
    }

    private void end(CoreSubscriber<? super DataBuffer> actual) {
        if (this.state.compareAndSet(State.SUBSCRIBED, State.ENDED)) {
            RequestException failure = this.inbound.failure();
            if (failure != null) {
                actual.onError(failure);
            }
            else {
                actual.onComplete();
            }
        }
    }

    @Override
    public void cancel() {
        if (this.state.compareAndSet(State.SUBSCRIBED, State.ENDED)) {
            this.inbound.abort();
        }
    }

    void close() {
        if (this.state.compareAndSet(State.NEW, State.DRAINED)) {
            int limit = this.inbound.attempt().drainLimit();
            if (this.length > limit) {
                this.inbound.abort();
                return;
            }
            this.inbound.listen(() -> drain(limit));
            drain(limit);
            if (!this.inbound.isEnded()) {
                Schedulers.parallel().schedule(this.inbound::abort, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        else if (this.state.get() == State.SUBSCRIBED) {
            abort();
        }
    }

    private synchronized void drain(int limit) {
        for (ByteBuffer piece = this.inbound.poll(); piece != null; piece = this.inbound.poll()) {
            this.drained += piece.remaining();
        }
        if (this.drained > limit) {
            this.inbound.abort();
        }
        else {
            this.inbound.ask();
        }
    }

    void abort() {
        this.inbound.fail(new CancelledException(Phase.BODY, "the response was closed before its end", null));
    }

}
