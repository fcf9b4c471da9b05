package dev.outbound.client;

import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.util.retry.Retry;

import org.springframework.util.Assert;

import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RetriesExhaustedException;
import dev.outbound.client.retry.RetryDecision;
import dev.outbound.client.retry.RetryPolicy;
import dev.outbound.client.retry.RetryRun;
import dev.outbound.client.retry.TryAgainException;

/**
 * Gives a retry policy to any code. Immutable and thread-safe; each call has its own
 * attempts.
 *
 * <pre class="code">
 * Retries retries = Retries.of(RetryPolicy.builder().retryOn(RetryOn.exception(SQLTransientException.class)).build());
 * Order order = retries.call(() -&gt; database.load(id));
 * Mono&lt;Order&gt; later = reactiveDatabase.load(id).transform(retries::mono);
 * </pre>
 *
 * Whoever gives code to this class says that it may run more than once: no method and no
 * body is looked at. Calls of a client with a policy of its own are retried by both.
 * <p>
 * {@link Error}s, interrupts and cancellations are never retried.
 *
 * @since 0.1
 */
public final class Retries {

    private final RetryPolicy policy;

    private final ClientClock clock;

    private final @Nullable RetryBudget budget;

    private Retries(RetryPolicy policy, ClientClock clock, @Nullable RetryBudget budget) {
        this.policy = policy;
        this.clock = clock;
        this.budget = budget;
    }

    /**
     * Return what retries by a policy, on the time of the system and without a budget.
     * @param policy decides
     * @return the retries
     */
    public static Retries of(RetryPolicy policy) {
        Assert.notNull(policy, "policy must not be null");
        return new Retries(policy, ClientClock.system(), null);
    }

    /**
     * Return these retries on another time, for tests.
     * @param clock the clock
     * @return other retries
     */
    public Retries withClock(ClientClock clock) {
        Assert.notNull(clock, "clock must not be null");
        return new Retries(this.policy, clock, this.budget);
    }

    /**
     * Return these retries with a budget, which all calls share.
     * @param budget the budget, or {@code null} for no limit
     * @return other retries
     */
    public Retries withBudget(@Nullable RetryBudget budget) {
        return new Retries(this.policy, this.clock, budget);
    }

    /**
     * Run a task until it succeeds or the policy gives up. Waits block this thread.
     * @param task the task
     * @return what it returned last
     * @throws CancelledException if this thread is interrupted in a wait; it is marked as
     * interrupted again
     * @throws RetriesExhaustedException if the policy gives up and wants it
     * @throws Exception what the task threw last, with its earlier failures suppressed
     */
    public <T extends @Nullable Object> T call(Callable<T> task) throws Exception {
        Assert.notNull(task, "task must not be null");
        return run(task, null);
    }

    /**
     * Run a task until it succeeds or the policy gives up, which is not a failure then.
     * @param task the task
     * @param fallback gives the result where the policy gave up; what is not to be
     * retried is thrown. Needs a policy that
     * {@linkplain RetryPolicy#throwsWhenExhausted() throws when exhausted}.
     * @return what the task returned last, or the fallback's result
     * @throws CancelledException if this thread is interrupted in a wait
     * @throws Exception what the task threw
     */
    public <T extends @Nullable Object> T call(Callable<T> task, Function<RetriesExhaustedException, T> fallback)
            throws Exception {
        Assert.notNull(task, "task must not be null");
        Assert.notNull(fallback, "fallback must not be null");
        Assert.state(this.policy.throwsWhenExhausted(),
                "A fallback needs a policy that keeps the attempts; set throwWhenExhausted(true)");
        return run(task, fallback);
    }

    /**
     * Run a task as {@link #call(Callable)} does, that throws no checked exceptions.
     * @param task the task
     * @return what it returned last
     */
    public <T extends @Nullable Object> T get(Supplier<T> task) {
        Assert.notNull(task, "task must not be null");
        try {
            return run(task::get, null);
        }
        catch (RuntimeException ex) {
            throw ex;
        }
        catch (Exception ex) {
            throw new UndeclaredThrowableException(ex);
        }
    }

    /**
     * Return a task that retries.
     * @param task the task
     * @return runs it as {@link #call(Callable)} does
     */
    public <T extends @Nullable Object> Callable<T> callable(Callable<T> task) {
        Assert.notNull(task, "task must not be null");
        return () -> run(task, null);
    }

    /**
     * Return a supplier that retries.
     * @param task the supplier
     * @return asks it as {@link #get(Supplier)} does
     */
    public <T extends @Nullable Object> Supplier<T> supplier(Supplier<T> task) {
        Assert.notNull(task, "task must not be null");
        return () -> get(task);
    }

