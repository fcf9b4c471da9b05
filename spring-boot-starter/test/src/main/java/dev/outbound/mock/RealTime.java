package dev.outbound.mock;

import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBuffer;

import dev.outbound.client.ClientClock;
import dev.outbound.client.http.DelegatingHead;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.EndableBody;
import dev.outbound.client.transport.ReactiveTransportResponse;
import dev.outbound.client.transport.TransportResponse;

/**
 * The total time of a call that somebody else answers, measured by the time of the
 * system: virtual time does not pass meanwhile, and an upstream that never answers would
 * be waited for without end.
 */
final class RealTime {

    private final Cancellation call;

    /** From the time of the call's clock to that of the system. */
    private final long offset;

    RealTime(ClientClock clock, Cancellation call) {
        this.call = call;
        this.offset = System.nanoTime() - clock.nanoTime();
    }

    private boolean isLimited() {
        return this.call.deadline() != Cancellation.NO_DEADLINE;
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, this.call.deadline() + this.offset - System.nanoTime()));
    }

    /** Cancel the call when its time is over, until that is disposed of. */
    Disposable limit() {
        Disposable.Swap timer = Disposables.swap();
        wait(timer);
        return timer;
    }

    private void wait(Disposable.Swap timer) {
        if (isLimited()) {
            timer.update(Schedulers.parallel().schedule(() -> end(timer), left().toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    /** Unless it has more time since its head is there. */
    private void end(Disposable.Swap timer) {
        if (isLimited() && left().isZero()) {
            this.call.cancel(Cancellation.Cause.DEADLINE);
        }
        else {
            wait(timer);
        }
    }

    TransportResponse limited(TransportResponse response, Disposable timer) {
        return new Limited(response, timer);
    }

    Mono<ReactiveTransportResponse> limited(Mono<ReactiveTransportResponse> response) {
        return Mono.defer(() -> isLimited() ? response.timeout(left(), Mono.error(() -> over(Phase.HEAD))) : response)
            .map(ReactiveLimited::new);
    }

    private static TotalTimeoutException over(Phase phase) {
        return new TotalTimeoutException(phase, "the time for the whole call ran out", null);
    }

    private record Limited(TransportResponse head, Disposable timer) implements DelegatingHead, TransportResponse {

        @Override
        public InputStream body() {
            return this.head.body();
        }

        @Override
        public long contentLength() {
            return this.head.contentLength();
        }

        @Override
        public void close() {
            this.timer.dispose();
            this.head.close();
        }

        @Override
        public void abort() {
            this.timer.dispose();
            this.head.abort();
        }

    }

    private final class ReactiveLimited implements DelegatingHead, ReactiveTransportResponse {

        private final ReactiveTransportResponse response;

        ReactiveLimited(ReactiveTransportResponse response) {
            this.response = response;
        }

        @Override
        public ReactiveTransportResponse head() {
            return this.response;
        }

        @Override
        public Flux<DataBuffer> body() {
            Mono<?> end = Mono
                .defer(() -> isLimited() ? Mono.delay(left()).then(Mono.error(() -> over(Phase.BODY))) : Mono.never());
            return new EndableBody(this.response.body(), end);
        }

        @Override
        public long contentLength() {
            return this.response.contentLength();
        }

        @Override
        public void close() {
            this.response.close();
        }

        @Override
        public void abort() {
            this.response.abort();
        }

    }

}
