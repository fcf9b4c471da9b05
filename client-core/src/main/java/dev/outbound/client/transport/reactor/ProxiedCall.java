package dev.outbound.client.transport.reactor;

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import dev.outbound.client.http.Request;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.Forwarding;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.Route;
import dev.outbound.client.transport.Tunnel;

/**
 * A request that may go by a proxy: one {@link Call} after the other, until the proxy has
 * the credentials it asked for. Calls follow each other, so there is no race but with a
 * cancellation.
 */
final class ProxiedCall implements CoreSubscriber<ReactiveTransportResponse>, Subscription {

    private final ReactorTransport transport;

    private final Request request;

    private final Cancellation cancellation;

    private final CoreSubscriber<? super ReactiveTransportResponse> actual;

    private final AtomicBoolean begun = new AtomicBoolean();

    private @Nullable Forwarding forwarding;

    private @Nullable Tunnel tunnel;

    private volatile @Nullable Subscription current;

    private volatile boolean cancelled;

    private boolean again;

    ProxiedCall(ReactorTransport transport, Request request, Cancellation cancellation,
            CoreSubscriber<? super ReactiveTransportResponse> actual) {
        this.transport = transport;
        this.request = request;
        this.cancellation = cancellation;
        this.actual = actual;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && this.begun.compareAndSet(false, true)) {
            try {
                Route route = this.transport.origin(this.request.url()).route();
                this.forwarding = route.forwards() ? Forwarding.of(route, this.request) : null;
                this.tunnel = route.tunnels() ? route.tunnel() : null;
            }
            catch (RuntimeException ex) {
                this.actual.onError(ex);
                return;
            }
            next();
        }
    }

    private void next() {
        Forwarding forwarding = this.forwarding;
        Call call = (forwarding != null)
                ? new Call(this.transport, forwarding.request(), forwarding.target(), null, this.cancellation, this)
                : new Call(this.transport, this.request, null, this.tunnel, this.cancellation, this);
        this.current = call;
        if (this.cancelled) {
            call.cancel();
        }
        call.request(Long.MAX_VALUE);
    }

    @Override
    public Context currentContext() {
        return this.actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        throw new IllegalStateException("A call begins without");
    }

    @Override
    public void onNext(ReactiveTransportResponse response) {
        if (this.cancelled) {
            response.abort();
            return;
        }
        Forwarding forwarding = this.forwarding;
        if (forwarding != null) {
            try {
                this.again = forwarding.asksAgain(response);
            }
            catch (RuntimeException ex) {
                response.close();
                this.cancelled = true;
                this.actual.onError(ex);
                return;
            }
        }
        if (this.again) {
            response.close();
        }
        else {
            this.actual.onNext(response);
        }
    }

    @Override
    public void onComplete() {
        if (this.cancelled) {
            return;
        }
        if (this.again) {
            this.again = false;
            next();
        }
        else {
            this.actual.onComplete();
        }
    }

    @Override
    public void onError(Throwable ex) {
        if (ex instanceof ProxyOpening.AnotherConnection) {
            if (!this.cancelled) {
                next();
            }
        }
        else {
            this.actual.onError(ex);
        }
    }

    @Override
    public void cancel() {
        this.cancelled = true;
        Subscription current = this.current;
        if (current != null) {
            current.cancel();
        }
    }

}
