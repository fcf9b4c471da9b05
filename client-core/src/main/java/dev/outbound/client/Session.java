package dev.outbound.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import reactor.util.context.ContextView;

import dev.outbound.client.guard.CallStatistics;
import dev.outbound.client.guard.Guard;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.BodyReading;
import dev.outbound.client.http.Cookies;
import dev.outbound.client.retry.Hedges;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.RunningCalls;
import dev.outbound.client.transport.TlsSettings;

/**
 * What the clients of one name share: settings, engines, retry budget, statistics. The
 * blocking and the reactive client are views of it, and so are those derived from them.
 * Thread-safe.
 * <p>
 * Engines are made by the first call. Whoever built the session closes it; calls after
 * that fail with an {@link IllegalStateException}.
 *
 * @since 0.1
 */
public final class Session implements AutoCloseable {

    private final CallStatistics statistics = new CallStatistics();

    /** How often is looked whether calls have ended. */
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(10);

    private final Queue<Generation> draining = new ConcurrentLinkedQueue<>();

    private final RunningCalls pauses = new RunningCalls();

    private volatile Generation generation;

    private volatile boolean closed;

    Session(Generation generation) {
        this.generation = generation;
    }

    /**
     * Return a blocking client. Closing it does nothing.
     * @return a view of this session
     */
    public Client client() {
        return new DefaultClient(new CurrentTerms(this, this.statistics), false);
    }

    /**
     * Return a reactive client. Closing it does nothing.
     * @return a view of this session
     */
    public ReactiveClient reactiveClient() {
        return new DefaultReactiveClient(new CurrentTerms(this, this.statistics), false);
    }

    /**
     * Return a client for calls that watch the upstream and are not the application's:
     * they do not count in the {@linkplain #statistics() statistics}, do not pass the
     * {@linkplain #guard() guard}, and are not hedged. Closing it does nothing.
     * @return a view of this session
     */
    public Client probe() {
        return new DefaultClient(new CurrentTerms(this, new CallStatistics()), false);
    }

    /**
     * Return a reactive client that is as {@link #probe()}.
     * @return a view of this session
     */
    public ReactiveClient reactiveProbe() {
        return new DefaultReactiveClient(new CurrentTerms(this, new CallStatistics()), false);
    }

    public ClientSettings settings() {
        return this.generation.settings();
    }

    /**
     * Return whether no call leaves the process, as in a test.
     * @return what its {@linkplain dev.outbound.client.transport.Transports#isMock()
     * transports} say
     */
    public boolean isMock() {
        return this.generation.isMock();
    }

    public CallStatistics statistics() {
        return this.statistics;
    }

    /**
     * Return the budget of retries.
     * @return the budget, or {@code null} where nothing limits them
     */
    public @Nullable RetryBudget retryBudget() {
        return this.generation.budget();
    }

    /**
     * Return how many retries could be made now, by the clock of the clients.
     * @return the number of retries, or {@code null} where nothing limits them
     */
    public @Nullable Double retryBalance() {
        RetryBudget budget = this.generation.budget();
        return (budget != null) ? budget.balance(this.generation.clock().nanoTime()) : null;
    }

    /**
     * Return what protects the upstream, with what it knows. A change of the settings
     * keeps the parts whose own settings are the same.
     * @return the guard of the clients' calls
     */
    public Guard guard() {
        return this.generation.guard();
    }

    /**
     * Return what is known of the hedges. A change of the settings keeps it where those
     * of the hedges are the same.
     * @return the hedges, or {@code null} where none are sent
     */
    public @Nullable Hedges hedges() {
        return this.generation.hedges();
    }

    /**
     * Return what protects the upstream from the calls of one subscriber, or of the
     * current thread where the context is empty: that of a test which shares this session
     * with others, and runs on a time of its own.
     * @param context the context of the subscription
     * @return the guard of those calls; by default that of {@link #guard()}
     */
    public Guard guard(ContextView context) {
        return this.generation.guard(context);
    }

    Generation generation() {
        return this.generation;
    }

