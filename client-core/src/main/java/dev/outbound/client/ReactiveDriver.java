package dev.outbound.client;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Transferred;
import dev.outbound.client.transport.AttemptProgress;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.EndableBody;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.ReactiveTransportResponse;

/**
 * Does what an exchange says without blocking. One for each subscription.
 * <p>
 * What happens on other threads (signals of the transport, the deadline, a cancellation)
 * becomes an event, and events run one after the other on the thread that brought the
 * first: the exchange and the fields here are never touched by two at a time.
 */
final class ReactiveDriver implements Step.Actor {

    private final ReactiveTransport transport;

    private final Generation generation;

    private final ClientClock clock;

    private final Exchange exchange;

    private final Cancellation cancellation = new Cancellation(Cancellation.NO_DEADLINE);

    private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();

    private final AtomicInteger pending = new AtomicInteger();

    private @Nullable MonoSink<Object> sink;

    private @Nullable Subscription running;

    private @Nullable Signals<?> signals;

    private @Nullable Disposable waiting;

    private @Nullable ReactiveTransportResponse inHand;

    private Sinks.@Nullable Empty<DataBuffer> bodyFailure;

    private @Nullable DeliveredFlux body;

    /** What is going on, as far as the driver knows. */
    private Phase phase = Phase.PREPARE;

    /** Counts the steps, so that what comes late of one that was broken off is known. */
    private int steps;

    private boolean over;

    /**
     * Create the driver of a call that was begun in a generation, which it leaves at the
     * end.
     */
    ReactiveDriver(ReactiveTransport transport, Generation generation, ContextView context, Exchange exchange) {
        this.transport = transport;
        this.generation = generation;
        this.clock = generation.clock().forCall(context);
        this.exchange = exchange;
    }

    /** Run an exchange whose response is read to its end. */
    Mono<Response> call() {
        return run();
    }

    /**
     * Run an exchange whose response is streamed. The response is released when the
     * publisher made of it ends, fails or is cancelled, whether it read the body or not.
     */
    <T> Flux<T> stream(Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        // The driver is the resource, and not its response: it is there at once, so that
        // no
        // cancellation can come between the response and whoever would release it.
        return Flux.usingWhen(Mono.just(this),
                (driver) -> driver.<ReactiveStreamedResponse>run().flatMapMany((response) -> response.readBy(reader)),
                ReactiveDriver::release, (driver, error) -> driver.release(), ReactiveDriver::release);
    }

    @SuppressWarnings("unchecked")
    private <T> Mono<T> run() {
        return (Mono<T>) Mono.create((sink) -> {
            this.sink = sink;
            sink.onCancel(() -> event(this::released));
            event(this::start);
        });
    }

    private Mono<Void> release() {
        return Mono.fromRunnable(() -> event(() -> {
            released();
            if (this.body != null) {
                this.body.release();
            }
        }));
    }

    private void event(Runnable event) {
        if (this.pending.compareAndSet(0, 1)) {
            handle(event);
            if (this.pending.decrementAndGet() == 0) {
                return;
            }
        }
        else {
            this.events.add(event);
            if (this.pending.getAndIncrement() != 0) {
                return;
            }
        }
        do {
            Runnable next = this.events.poll();
            if (next != null) {
                handle(next);
            }
        }
        while (this.pending.decrementAndGet() != 0);
    }

    /** An event of one step, which is nothing to those that follow. */
    private void event(int step, Runnable event) {
        event(() -> {
            if (step == this.steps) {
                event.run();
            }
        });
    }

    private void handle(Runnable event) {
        try {
            event.run();
        }
        catch (Throwable ex) {
            // A policy of the user's threw: that, and not the call, is what failed.
            if (!this.over) {
                end(ex);
            }
        }
    }

    /** End the call with a failure, which what fails behind it does not hide. */
    private void end(Throwable failure) {
        try {
            finish(failure);
        }
        catch (Throwable ex) {
            if (ex != failure) {
                failure.addSuppressed(ex);
            }
        }
        sink().error(failure);
    }

