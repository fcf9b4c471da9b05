package dev.outbound.boot;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.Client;
import dev.outbound.client.ClientBuilder;
import dev.outbound.client.ClientSettings;
import dev.outbound.client.Session;
import dev.outbound.client.guard.Bulkhead;
import dev.outbound.client.guard.CircuitBreaker;
import dev.outbound.client.guard.Guard;
import dev.outbound.client.guard.GuardSettings;
import dev.outbound.client.guard.RateLimiter;
import dev.outbound.client.retry.Hedges;
import dev.outbound.client.retry.RetryDecision.Reason;
import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.TimeStatistics;
import dev.outbound.client.transport.TransportSettings;

/**
 * What calls do not show themselves, as meters with the tag {@code client.name}:
 * <ul>
 * <li>{@code outbound.client.retries}: further attempts;</li>
 * <li>{@code outbound.client.retries.suppressed} by {@code reason}: attempts that would
 * have followed;</li>
 * <li>{@code outbound.client.retry.budget}: retries that are left at the moment;</li>
 * <li>{@code outbound.client.connections} by {@code engine} and {@code state};</li>
 * <li>{@code outbound.client.connections.acquire} by {@code engine}: waits for a
 * connection, or for room for a new one;</li>
 * <li>{@code outbound.client.connections.connect} by {@code engine}: connections that
 * were opened, and how long that took;</li>
 * <li>{@code outbound.client.ssl.failed.reloads}: changes of the SSL bundles of a client
 * that it could not take;</li>
 * <li>{@code outbound.client.refused} by {@code reason}: requests that a circuit breaker,
 * a rate limiter or a bulkhead did not let through;</li>
 * <li>{@code outbound.client.circuit.breaker} by {@code state}: 1 for the one it is
 * in;</li>
 * <li>{@code outbound.client.rate.limiter.waits}: requests that had to wait, and how
 * long;</li>
 * <li>{@code outbound.client.bulkhead} by {@code state}: requests on their way, and those
 * that wait;</li>
 * <li>{@code outbound.client.hedges}: requests that were sent a second time,
 * {@code outbound.client.hedges.won}: those of them that gave the answer,
 * {@code outbound.client.hedges.suppressed}: those that the retry budget did not
 * allow.</li>
 * </ul>
 * The last five of these only where the client has what they tell of, and those of
 * connections for its engines. What customizers and later changes add is there from when
 * it is applied. They are read when they are asked for, and open nothing.
 */
final class ClientMeters implements MeterBinder {

    private final Clients clients;

    private final SuppressedRetries suppressed;

    ClientMeters(Clients clients, SuppressedRetries suppressed) {
        this.clients = clients;
        this.suppressed = suppressed;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Set<String> bound = ConcurrentHashMap.newKeySet();
        for (String name : this.clients.names()) {
            bindCalls(registry, name);
            ClientBuilder configured = Client.builder().name(name);
            ClientAssembly.apply(this.clients.properties(name), configured);
            bindParts(registry, name, configured.settings(), bound);
        }
        this.clients.onApplied((name, settings) -> bindParts(registry, name, settings, bound));
    }

    private void bindCalls(MeterRegistry registry, String name) {
        Tags tags = tags(name);
        FunctionCounter
            .builder("outbound.client.retries", this.clients,
                    (clients) -> figure(clients, name, (session) -> session.statistics().retries(), 0))
            .tags(tags)
            .description("Attempts after the first one of a call")
            .register(registry);
        for (Reason reason : SuppressedRetries.REASONS) {
            FunctionCounter
                .builder("outbound.client.retries.suppressed", this.suppressed,
                        (suppressed) -> suppressed.count(name, reason))
                .tags(tags.and("reason", SuppressedRetries.tag(reason)))
                .description("Attempts that were not made")
                .register(registry);
        }
        Gauge
            .builder("outbound.client.retry.budget", this.clients,
                    (clients) -> figure(clients, name, ClientMeters::budget, Double.NaN))
            .tags(tags)
            .description("Retries that the budget allows at the moment")
            .register(registry);
        FunctionCounter
            .builder("outbound.client.ssl.failed.reloads", this.clients, (clients) -> clients.failedReloads(name))
            .tags(tags)
            .description("Changed SSL bundles that could not be loaded, so that the old ones are used")
            .register(registry);
    }

