package dev.outbound.client;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

import dev.outbound.client.guard.Guard;
import dev.outbound.client.guard.RetryBudget;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.retry.Hedges;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.RunningCalls;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * The settings of a session until the next change, and the engines that serve them. A
 * call belongs to one generation from its beginning to the end of its body, so that the
 * engines of an earlier one are closed after the last call that needs them, and not
 * before. Thread-safe.
 */
final class Generation {

    private final ClientSettings settings;

    private final Transports transports;

    private final CallObservation observation;

    private final JsonConversion json;

    private final ClientClock clock;

    private final @Nullable RetryBudget budget;

    /** Set before the first call. */
    private Guard guard;

    /** Set before the first call. */
    private @Nullable Hedges hedges;

    /** For the calls that run on another time than this client: those of tests. */
    private @Nullable Map<ClientClock, OtherTime> otherTimes;

    /** The calls that are running, and one for as long as this is the current one. */
    private final AtomicInteger users = new AtomicInteger(1);

    /** Of the users, those whose response was delivered and is read by the caller. */
    private final AtomicInteger streams = new AtomicInteger();

    private final RunningCalls calls = new RunningCalls();

    private TransportSettings engine;

    private volatile @Nullable Transport transport;

    private volatile @Nullable ReactiveTransport reactiveTransport;

    private boolean closed;

    Generation(ClientSettings settings, Transports transports, ObservationRegistry observations, JsonConversion json,
            ClientClock clock, @Nullable RetryBudget budget) {
        this.settings = settings;
        this.engine = settings.transport();
        this.transports = transports;
        this.observation = new CallObservation(observations);
        this.json = json;
        this.clock = clock;
        this.budget = budget;
        this.guard = Guard.of(settings.guard());
        this.hedges = (settings.hedging() != null) ? Hedges.of(settings.hedging()) : null;
    }

    /**
     * Go on with what an earlier generation knows of the upstream. Before the first call.
     */
    void succeed(Generation before) {
        this.guard = before.guard.with(this.settings.guard());
        if (before.hedges != null && before.hedges.policy().equals(this.settings.hedging())) {
            this.hedges = before.hedges;
        }
    }

    Guard guard() {
        return this.guard;
    }

    /**
     * The guard of a call. What happens on a time of its own, as a test that shares a
     * client with others does, says nothing about any other.
     */
    Guard guard(ContextView context) {
        Guard guard = this.guard;
        if (guard.isOpen()) {
            return guard;
        }
        ClientClock clock = this.clock.forCall(context);
        if (clock == this.clock || clock.isSystem()) {
            return guard;
        }
        return at(clock).guard();
    }

    @Nullable Hedges hedges() {
        return this.hedges;
    }

    /** The hedges of a call, apart where its {@link #guard(ContextView) guard} is. */
    @Nullable Hedges hedges(ContextView context) {
        Hedges hedges = this.hedges;
        if (hedges == null) {
            return null;
        }
        ClientClock clock = this.clock.forCall(context);
        if (clock == this.clock || clock.isSystem()) {
            return hedges;
        }
        return at(clock).hedges();
    }

    private synchronized OtherTime at(ClientClock clock) {
        if (this.otherTimes == null) {
            this.otherTimes = new WeakHashMap<>();
        }
        return this.otherTimes.computeIfAbsent(clock, (other) -> new OtherTime(Guard.of(this.settings.guard()),
                (this.hedges != null) ? Hedges.of(this.hedges.policy()) : null));
    }

    /**
     * Begin a call.
     * @return whether it may run: not once the engines are closed
     */
    boolean enter() {
        int before;
        do {
            before = this.users.get();
            if (before <= 0) {
                return false;
            }
        }
        while (!this.users.compareAndSet(before, before + 1));
        return true;
    }

    /** End a call, or the time of this generation. The last one closes the engines. */
    void leave() {
        if (this.users.decrementAndGet() == 0) {
            close();
        }
    }

