package dev.outbound.client.transport.reactor;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiFunction;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.Context;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.transport.AttemptProgress;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Failures;
import dev.outbound.client.transport.OutgoingHead;
import dev.outbound.client.transport.Permits;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Route;
import dev.outbound.client.transport.Tunnel;

/**
 * One request on its way to the head of its response. It stands between Reactor Netty and
 * the subscriber, and is the only one that ends the call: whoever comes first, of the
 * response, a failure and a cancellation, wins.
 * <p>
 * Reactor Netty is not cancelled, for that neither leaves the queue of its pool nor
 * breaks off a connect. The call knows where it is and ends that.
 */
final class Call implements CoreSubscriber<Void>, Subscription, Runnable, AttemptProgress {

    static final BiFunction<HttpClientRequest, NettyOutbound, Publisher<Void>> SEND = (request,
            out) -> of(request.currentContextView()).send(request, out);

    static final BiFunction<HttpClientResponse, Connection, Publisher<Void>> RECEIVE = (response, connection) -> {
        of(response.currentContextView()).deliver(connection);
        return Mono.empty();
    };

    private static final ThreadLocal<@Nullable Call> ACQUIRING = new ThreadLocal<>();

    private static final AtomicIntegerFieldUpdater<Call> STATE = AtomicIntegerFieldUpdater.newUpdater(Call.class,
            "state");

    private static final AtomicIntegerFieldUpdater<Call> PERMIT = AtomicIntegerFieldUpdater.newUpdater(Call.class,
            "permit");

    /**
     * Times two, connections of the pool that have just ended, before that is a failure.
     */
    private static final int MOST_ENDED = 16;

    /** The same of connections that were opened for the call, which cost more. */
    private static final int MOST_WITHOUT_STREAM = 2;

    /** What Reactor Netty says of connections that go away, too. */
    private static final String WITHOUT_STREAM = "Max active streams is reached.";

    private static final int NO_PERMIT = 0;

    private static final int HELD = 1;

    private static final int GIVEN_BACK = 2;

    private static final int NEW = 0;

    private static final int RUNNING = 1;

    private static final int DELIVERED = 2;

    private static final int ENDED = 3;

    private final ReactorTransport transport;

    private final Request request;

    /** What stands in the request line. */
    private final String target;

    private final @Nullable Tunnel tunnel;

    private final CoreSubscriber<? super ReactiveTransportResponse> actual;

    private final Context context;

    private volatile @Nullable Route route;

    private volatile int state;

    private volatile Phase phase = Phase.POOL;

    /** Whether one of the client's connections is this call's, or is being opened. */
    private volatile int permit;

    private volatile @Nullable Disposable patience;

    private volatile @Nullable Origin origin;

    /** Waits in the queue of the pool; running it takes it out. */
    private volatile @Nullable Runnable borrower;

    private volatile @Nullable ChannelGuard guard;

    private int ended;

    private volatile @Nullable Upload upload;

    private long bodyLength = -1;

    private volatile long bodySent;

    private long started;

    /** Nanoseconds before there was room for a connection, as far as is known. */
    private long waited;

    private boolean acquired;

    private long openingDeadline;

    private @Nullable OutgoingHead outgoing;

    private @Nullable HttpResponse head;

    private boolean headIsAll;

    private @Nullable ResponseBody body;

    /**
     * Create a call.
     * @param target what stands in the request line, or {@code null} for the URL's path
     * @param tunnel what a proxy is told on a new connection, or {@code null}
     * @param cancellation that of the whole call
     */
    Call(ReactorTransport transport, Request request, @Nullable String target, @Nullable Tunnel tunnel,
            Cancellation cancellation, CoreSubscriber<? super ReactiveTransportResponse> actual) {
        this.transport = transport;
        this.request = request;
        this.target = (target != null) ? target : request.url().target();
        this.tunnel = tunnel;
        this.actual = actual;
        this.context = actual.currentContext().put(Call.class, this);
        cancellation.progress(this);
    }

    static Mono<ReactiveTransportResponse> of(ReactorTransport transport, Request request, Cancellation cancellation) {
        return SendMono.of(transport, request, cancellation);
    }

    private static Call of(reactor.util.context.ContextView context) {
        return context.get(Call.class);
    }

    /**
     * Called by the pool in {@link #start()} when there is no connection for the call.
     */
    static Disposable awaitConnection(Runnable borrower, @Nullable Duration usual) {
        Call call = ACQUIRING.get();
        if (call == null) {
            return schedule(borrower, usual);
        }
        call.borrower = borrower;
        if (call.isEnded()) {
            borrower.run();
        }
        return schedule(() -> call.fail(call.poolTimeout(null)), call.patience());
    }