    private static Tags tags(String name) {
        return Tags.of("client.name", name);
    }

    private static double budget(Session session) {
        Double balance = session.retryBalance();
        return (balance != null) ? balance : Double.NaN;
    }

    /**
     * Bind what the settings of a client ask for.
     * @param bound what was bound before, as {@code client/part}
     */
    private void bindParts(MeterRegistry registry, String name, ClientSettings settings, Set<String> bound) {
        GuardSettings guard = settings.guard();
        if (guard.circuitBreaker() != null && bound.add(name + "/circuit-breaker")) {
            bindCircuitBreaker(registry, name);
        }
        if (guard.rateLimiter() != null && bound.add(name + "/rate-limiter")) {
            bindRateLimiter(registry, name);
        }
        if (guard.bulkhead() != null && bound.add(name + "/bulkhead")) {
            bindBulkhead(registry, name);
        }
        if (settings.hedging() != null && bound.add(name + "/hedging")) {
            bindHedges(registry, name);
        }
        TransportSettings transport = settings.transport();
        for (Engine engine : List.of(transport.blockingEngine(), transport.reactiveEngine())) {
            if (bound.add(name + "/" + engine)) {
                bindConnections(registry, name, engine.toString());
            }
        }
    }

    private void bindHedges(MeterRegistry registry, String name) {
        Tags tags = tags(name);
        hedges(registry, tags, name, "outbound.client.hedges", "Requests that were sent a second time", Hedges::sent);
        hedges(registry, tags, name, "outbound.client.hedges.won", "Second sends that gave the answer", Hedges::won);
        hedges(registry, tags.and("reason", "budget"), name, "outbound.client.hedges.suppressed",
                "Second sends that were not made", Hedges::suppressed);
    }

    private void hedges(MeterRegistry registry, Tags tags, String name, String meter, String description,
            ToDoubleFunction<Hedges> figure) {
        FunctionCounter.builder(meter, this.clients, (clients) -> figure(clients, name, (session) -> {
            Hedges hedges = session.hedges();
            return (hedges != null) ? figure.applyAsDouble(hedges) : 0;
        }, 0)).tags(tags).description(description).register(registry);
    }

    private void bindCircuitBreaker(MeterRegistry registry, String name) {
        refused(registry, name, "circuit-breaker", Guard::circuitBreaker, CircuitBreaker::rejected);
        for (CircuitBreaker.State state : CircuitBreaker.State.values()) {
            // One that nobody has used yet lets everything through
            gauge(registry, tags(name).and("state", state.toString()), name, "outbound.client.circuit.breaker",
                    "Whether the circuit breaker is in a state", Guard::circuitBreaker,
                    (breaker) -> (breaker.state() == state) ? 1 : 0, (state == CircuitBreaker.State.CLOSED) ? 1 : 0);
        }
    }

    private void bindRateLimiter(MeterRegistry registry, String name) {
        refused(registry, name, "rate-limiter", Guard::rateLimiter, RateLimiter::rejected);
        FunctionTimer
            .builder("outbound.client.rate.limiter.waits", this.clients,
                    (clients) -> (long) figure(clients, name, Guard::rateLimiter, RateLimiter::waits, 0),
                    (clients) -> figure(clients, name, Guard::rateLimiter, (limiter) -> limiter.waited().toNanos(), 0),
                    TimeUnit.NANOSECONDS)
            .tags(tags(name))
            .description("Requests that waited for a permit of the rate limiter")
            .register(registry);
    }

