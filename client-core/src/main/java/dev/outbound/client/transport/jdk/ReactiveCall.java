package dev.outbound.client.transport.jdk;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.IncomingHead;
import dev.outbound.client.transport.OutgoingHead;
import dev.outbound.client.transport.ReactiveTransportResponse;

/**
 * One request on its way to the head of its response, for one subscriber. A task looks
 * after its limits; it finds out itself when to look again.
 */
final class ReactiveCall implements Attempt.Lane, Subscription {

    private final Connections connections;

    private final Request request;

    private final Cancellation cancellation;

    private final CoreSubscriber<? super ReactiveTransportResponse> actual;

    private final AtomicBoolean started = new AtomicBoolean();

    private final Runnable grant = this::granted;

    private volatile @Nullable Attempt attempt;

    private volatile @Nullable Disposable look;

    private volatile boolean cancelled;

    private ReactiveCall(Connections connections, Request request, Cancellation cancellation,
            CoreSubscriber<? super ReactiveTransportResponse> actual) {
        this.connections = connections;
        this.request = request;
        this.cancellation = cancellation;
        this.actual = actual;
    }

    static Mono<ReactiveTransportResponse> of(Connections connections, Request request, Cancellation cancellation) {
        return new Mono<>() {

            @Override
            public void subscribe(CoreSubscriber<? super ReactiveTransportResponse> actual) {
                actual.onSubscribe(new ReactiveCall(connections, request, cancellation, actual));
            }

        };
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && this.started.compareAndSet(false, true)) {
            start();
        }
    }

    private void start() {
        try {
            OutgoingHead head = OutgoingHead.of(this.request);
            Upload upload = upload(head.bodyLength());
            Attempt attempt = new Attempt(this.connections, this.request, head, upload, this);
            if (upload != null) {
                upload.begin(attempt);
            }
            this.attempt = attempt;
            this.cancellation.progress(attempt);
            watch(attempt, attempt.nextLook(Long.MAX_VALUE));
            this.connections.acquire(this.grant);
        }
        catch (RuntimeException ex) {
            this.actual.onError(ex);
        }
    }

    private @Nullable Upload upload(long length) {
        RequestBody body = this.request.body();
        if (body == null) {
            return null;
        }
        byte[] bytes = body.bytes();
        return (bytes != null && (length < 0 || bytes.length == length)) ? new BytesUpload(bytes, length)
                : new ReactiveUpload(body, length, this.actual.currentContext());
    }

    private Attempt attempt() {
        Attempt attempt = this.attempt;
        if (attempt == null) {
            throw new IllegalStateException("The call was not started");
        }
        return attempt;
    }

    private void granted() {
        Attempt attempt = attempt();
        if (this.connections.isClosed()) {
            attempt.fail(new CancelledException(Phase.POOL, "the client was closed", null));
        }
        else if (this.cancelled) {
            attempt.end();
        }
        else {
            attempt.start();
        }
    }

    private void watch(Attempt attempt, long delay) {
        this.look = Schedulers.parallel().schedule(() -> check(attempt), delay, TimeUnit.NANOSECONDS);
        if (attempt.isEnded()) {
            ended();
        }
    }

    /** Until its time came, the look would keep all that was sent and received. */
    @Override
    public void ended() {
        Disposable look = this.look;
        if (look != null) {
            look.dispose();
        }
    }

    private void check(Attempt attempt) {
        if (attempt.isEnded()) {
            return;
        }
        long left = attempt.timeLeft(System.nanoTime());
        if (left > 0) {
            watch(attempt, attempt.nextLook(left));
            return;
        }
        RequestException timeout = attempt.timeout();
        leavePool();
        attempt.fail(timeout);
        attempt.inbound().fail(timeout);
    }

    private void leavePool() {
        if (this.connections.leave(this.grant)) {
            attempt().neverHeld();
        }
    }

    @Override
    public boolean isBlocking() {
        return false;
    }

    @Override
    public void responded(IncomingHead head, Inbound body) {
        // The subscriber may block until the body is there: not on the JDK's stack.
        this.connections.run(() -> respond(head, body), 0);
    }

    private void respond(IncomingHead head, Inbound body) {
        if (this.cancelled) {
            body.abort();
            return;
        }
        this.actual.onNext(new JdkReactiveResponse(head, body));
        this.actual.onComplete();
    }

    @Override
    public void failed(Throwable failure) {
        this.actual.onError(failure);
    }

    @Override
    public void cancel() {
        this.cancelled = true;
        Attempt attempt = this.attempt;
        if (attempt != null) {
            leavePool();
            attempt.cancel();
        }
    }

}