    private void start() {
        if (!this.over) {
            // The caller's code may run behind this, and block: not on the watchdog's
            // thread.
            this.cancellation.onCancel(() -> Schedulers.parallel().schedule(() -> event(this::expired)));
            if (this.clock.isSystem()) {
                this.generation.calls().watch(this.cancellation);
            }
            this.exchange.start(now(), this.clock.millis()).act(this);
        }
    }

    @Override
    public void send(Step.Send step) {
        close();
        begin(Phase.HEAD);
        this.cancellation.nextAttempt();
        this.cancellation.deadline(deadline(step.remaining()));
        this.transport.send(step.request(), this.cancellation).subscribe(new Head());
    }

    @Override
    public void buffer(Step.Buffer step) {
        ReactiveTransportResponse response = inHand();
        begin(Phase.BODY);
        BodyCollector collector;
        try {
            collector = new BodyCollector(response.contentLength(), step);
        }
        catch (RequestException ex) {
            transferred(0, response.contentLength());
            failed(ex);
            return;
        }
        response.body().subscribe(new Body(collector, response.contentLength()));
    }

    @Override
    public void pause(Step.Pause step) {
        close();
        int pause = begin(Phase.PAUSE);
        this.waiting = this.clock.delay(Duration.ofNanos(step.nanos())).subscribe((ignored) -> {
        }, (error) -> event(pause, () -> failed(asRequestException(error))), () -> event(pause, this::resumed));
    }

    @Override
    public void await(Step.Await step) {
        close();
        int waiting = begin(Phase.PREPARE);
        this.cancellation.deadline(deadline(step.remaining()));
        if (step.limit() == Step.UNLIMITED) {
            step.result().whenComplete((value, error) -> event(waiting, this::awaited));
        }
        else {
            awaitInTime(step, waiting);
        }
    }

    private int begin(Phase phase) {
        this.phase = phase;
        return ++this.steps;
    }

    /**
     * Who brings the result has just ended a call of its own, and goes on: not on its
     * thread.
     */
    private void awaitInTime(Step.Await step, int waiting) {
        Mono<?> result = Mono.fromFuture(step.result().toCompletableFuture(), true).publishOn(Schedulers.parallel());
        this.waiting = Mono.firstWithSignal(result, this.clock.delay(Duration.ofNanos(step.limit())))
            .subscribe((ignored) -> {
            }, (error) -> event(waiting, () -> failed(asRequestException(error))), () -> event(waiting, this::awaited));
    }

    @Override
    public void deliver(Step.Deliver step) {
        close();
        try {
            finish(null);
        }
        catch (Throwable ex) {
            sink().error(ex);
            return;
        }
        sink().success(step.response());
    }

    @Override
    public void deliverStream(Step.DeliverStream step) {
        begin(Phase.BODY);
        this.cancellation.streamDeadline(deadline(step.bodyTime()), step.bodyTime());
        if (step.buffered() != null) {
            close();
        }
        DeliveredFlux body = new DeliveredFlux((step.buffered() != null) ? null : inHand(), step, ending());
        this.body = body;
        this.generation.delivered();
        sink().success(new ReactiveStreamedResponse(step.head(), body, step.request(), step.context(), step.history(),
                step.next(), step.reading()));
    }

    private UnaryOperator<Flux<DataBuffer>> ending() {
        Sinks.Empty<DataBuffer> failure = Sinks.empty();
        this.bodyFailure = failure;
        // A buffer that meets the reader's cancellation in an operator is nobody else's.
        return (body) -> new EndableBody(body, failure.asMono()).doOnError(RequestException.class, this::complete)
            .doOnDiscard(DataBuffer.class, DataBufferUtils::release);
    }

    @Override
    public void fail(Step.Fail step) {
        end(step.failure());
    }

    private void responded(ReactiveTransportResponse response) {
        this.inHand = response;
        begin(Phase.BODY);
        this.exchange.responded(response, now()).act(this);
    }