    private void bindBulkhead(MeterRegistry registry, String name) {
        refused(registry, name, "bulkhead", Guard::bulkhead, Bulkhead::rejected);
        String description = "Requests that are on their way, and that wait for it";
        gauge(registry, tags(name).and("state", "running"), name, "outbound.client.bulkhead", description,
                Guard::bulkhead, Bulkhead::running, 0);
        gauge(registry, tags(name).and("state", "waiting"), name, "outbound.client.bulkhead", description,
                Guard::bulkhead, Bulkhead::waiting, 0);
    }

    private <T> void refused(MeterRegistry registry, String name, String reason, Function<Guard, @Nullable T> part,
            ToDoubleFunction<T> rejected) {
        FunctionCounter
            .builder("outbound.client.refused", this.clients, (clients) -> figure(clients, name, part, rejected, 0))
            .tags(tags(name).and("reason", reason))
            .description("Requests that were not let through")
            .register(registry);
    }

    private <T> void gauge(MeterRegistry registry, Tags tags, String name, String meter, String description,
            Function<Guard, @Nullable T> part, ToDoubleFunction<T> figure, double unused) {
        Gauge.builder(meter, this.clients, (clients) -> figure(clients, name, part, figure, unused))
            .tags(tags)
            .description(description)
            .register(registry);
    }

    /** Nothing, once a change of the settings has taken the part away. */
    private static <T> double figure(Clients clients, String name, Function<Guard, @Nullable T> part,
            ToDoubleFunction<T> figure, double unused) {
        return figure(clients, name, (session) -> {
            T present = part.apply(session.guard());
            return (present != null) ? figure.applyAsDouble(present) : 0;
        }, unused);
    }

    /**
     * A figure of a client; another one while nobody has used it: whoever reads meters
     * makes no client, and does not fail where one cannot be made or was closed.
     */
    private static double figure(Clients clients, String name, ToDoubleFunction<Session> figure, double unused) {
        Session session = clients.made(name);
        return (session != null) ? figure.applyAsDouble(session) : unused;
    }

    private void bindConnections(MeterRegistry registry, String name, String engine) {
        Tags tags = tags(name).and("engine", engine);
        connections(registry, tags.and("state", "active"), name, engine, PoolStatistics::active);
        connections(registry, tags.and("state", "idle"), name, engine, PoolStatistics::idle);
        connections(registry, tags.and("state", "pending"), name, engine, PoolStatistics::pending);
        connections(registry, tags.and("state", "max"), name, engine, PoolStatistics::max);
        times(registry, tags, name, engine, "outbound.client.connections.acquire",
                "Waits for a connection, or for room for a new one", PoolStatistics::acquires);
        times(registry, tags, name, engine, "outbound.client.connections.connect", "Connections that were opened",
                PoolStatistics::connects);
    }

    private void connections(MeterRegistry registry, Tags tags, String name, String engine,
            ToDoubleFunction<PoolStatistics> figure) {
        Gauge.builder("outbound.client.connections", this.clients, (clients) -> sum(clients, name, engine, figure))
            .tags(tags)
            .description("Connections of the client, and calls that wait for one")
            .register(registry);
    }

    private void times(MeterRegistry registry, Tags tags, String name, String engine, String meter, String description,
            Function<PoolStatistics, TimeStatistics> times) {
        FunctionTimer
            .builder(meter, this.clients,
                    (clients) -> (long) sum(clients, name, engine, (pool) -> times.apply(pool).count()),
                    (clients) -> sum(clients, name, engine, (pool) -> times.apply(pool).total().toNanos()),
                    TimeUnit.NANOSECONDS)
            .tags(tags)
            .description(description)
            .register(registry);
    }

    /** Of both pools, where one engine serves blocking and reactive calls. */
    private static double sum(Clients clients, String name, String engine, ToDoubleFunction<PoolStatistics> figure) {
        return figure(clients, name,
                (session) -> session.pools()
                    .stream()
                    .filter((pool) -> pool.engine().equals(engine))
                    .mapToDouble(figure)
                    .sum(),
                0);
    }

}