    PoolTimeoutException poolTimeout(@Nullable Throwable cause) {
        return Failures.poolTimeout(this.transport.settings(), this.request.timeouts().pool(), cause);
    }

    private static Disposable schedule(Runnable task, @Nullable Duration limit) {
        return (limit != null) ? Schedulers.parallel().schedule(task, limit.toNanos(), TimeUnit.NANOSECONDS)
                : Disposables.single();
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && STATE.compareAndSet(this, NEW, RUNNING)) {
            start();
        }
    }

    private void start() {
        try {
            if (this.request.body() != null) {
                // Asks the file system for a file's length: here, and not on an event
                // loop.
                this.bodyLength = this.request.body().contentLength();
            }
            Origin origin = this.transport.origin(this.request.url());
            this.origin = origin;
            this.route = origin.route();
            this.started = System.nanoTime();
            if (origin.isShared()) {
                exchange(origin);
            }
            else {
                awaitPermit();
            }
        }
        catch (RuntimeException ex) {
            fail(ex);
        }
    }

    /** What is left of the time to wait for a connection. */
    private @Nullable Duration patience() {
        Duration limit = this.request.timeouts().pool();
        long waited = (this.guard == null) ? System.nanoTime() - this.started : this.waited;
        return (limit != null) ? limit.minusNanos(waited) : null;
    }

    /**
     * Wait until there may be another connection, and {@link #run() go on} then; at once
     * if this call is about to open another one in place of one that failed.
     */
    void awaitPermit() {
        if (this.permit == HELD) {
            run();
            return;
        }
        this.transport.room().permits().acquire(this);
        if (this.permit != NO_PERMIT || isEnded()) {
            return;
        }
        Disposable patience = schedule(() -> fail(poolTimeout(null)), patience());
        this.patience = patience;
        this.transport.room().make(null);
        // What came in between has not seen it.
        if (this.permit != NO_PERMIT || isEnded()) {
            patience.dispose();
        }
    }

    /** There is a connection for this call, or one may be opened. On any thread. */
    @Override
    public void run() {
        this.permit = HELD;
        stopWaiting();
        Origin origin = this.origin;
        if (this.transport.isClosed()) {
            fail(new CancelledException(Phase.POOL, "the client was closed", null));
        }
        if (isEnded() || origin == null) {
            releasePermit();
            return;
        }
        ChannelGuard opening = this.guard;
        if (opening != null) {
            opening.connectWaiting();
            return;
        }
        try {
            exchange(origin);
        }
        catch (RuntimeException ex) {
            fail(ex);
            releasePermit();
        }
    }

    /** The connection is back in the pool, or gone, or was never there. */
    void releasePermit() {
        if (PERMIT.compareAndSet(this, HELD, GIVEN_BACK)) {
            this.transport.room().permits().release();
        }
    }

    /**
     * A connection that streams share is made: it has the permit from now on, for as long
     * as it is open.
     */
    void leavePermit(Channel connection) {
        if (PERMIT.compareAndSet(this, HELD, NO_PERMIT)) {
            Permits permits = this.transport.room().permits();
            connection.closeFuture().addListener((closed) -> permits.release());
        }
    }

    private void stopWaiting() {
        Disposable patience = this.patience;
        if (patience != null) {
            patience.dispose();
            this.patience = null;
        }
    }

    private void exchange(Origin origin) {
        ACQUIRING.set(this);
        try {
            origin.exchange(this.request.method(), this.request.url().target()).subscribe(this);
        }
        finally {
            // Not removed: the next call on this thread would make the entry anew.
            ACQUIRING.set(null);
        }
    }

    @Override
    public Context currentContext() {
        return this.context;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Void nothing) {
    }

    @Override
    public void onError(Throwable ex) {
        Origin origin = this.origin;
        if (origin != null && !isEnded() && hasNotBegun(ex)) {
            this.ended++;
            exchange(origin);
            return;
        }
        broken(ex);
        ChannelGuard guard = this.guard;
        if (guard == null || guard.isClosed()) {
            releasePermit();
        }
    }

    /**
     * Return whether the call may go to the pool again, for nothing of it was written:
     * without a guard nothing was even opened for it, and with one Reactor Netty tells
     * that it got no stream. One that only looks for a stream does so for as long as it
     * may wait for a connection.
     */
    private boolean hasNotBegun(Throwable ex) {
        boolean withoutStream = String.valueOf(ex.getMessage()).endsWith(WITHOUT_STREAM);
        if (this.guard != null) {
            return this.ended < MOST_WITHOUT_STREAM && isEndedInPool(ex) && withoutStream;
        }
        Duration left = patience();
        boolean patient = (withoutStream || ex instanceof ClosedChannelException)
                && (left == null || !left.isNegative());
        return isEndedInPool(ex) && (patient || this.ended < MOST_ENDED);
    }

    /**
     * Return whether the pool gave a connection that has just ended, and a second one for
     * it: Reactor Netty gives up then, though more may be on their way out, as when
     * settings of TLS are replaced. Where streams share it, Reactor Netty gives up at the
     * first when it was closed before the stream could be opened.
     */
    private static boolean isEndedInPool(Throwable ex) {
        String message = ex.getMessage();
        return ex instanceof ClosedChannelException
                || (ex instanceof IOException && message != null && message.startsWith("Error while acquiring from "));
    }

    @Override
    public void onComplete() {
    }

    /** On the event loop: the connection was made, or taken out of the pool. */
    private Publisher<Void> send(HttpClientRequest out, NettyOutbound outbound) {
        outbound.withConnection((connection) -> this.transport.guard(connection).begin(this, connection));
        if (isEnded()) {
            breakOff();
            return Mono.never();
        }
        try {
            this.phase = Phase.WRITE;
            return RequestWriter.write(this, out, outbound);
        }
        catch (RuntimeException ex) {
            fail(ex);
            return Mono.never();
        }
    }

    /** On the event loop. */
    private void deliver(Connection connection) {
        HttpResponse head = this.head;
        if (head == null) {
            throw new IllegalStateException("There is no head");
        }
        this.phase = Phase.BODY;
        ResponseBody body = new ResponseBody(this, connection, head);
        if (this.headIsAll) {
            body.whole();
        }
        this.body = body;
        ReactiveTransportResponse response = new ReactorResponse(head, body);
        if (STATE.compareAndSet(this, RUNNING, DELIVERED)) {
            this.actual.onNext(response);
            this.actual.onComplete();
        }
        else {
            body.abort();
        }
    }

    /**
     * End the call with a failure, unless its response was delivered or it has ended.
     * @param ex is given to the subscriber as it is
     */
    void fail(Throwable ex) {
        if (STATE.compareAndSet(this, RUNNING, ENDED)) {
            breakOff();
            this.actual.onError(ex);
        }
    }

    /**
     * End the call, or the body of its response when nobody reads it yet, with a failure
     * of the engine.
     * @param ex the engine's exception, or ours
     */
    void broken(Throwable ex) {
        ResponseBody body = this.body;
        if (this.state == RUNNING) {
            fail(NettyFailures.of(this, ex));
        }
        else if (body != null) {
            body.fail(NettyFailures.of(this, ex));
        }
    }

    /**
     * End the call with a failure, but not before all that was received of the body is
     * read. The channel is about to be closed. On the event loop.
     */
    void brokenBehind(Throwable ex) {
        ResponseBody body = this.body;
        if (body != null && body.isRead()) {
            body.failBehind(NettyFailures.of(this, ex));
        }
        else {
            broken(ex);
        }
    }

    /** The proxy could not be spoken to, or did not open the way. On the event loop. */
    void refused(Throwable ex) {
        fail((ex instanceof ProxyOpening.AnotherConnection) ? ex : NettyFailures.of(this, ex));
    }

    /** The transport was closed. On the event loop. */
    void closed() {
        CancelledException ex = new CancelledException(this.phase, "the client was closed", null);
        ResponseBody body = this.body;
        if (this.state == DELIVERED && body != null) {
            body.fail(ex);
        }
        else {
            fail(ex);
        }
    }

    @Override
    public void cancel() {
        if (STATE.compareAndSet(this, NEW, ENDED)) {
            return;
        }
        // Many operators cancel when they have their one value: that is no cancellation.
        if (STATE.compareAndSet(this, RUNNING, ENDED)) {
            breakOff();
        }
    }

    private void breakOff() {
        if (this.permit == NO_PERMIT) {
            this.transport.room().permits().leave(this);
            stopWaiting();
        }
        Runnable borrower = this.borrower;
        if (borrower != null) {
            borrower.run();
        }
        ChannelGuard guard = this.guard;
        if (guard != null) {
            guard.breakOff(this);
        }
        Upload upload = this.upload;
        if (upload != null) {
            upload.cancel();
        }
    }

    boolean isEnded() {
        return this.state == ENDED;
    }

    /** Whether what follows goes to the subscriber of the body by Reactor Netty's way. */
    boolean isBodyRead() {
        ResponseBody body = this.body;
        return body != null && body.isRead();
    }

    /** The server wants no HTTP/2 of its requests (RFC 9113, section 7). */
    void speakHttp11() {
        this.transport.speakHttp11(this.request.url());
    }

    Request request() {
        return this.request;
    }

    Limits limits() {
        return this.transport.limits();
    }

    boolean isTransportClosed() {
        return this.transport.isClosed();
    }

    /** Whether this is a stream of HTTP/2. */
    boolean isStream() {
        ChannelGuard guard = this.guard;
        return guard != null && guard.isStream();
    }

    void outgoing(OutgoingHead head) {
        this.outgoing = head;
    }

    OutgoingHead outgoing() {
        OutgoingHead head = this.outgoing;
        if (head == null) {
            throw new IllegalStateException("There is no head to write");
        }
        return head;
    }

    String target() {
        return this.target;
    }

    @Nullable Tunnel tunnel() {
        return this.tunnel;
    }

    Route route() {
        Route route = this.route;
        if (route == null) {
            throw new IllegalStateException("The call has not begun");
        }
        return route;
    }

    boolean isByProxy() {
        Route route = this.route;
        return route != null && route.proxy() != null;
    }

    /** The length that the body announces, or -1. */
    long bodyLength() {
        return this.bodyLength;
    }

    /**
     * Return what is left of the time for opening a connection, over all addresses.
     * @return nanoseconds
     */
    long openingTimeLeft(Duration limit) {
        long now = System.nanoTime();
        if (this.openingDeadline == 0) {
            this.openingDeadline = now + limit.toNanos();
        }
        return Math.max(0, this.openingDeadline - now);
    }

    /**
     * There is room for the connection that is opened for this call. On the event loop.
     * @param nanos how long that took; opening it does not
     */
    void waited(long nanos) {
        this.waited += nanos;
        this.openingDeadline += (this.openingDeadline != 0) ? nanos : 0;
        acquired();
    }

    private void acquired() {
        if (!this.acquired) {
            this.acquired = true;
            this.transport.pool().acquires().add(this.waited);
        }
    }

    Context callerContext() {
        return this.actual.currentContext();
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

    /** A part of the body is written. On the event loop. */
    void sent(int bytes) {
        this.bodySent = this.bodySent + bytes;
    }

    @Override
    public long bytesSent() {
        return this.bodySent;
    }

    @Override
    public long bytesToSend() {
        return (this.request.body() != null) ? this.bodyLength : 0;
    }

    void phase(Phase phase) {
        this.phase = phase;
    }

    void guard(ChannelGuard guard) {
        if (this.guard == null) {
            this.waited = System.nanoTime() - this.started;
            if (!guard.onlyOpens()) {
                acquired();
            }
        }
        this.borrower = null;
        this.guard = guard;
    }

    /**
     * Return a request that is being written, without its failure: Reactor Netty would
     * give up the response as well.
     */
    Mono<Void> written(Mono<Void> writing) {
        return writing.onErrorResume((ex) -> {
            ChannelGuard guard = this.guard;
            if (guard != null) {
                guard.writeFailed(this, ex);
            }
            return Mono.never();
        });
    }

    void upload(Upload upload) {
        this.upload = upload;
        if (isEnded()) {
            upload.cancel();
        }
    }

    /**
     * Take the head of the response.
     * @param all whether there is nothing behind it, as HTTP/2 tells with the head
     */
    void head(HttpResponse head, boolean all) {
        this.head = head;
        this.headIsAll = all;
    }

    boolean hasHead() {
        return this.head != null;
    }

    @Nullable ResponseBody body() {
        return this.body;
    }

    /** Begins a call for each subscriber. */
    private static final class SendMono extends Mono<ReactiveTransportResponse> {

        private final ReactorTransport transport;

        private final Request request;

        private final Cancellation cancellation;

        private SendMono(ReactorTransport transport, Request request, Cancellation cancellation) {
            this.transport = transport;
            this.request = request;
            this.cancellation = cancellation;
        }

        static Mono<ReactiveTransportResponse> of(ReactorTransport transport, Request request,
                Cancellation cancellation) {
            return onAssembly(new SendMono(transport, request, cancellation));
        }

        @Override
        public void subscribe(CoreSubscriber<? super ReactiveTransportResponse> actual) {
            actual.onSubscribe(this.transport.hasProxies()
                    ? new ProxiedCall(this.transport, this.request, this.cancellation, actual)
                    : new Call(this.transport, this.request, null, null, this.cancellation, actual));
        }

    }

}