    private void failed(RequestException failure) {
        if (!this.over) {
            abort();
            this.exchange.failed(failure, now()).act(this);
        }
    }

    private void buffered(byte[] body) {
        if (!this.over) {
            close();
            this.exchange.buffered(body, now()).act(this);
        }
    }

    private void resumed() {
        if (!this.over) {
            this.exchange.resumed(now()).act(this);
        }
    }

    private void awaited() {
        if (!this.over) {
            this.exchange.awaited(now()).act(this);
        }
    }

    /** The deadline has passed, or the client was closed. */
    private void expired() {
        if (this.over) {
            return;
        }
        Phase phase = phase();
        RequestException failure = this.cancellation.failure(phase, null);
        if (failure == null) {
            failure = this.cancellation.outOfTime(phase, null);
        }
        if (this.bodyFailure != null) {
            // Who hears of the failure may call again at once, and finds its place free.
            Throwable rejection = (this.body != null) ? this.body.rejection() : null;
            try {
                this.exchange.closed((rejection != null) ? rejection : failure, now());
            }
            finally {
                this.bodyFailure.tryEmitError(failure);
            }
        }
        else {
            Signals<?> signals = this.signals;
            transferred((signals != null) ? signals.received() : 0, (signals != null) ? signals.toReceive() : -1);
            breakOff();
            this.exchange.cancelled(failure, now()).act(this);
        }
    }

    /** The engine knows it better, where it says. */
    private Phase phase() {
        AttemptProgress progress = this.cancellation.progress();
        return (this.phase == Phase.HEAD && progress != null) ? progress.phase() : this.phase;
    }

    /** End the step that is going on: nothing is heard of it any more. */
    private void breakOff() {
        this.steps++;
        Subscription running = this.running;
        Disposable waiting = this.waiting;
        this.running = null;
        this.waiting = null;
        if (running != null) {
            running.cancel();
        }
        if (waiting != null) {
            waiting.dispose();
        }
        abort();
    }

    /** What has passed is asked for when a call fails, and only then. */
    private void transferred(long received, long toReceive) {
        AttemptProgress progress = this.cancellation.progress();
        this.exchange.transferred(new Transferred((progress != null) ? progress.bytesSent() : -1,
                (progress != null) ? progress.bytesToSend() : -1, received, toReceive));
    }

    /** Nobody wants an answer, or more of it, any longer. */
    private void released() {
        if (!this.over) {
            if (this.body != null) {
                close();
            }
            finish((this.body != null) ? this.body.rejection()
                    : new CancelledException(Phase.HEAD, "the subscription was cancelled", null));
        }
    }

    private void complete(RequestException failure) {
        DeliveredFlux body = this.body;
        transferred((body != null) ? body.received() : 0, (body != null) ? body.contentLength() : -1);
        failure.in(this.exchange.context(now()));
        // What is read for a message only is not what the call fails with.
        if (body == null || body.rejection() == null) {
            event(() -> {
                if (!this.over) {
                    finish(failure);
                }
            });
        }
    }

    private void finish(@Nullable Throwable failure) {
        this.over = true;
        this.cancellation.unwatch();
        try {
            breakOff();
        }
        finally {
            try {
                this.exchange.closed(failure, now());
            }
            finally {
                leave();
            }
        }
    }

    private void leave() {
        if (this.body != null) {
            this.generation.leaveStream();
        }
        else {
            this.generation.leave();
        }
    }

    private static RequestException asRequestException(Throwable error) {
        return (error instanceof RequestException ex) ? ex
                : new ConnectionLostException(Phase.HEAD, "the transport failed: " + error, error);
    }

    private long now() {
        return this.clock.nanoTime();
    }

    private long deadline(long remaining) {
        return (remaining == Step.UNLIMITED) ? Cancellation.NO_DEADLINE : now() + remaining;
    }

