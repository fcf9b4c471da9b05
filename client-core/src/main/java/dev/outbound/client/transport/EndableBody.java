package dev.outbound.client.transport;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * A body that may be ended by a failure from outside, at any time and on any thread: what
 * a transport makes of the response that it may have to abort. A buffer that meets this
 * end, or the cancellation of its reader, is released: Reactor's {@code takeUntilOther}
 * drops it. For one subscriber at a time.
 *
 * @since 0.1
 */
public final class EndableBody extends Flux<DataBuffer> {

    private final Flux<DataBuffer> body;

    private final Mono<?> end;

    /**
     * Create a body.
     * @param body where the buffers come from; cancelled at the end from outside
     * @param end fails when the body is to fail, with the same failure
     */
    public EndableBody(Flux<DataBuffer> body, Mono<?> end) {
        this.body = body;
        this.end = end;
    }

    @Override
    public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
        this.body.subscribe(new Reading(actual, this.end));
    }

    private static final class Reading implements CoreSubscriber<DataBuffer>, Subscription {

        private static final AtomicIntegerFieldUpdater<Reading> STATE = AtomicIntegerFieldUpdater
            .newUpdater(Reading.class, "state");

        private static final int BETWEEN = 0;

        private static final int WITHIN = 1;

        private static final int ENDED = 2;

        private final CoreSubscriber<? super DataBuffer> actual;

        private final Mono<?> end;

        private @Nullable Subscription upstream;

        private volatile @Nullable Disposable waiting;

        private volatile @Nullable Throwable failure;

        /** Whether a buffer is being passed on. */
        private volatile int state;

        Reading(CoreSubscriber<? super DataBuffer> actual, Mono<?> end) {
            this.actual = actual;
            this.end = end;
        }

        @Override
        public Context currentContext() {
            return this.actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription upstream) {
            this.upstream = upstream;
            this.actual.onSubscribe(this);
            Disposable waiting = this.end.subscribe(null, this::fail);
            this.waiting = waiting;
            // It may have ended before anybody could dispose of that.
            if (this.state == ENDED) {
                waiting.dispose();
            }
        }

        @Override
        public void request(long n) {
            upstream().request(n);
        }

        @Override
        public void onNext(DataBuffer buffer) {
            if (!STATE.compareAndSet(this, BETWEEN, WITHIN)) {
                DataBufferUtils.release(buffer);
                return;
            }
            this.actual.onNext(buffer);
            if (!STATE.compareAndSet(this, WITHIN, BETWEEN)) {
                Throwable failure = this.failure;
                if (failure != null) {
                    this.actual.onError(failure);
                }
            }
        }

        private void fail(Throwable failure) {
            this.failure = failure;
            int before = STATE.getAndSet(this, ENDED);
            if (before != ENDED) {
                upstream().cancel();
            }
            if (before == BETWEEN) {
                this.actual.onError(failure);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (end() != ENDED) {
                this.actual.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            if (end() != ENDED) {
                this.actual.onComplete();
            }
        }

        @Override
        public void cancel() {
            if (end() != ENDED) {
                upstream().cancel();
            }
        }

        private int end() {
            int before = STATE.getAndSet(this, ENDED);
            Disposable waiting = this.waiting;
            if (waiting != null) {
                waiting.dispose();
            }
            return before;
        }

        private Subscription upstream() {
            Subscription upstream = this.upstream;
            if (upstream == null) {
                throw new IllegalStateException("There is no subscription");
            }
            return upstream;
        }

    }

}
