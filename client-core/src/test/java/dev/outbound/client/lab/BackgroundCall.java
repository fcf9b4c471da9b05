package dev.outbound.client.lab;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A call that runs beside the test, on a thread of its own or subscribed to, and can be
 * given up.
 *
 * @param <T> what it gives
 */
public final class BackgroundCall<T> {

    private static final @Nullable Method VIRTUAL = virtual();

    private final CompletableFuture<T> result = new CompletableFuture<>();

    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

    private @Nullable Disposable subscription;

    private volatile long ended;

    private BackgroundCall() {
        this.result.whenComplete((value, ex) -> this.ended = System.nanoTime());
    }

    /** By reflection, for the tests are compiled for Java 17. */
    private static @Nullable Method virtual() {
        try {
            return Thread.class.getMethod("startVirtualThread", Runnable.class);
        }
        catch (NoSuchMethodException ex) {
            return null;
        }
    }

    /**
     * Return whether there are virtual threads, which there are since Java 21.
     * @return whether {@link #onVirtualThread} works
     */
    public static boolean hasVirtualThreads() {
        return VIRTUAL != null && Runtime.version().feature() >= 21;
    }

    /**
     * Start a blocking call on a platform thread.
     * @param call the call
     * @return the call, running
     */
    public static <T> BackgroundCall<T> onPlatformThread(Call<T> call) {
        BackgroundCall<T> background = new BackgroundCall<>();
        Thread thread = new Thread(() -> background.run(call), "background-call");
        background.thread.set(thread);
        thread.setDaemon(true);
        thread.start();
        return background;
    }

    /**
     * Start a blocking call on a virtual thread.
     * @param call the call
     * @return the call, running
     */
    public static <T> BackgroundCall<T> onVirtualThread(Call<T> call) {
        BackgroundCall<T> background = new BackgroundCall<>();
        Runnable task = () -> background.run(call);
        try {
            background.thread.set((Thread) ((VIRTUAL != null) ? VIRTUAL.invoke(null, task) : null));
        }
        catch (ReflectiveOperationException ex) {
            throw new IllegalStateException("Virtual threads need Java 21", ex);
        }
        return background;
    }

    /**
     * Subscribe to a reactive call.
     * @param call the call
     * @return the call, running
     */
    public static <T> BackgroundCall<T> subscribed(Mono<T> call) {
        BackgroundCall<T> background = new BackgroundCall<>();
        background.subscription = call.subscribe(background.result::complete, background.result::completeExceptionally);
        return background;
    }

    private void run(Call<T> call) {
        try {
            this.result.complete(call.run());
        }
        catch (Throwable ex) {
            this.result.completeExceptionally(ex);
        }
        this.interrupted.complete(Thread.currentThread().isInterrupted());
    }

    /** Interrupt the calling thread, or cancel the subscription. */
    public void cancel() {
        Thread thread = this.thread.get();
        if (this.subscription != null) {
            this.subscription.dispose();
        }
        else if (thread != null) {
            thread.interrupt();
        }
    }

    public boolean isDone() {
        return this.result.isDone();
    }

    /** Whether the subscription was cancelled before there was an answer. */
    public boolean isGivenUp() {
        return this.subscription != null && this.subscription.isDisposed() && !isDone();
    }

    /**
     * Return when the call was over.
     * @return nanoseconds of the system's clock, 0 while it is not
     */
    public long ended() {
        return this.ended;
    }

    /** Wait for the call, and return whether its thread has kept its interrupt. */
    public boolean isInterrupted(Duration patience) throws Exception {
        return this.interrupted.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Wait for the answer.
     * @param patience how long to wait
     * @return the answer
     */
    public T value(Duration patience) throws Exception {
        return this.result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Wait for the failure.
     * @param patience how long to wait
     * @return the failure, or {@code null} where there is an answer
     * @throws AssertionError if there is neither
     */
    public @Nullable Throwable failure(Duration patience) throws InterruptedException {
        try {
            this.result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        }
        catch (ExecutionException ex) {
            return ex.getCause();
        }
        catch (TimeoutException ex) {
            throw new AssertionError("The call is still running", ex);
        }
    }

    /** Do something when the call is over, whatever came of it. */
    public void whenOver(Consumer<@Nullable Throwable> action) {
        this.result.whenComplete((value, ex) -> action.accept(ex));
    }

    /**
     * A blocking call.
     *
     * @param <T> what it gives
     */
    @FunctionalInterface
    public interface Call<T> {

        T run() throws Exception;

    }

}