    /** Between the calls that follow events, which are no calls. */
    RunningCalls pauses() {
        return this.pauses;
    }

    static Exchange.Policies policies(Generation generation, ClientSettings settings, CallStatistics statistics) {
        return new Exchange.Policies(settings.name(), settings.interceptors(), settings.retry(), generation.budget(),
                new Redirects(settings.redirects()),
                new CallCookies(settings.cookies(), Cookies.empty(), settings.baseUrl()), settings.hooks(),
                settings.limits(), settings.raisesForStatus(),
                new BodyReading(generation.json(), settings.defaultCharset(), settings.limits().body()), statistics,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * Return the figures of the connections, for each engine that has been used since the
     * last change of the settings.
     * @return live views, without engines that have no connections to count
     */
    public List<PoolStatistics> pools() {
        return this.generation.pools();
    }

    /**
     * Go by other settings from now on: behind the clients of this session, and behind
     * those derived from them, whose own settings are put on the new ones again. No call
     * fails for it: those that are running, the streamed ones to the end of their body,
     * end as they began, on the engines of before, which are closed after the last of
     * them. Statistics go on.
     * @param settings all settings, and not only those that change; its name is that of
     * this session
     * @throws IllegalStateException if one of the two engines cannot honour a setting, or
     * this session was closed; nothing has changed then
     */
    public void refresh(ClientBuilder settings) {
        Assert.notNull(settings, "settings must not be null");
        Generation next = settings.generation();
        next.checkBlocking();
        next.checkReactive();
        synchronized (this) {
            Generation before = this.generation;
            String name = before.settings().name();
            Assert.isTrue(Objects.equals(name, next.settings().name()), () -> "The client is named '" + name
                    + "', which cannot be changed to '" + next.settings().name() + "'");
            if (this.closed) {
                throw before.closedFailure();
            }
            next.succeed(before);
            this.draining.removeIf(Generation::isOver);
            this.draining.add(before);
            this.generation = next;
            before.leave();
        }
    }

    /**
     * Return how many calls wait for their response at this moment, pauses before retries
     * included. A streamed one does until its head is there: how long its body goes on is
     * its reader's affair, and an open event stream has no end.
     * @return the number of calls
     */
    public int waitingCalls() {
        int current = this.closed ? 0 : this.generation.waiting() - 1;
        return Math.max(0, current + this.draining.stream().mapToInt(Generation::waiting).sum());
    }

    /**
     * Speak TLS with other settings from now on, for example when certificates were
     * renewed. No call fails for it: idle connections are closed at once, those in use
     * when their call is over.
     * @param tls the settings
     */
    public synchronized void reload(TlsSettings tls) {
        this.generation.reload(tls);
    }

    /**
     * Close the connections that wait for a request, for example because they lead to a
     * machine that is to be left. No call fails for it.
     */
    public void evictIdle() {
        this.generation.evictIdle();
    }

    /**
     * Return whether this session was closed.
     * @return whether its clients send nothing any more
     */
    public boolean isClosed() {
        return this.closed;
    }

    /**
     * Release the engines. Calls that are running end at once, wherever they are, with a
     * {@link dev.outbound.client.http.CancelledException}. May be called more than once.
     */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /**
     * Release the engines when the calls that are running have ended, streamed responses
     * included, or their time is over: then, and when the waiting thread is interrupted,
     * {@link #close()} ends them. Calls that begin meanwhile fail, and so do connections
     * that event streams would make again.
     * <p>
     * Blocks. May be called more than once; a second call with less time ends the first.
     * @param grace how long calls may go on
     */
    public void close(Duration grace) {
        Assert.notNull(grace, "grace must not be null");
        long end = System.nanoTime() + grace.toNanos();
        synchronized (this) {
            if (!this.closed) {
                this.closed = true;
                this.draining.add(this.generation);
                // It is closed by its last call.
                this.generation.leave();
            }
        }
        this.pauses.cancel();
        for (Generation generation : this.draining) {
            while (!generation.isOver() && System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(this, Math.min(end - System.nanoTime(), LOOK));
            }
            generation.close();
        }
        this.draining.clear();
    }

}
