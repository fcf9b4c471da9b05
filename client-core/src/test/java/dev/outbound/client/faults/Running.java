package dev.outbound.client.faults;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.RequestSpec;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Response;
import dev.outbound.client.lab.LaneClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A call that runs beside the test: on a thread of its own, or subscribed to.
 */
final class Running {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CompletableFuture<Response> result = new CompletableFuture<>();

    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

    private @Nullable Thread thread;

    private @Nullable Disposable subscription;

    private Running() {
    }

    static Running get(LaneClient client, String url) {
        return start(client, HttpMethod.GET, url, (spec) -> {
        });
    }

    static Running start(LaneClient client, HttpMethod method, String url, Consumer<RequestSpec> spec) {
        Running running = new Running();
        if (client instanceof LaneClient.Reactive reactive) {
            running.subscription = reactive.client()
                .request(method, url, spec)
                .subscribe(running.result::complete, running.result::completeExceptionally);
        }
        else {
            Thread thread = new Thread(() -> running.run(client, method, url, spec), "running-call");
            running.thread = thread;
            thread.start();
        }
        return running;
    }

    private void run(LaneClient client, HttpMethod method, String url, Consumer<RequestSpec> spec) {
        try {
            this.result.complete(client.request(method, url, spec));
        }
        catch (Throwable ex) {
            this.result.completeExceptionally(ex);
        }
        this.interrupted.complete(Thread.currentThread().isInterrupted());
    }

    /** Interrupt the calling thread, or cancel the subscription. */
    void cancel() {
        if (this.subscription != null) {
            this.subscription.dispose();
        }
        else if (this.thread != null) {
            this.thread.interrupt();
        }
    }

    /**
     * Check that a call that was cancelled knows it: its thread has the exception and its
     * flag; a subscriber that has gone is told nothing.
     */
    void assertCancelled() {
        if (this.subscription != null) {
            assertThat(this.subscription.isDisposed()).isTrue();
            assertThat(this.result).isNotDone();
        }
        else {
            assertThat(failure()).isInstanceOf(CancelledException.class);
            assertThat(this.interrupted).succeedsWithin(PATIENCE).isEqualTo(true);
        }
    }

    Response response() {
        return this.result.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    Throwable failure() {
        Throwable[] failure = new Throwable[1];
        assertThat(this.result).failsWithin(PATIENCE);
        this.result.whenComplete((response, ex) -> failure[0] = ex);
        return failure[0];
    }

    boolean isFailed() {
        return this.result.isCompletedExceptionally();
    }

    boolean isDone() {
        return this.result.isDone();
    }

}
