package dev.outbound.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import reactor.core.publisher.Mono;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.RunningCalls;

/**
 * Waits of a call that are no I/O, which its end from outside breaks off as well. Whoever
 * waited asks the cancellation why.
 */
final class Pause {

    private Pause() {
    }

    /**
     * Wait on this thread until a time is over, or the call is ended.
     */
    static void sleep(Duration time, ClientClock clock, Cancellation call) throws InterruptedException {
        if (!clock.isSystem()) {
            clock.sleep(time);
            return;
        }
        Thread thread = Thread.currentThread();
        call.onCancel(() -> LockSupport.unpark(thread));
        try {
            long end = clock.nanoTime() + time.toNanos();
            for (long left = time.toNanos(); left > 0 && call.cause() == null; left = end - clock.nanoTime()) {
                LockSupport.parkNanos(call, left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
        finally {
            call.onCancel(null);
        }
    }

    /**
     * Wait on this thread until something is over, well or badly, or the call is ended.
     */
    static void await(CompletionStage<?> result, long nanos, Cancellation call)
            throws InterruptedException, TimeoutException {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        result.whenComplete((value, error) -> over.complete(true));
        call.onCancel(() -> over.complete(false));
        try {
            over.get(nanos, TimeUnit.NANOSECONDS);
        }
        catch (ExecutionException ex) {
            throw new IllegalStateException("It never fails", ex);
        }
        finally {
            call.onCancel(null);
        }
    }

    /**
     * Wait on no thread, between two calls, until a time is over.
     * @param waiting ends it
     */
    static Mono<?> delay(Duration time, ClientClock clock, RunningCalls waiting) {
        Mono<Object> closed = Mono.create((sink) -> {
            Cancellation call = new Cancellation(Cancellation.NO_DEADLINE);
            call.onCancel(() -> sink.error(new CancelledException(Phase.PAUSE, "the client was closed", null)));
            sink.onDispose(call::unwatch);
            waiting.watch(call);
        });
        return Mono.firstWithSignal(clock.delay(time).then(), closed);
    }

}