    private MonoSink<Object> sink() {
        MonoSink<Object> sink = this.sink;
        if (sink == null) {
            throw new IllegalStateException("The call was not started");
        }
        return sink;
    }

    private ReactiveTransportResponse inHand() {
        ReactiveTransportResponse response = this.inHand;
        if (response == null) {
            throw new IllegalStateException("There is no response in hand");
        }
        return response;
    }

    private void close() {
        ReactiveTransportResponse response = this.inHand;
        if (response != null) {
            this.inHand = null;
            response.close();
        }
    }

    private void abort() {
        ReactiveTransportResponse response = this.inHand;
        if (response != null) {
            this.inHand = null;
            response.abort();
        }
    }

    /** Takes one answer of the transport, and turns its signals into events. */
    private abstract class Signals<T> implements CoreSubscriber<T> {

        final int step = ReactiveDriver.this.steps;

        Signals() {
            ReactiveDriver.this.signals = this;
        }

        final boolean isLate() {
            return this.step != ReactiveDriver.this.steps;
        }

        /** How much of the body has arrived. */
        long received() {
            return 0;
        }

        long toReceive() {
            return -1;
        }

        @Override
        public Context currentContext() {
            return Context.of(sink().contextView());
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            event(() -> {
                if (isLate()) {
                    subscription.cancel();
                }
                else {
                    ReactiveDriver.this.running = subscription;
                    subscription.request(Long.MAX_VALUE);
                }
            });
        }

        @Override
        public void onError(Throwable error) {
            event(this.step, () -> {
                ReactiveDriver.this.running = null;
                if (error instanceof RequestException failure) {
                    transferred(received(), toReceive());
                    failed(failure);
                }
                else if (!ReactiveDriver.this.over) {
                    // Not of the transport: the caller's own body, or a bug.
                    end(error);
                }
            });
        }

    }

    /** Waits for the head of a response. */
    private final class Head extends Signals<ReactiveTransportResponse> {

        private boolean responded;

        @Override
        public void onNext(ReactiveTransportResponse response) {
            this.responded = true;
            event(() -> {
                if (isLate()) {
                    response.abort();
                }
                else {
                    ReactiveDriver.this.running = null;
                    responded(response);
                }
            });
        }

        @Override
        public void onComplete() {
            if (!this.responded) {
                onError(new ConnectionLostException(Phase.HEAD, "the transport gave no response", null));
            }
        }

    }

    /** Reads a body into memory. */
    private final class Body extends Signals<DataBuffer> {

        private final BodyCollector collector;

        private final long announced;

        private @Nullable RequestException failure;

        Body(BodyCollector collector, long announced) {
            this.collector = collector;
            this.announced = announced;
        }

        @Override
        long received() {
            return this.collector.received();
        }

        @Override
        long toReceive() {
            return this.announced;
        }

        @Override
        public void onNext(DataBuffer buffer) {
            try {
                if (this.failure == null) {
                    try (DataBuffer.ByteBufferIterator pieces = buffer.readableByteBuffers()) {
                        pieces.forEachRemaining(this.collector::add);
                    }
                }
            }
            catch (RequestException ex) {
                reject(ex);
            }
            finally {
                DataBufferUtils.release(buffer);
            }
        }

        private void reject(RequestException failure) {
            this.failure = failure;
            this.collector.close();
            event(this.step, () -> {
                Subscription running = ReactiveDriver.this.running;
                ReactiveDriver.this.running = null;
                if (running != null) {
                    running.cancel();
                }
                transferred(received(), toReceive());
                failed(failure);
            });
        }

        @Override
        public void onError(Throwable error) {
            this.collector.close();
            super.onError(error);
        }

        @Override
        public void onComplete() {
            if (this.failure != null) {
                return;
            }
            try {
                this.collector.complete();
            }
            catch (RequestException ex) {
                reject(ex);
                return;
            }
            this.collector.close();
            event(this.step, () -> {
                ReactiveDriver.this.running = null;
                buffered(this.collector.toBytes());
            });
        }

    }

}