    /** A running call has given its response to the caller, who reads the body. */
    void delivered() {
        this.streams.incrementAndGet();
    }

    /** End a call whose response was {@linkplain #delivered() delivered}. */
    void leaveStream() {
        this.streams.decrementAndGet();
        leave();
    }

    /** Those that nobody has an answer to yet, and one while this is the current one. */
    int waiting() {
        return this.users.get() - this.streams.get();
    }

    /** Whether no call runs any more, and none will. */
    boolean isOver() {
        return this.users.get() <= 0;
    }

    /** Those that are watched. */
    RunningCalls calls() {
        return this.calls;
    }

    ClientSettings settings() {
        return this.settings;
    }

    CallObservation observation() {
        return this.observation;
    }

    JsonConversion json() {
        return this.json;
    }

    ClientClock clock() {
        return this.clock;
    }

    @Nullable RetryBudget budget() {
        return this.budget;
    }

    boolean isMock() {
        return this.transports.isMock();
    }

    void checkBlocking() {
        checkBlocking(this.settings);
    }

    /** Of this client, or of a copy. */
    void checkBlocking(ClientSettings settings) {
        this.transports.checkBlocking(settings.transport());
    }

    void checkReactive() {
        checkReactive(this.settings);
    }

    /** Of this client, or of a copy. */
    void checkReactive(ClientSettings settings) {
        this.transports.checkReactive(settings.transport());
    }

    Transport transport() {
        Transport transport = this.transport;
        return (transport != null) ? transport : openTransport();
    }

    ReactiveTransport reactiveTransport() {
        ReactiveTransport transport = this.reactiveTransport;
        return (transport != null) ? transport : openReactiveTransport();
    }

    private synchronized Transport openTransport() {
        checkOpen();
        Transport transport = this.transport;
        if (transport == null) {
            transport = this.transports.blocking(this.engine);
            this.transport = transport;
        }
        return transport;
    }

    private synchronized ReactiveTransport openReactiveTransport() {
        checkOpen();
        ReactiveTransport transport = this.reactiveTransport;
        if (transport == null) {
            transport = this.transports.reactive(this.engine);
            this.reactiveTransport = transport;
        }
        return transport;
    }

    List<PoolStatistics> pools() {
        Transport transport = this.transport;
        ReactiveTransport reactiveTransport = this.reactiveTransport;
        return Stream
            .of((transport != null) ? transport.pool() : null,
                    (reactiveTransport != null) ? reactiveTransport.pool() : null)
            .filter(Objects::nonNull)
            .toList();
    }

    synchronized void reload(TlsSettings tls) {
        this.engine = this.engine.withTls(tls);
        if (this.transport != null) {
            this.transport.reload(tls);
        }
        if (this.reactiveTransport != null) {
            this.reactiveTransport.reload(tls);
        }
    }

    void evictIdle() {
        Transport transport = this.transport;
        ReactiveTransport reactiveTransport = this.reactiveTransport;
        if (transport != null) {
            transport.evictIdle();
        }
        if (reactiveTransport != null) {
            reactiveTransport.evictIdle();
        }
    }

    /**
     * Close the engines at once. Calls that are running fail: those that are on a
     * connection, or wait for one, by their engine, for one that was ended before it
     * would make room for another.
     */
    void close() {
        try {
            closeEngines();
        }
        finally {
            this.calls.cancel();
        }
    }

    private synchronized void closeEngines() {
        this.closed = true;
        if (this.transport != null) {
            this.transport.close();
            this.transport = null;
        }
        if (this.reactiveTransport != null) {
            this.reactiveTransport.close();
            this.reactiveTransport = null;
        }
    }

    private void checkOpen() {
        if (this.closed) {
            throw closedFailure();
        }
    }

    IllegalStateException closedFailure() {
        String name = this.settings.name();
        return new IllegalStateException(
                ((name != null) ? "Client '" + name + "'" : "The client") + " was closed and cannot send anything");
    }

    private record OtherTime(Guard guard, @Nullable Hedges hedges) {
    }

}