    /**
     * Return a {@code Mono} that retries by subscribing again. Its value, or its
     * completion without one (as {@code null}), is the result that the policy sees. Waits
     * block no thread; a cancellation ends them. All attempts have the context of the
     * subscriber.
     * @param source is subscribed to for each attempt
     * @return another {@code Mono}; each subscription is a call of its own
     */
    public <T> Mono<T> mono(Mono<T> source) {
        Assert.notNull(source, "source must not be null");
        return Mono.defer(() -> {
            RetryRun run = start();
            return Mono.defer(() -> begin(run, source.materialize())).<Signal<T>>handle((signal, sink) -> {
                Throwable failure = signal.getThrowable();
                Throwable outcome = judge(run, signal.get(), failure);
                if (outcome instanceof Again) {
                    sink.error(outcome);
                }
                else {
                    sink.next((outcome != failure && outcome != null) ? Signal.error(outcome) : signal);
                }
            }).retryWhen(waits()).<T>dematerialize().doFinally((end) -> run.close(now()));
        });
    }

    /**
     * Return a {@code Flux} that retries by subscribing again, as long as nothing was
     * passed on: after its first item a failure ends it, for what was handed out cannot
     * be taken back. The policy sees failures only.
     * @param source is subscribed to for each attempt
     * @return another {@code Flux}; each subscription is a call of its own
     */
    public <T> Flux<T> flux(Flux<T> source) {
        Assert.notNull(source, "source must not be null");
        return Flux.defer(() -> {
            RetryRun run = start();
            AtomicBoolean passedOn = new AtomicBoolean();
            return Flux.defer(() -> begin(run, source)).doOnNext((item) -> passedOn.set(true)).onErrorMap((failure) -> {
                Throwable outcome = passedOn.get() ? failure : judge(run, null, failure);
                return (outcome != null) ? outcome : failure;
            }).retryWhen(waits()).doFinally((end) -> run.close(now()));
        });
    }

    // NullAway does not see that T is nullable where the task may return null.
    @SuppressWarnings({ "unchecked", "NullAway" })
    private <T extends @Nullable Object> T run(Callable<T> task,
            @Nullable Function<RetriesExhaustedException, T> fallback) throws Exception {
        RetryRun run = start();
        try {
            while (true) {
                run.begin(null, now());
                Object result = null;
                Exception failure = null;
                try {
                    result = task.call();
                }
                catch (Exception ex) {
                    failure = ex;
                }
                Throwable outcome = judge(run, result, failure);
                if (outcome == null) {
                    return (T) result;
                }
                if (fallback != null && outcome != failure && outcome instanceof RetriesExhaustedException exhausted) {
                    return fallback.apply(exhausted);
                }
                if (!(outcome instanceof Again again)) {
                    throw (outcome instanceof Exception ex) ? ex : new UndeclaredThrowableException(outcome);
                }
                pause(run, again.delay);
            }
        }
        finally {
            run.close(now());
        }
    }

    private RetryRun start() {
        if (this.budget != null) {
            this.budget.deposit();
        }
        return new RetryRun(this.policy, () -> ThreadLocalRandom.current().nextDouble(), now(), this.clock.millis());
    }

    private <P> P begin(RetryRun run, P source) {
        run.begin(null, now());
        return source;
    }

    /**
     * Return what comes next: another attempt ({@link Again}), a failure, or {@code null}
     * for the result.
     */
    private @Nullable Throwable judge(RetryRun run, @Nullable Object result, @Nullable Throwable failure) {
        RetryDecision decision = run.ended(null, result, failure, now(), this::obstacle);
        if (decision.delay() != null) {
            return new Again(decision.delay());
        }
        Throwable outcome = run.exhausted(null);
        if (outcome == null) {
            outcome = (failure instanceof TryAgainException && failure.getCause() != null) ? failure.getCause()
                    : failure;
        }
        if (outcome != null) {
            run.suppress(outcome);
        }
        return outcome;
    }

    private RetryDecision.@Nullable Reason obstacle(Duration delay) {
        return (this.budget != null && !this.budget.withdraw(now())) ? RetryDecision.Reason.BUDGET : null;
    }

    private void pause(RetryRun run, Duration delay) {
        try {
            this.clock.sleep(delay);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            CancelledException cancelled = new CancelledException(Phase.PAUSE,
                    "the calling thread was interrupted after attempt " + run.attempts(), ex);
            run.suppress(cancelled);
            throw cancelled;
        }
    }

    private Retry waits() {
        return Retry.from((signals) -> signals.concatMap((signal) -> (signal.failure() instanceof Again again)
                ? this.clock.delay(again.delay).then(Mono.just(true)) : Mono.error(signal.failure())));
    }

    private long now() {
        return this.clock.nanoTime();
    }

    /** Stands for another attempt. */
    private static final class Again extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Duration delay;

        Again(Duration delay) {
            super(null, null, false, false);
            this.delay = delay;
        }

    }

}
