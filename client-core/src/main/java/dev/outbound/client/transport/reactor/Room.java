package dev.outbound.client.transport.reactor;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.transport.Permits;

/**
 * The open channels of a transport, and the room that there is for connections.
 * <p>
 * In HTTP/1.1 a call has a permit, and a connection that is idle has none: when there are
 * too many, one is closed. Where streams may share a connection, the connection has the
 * permit, from its connecting to its end, and gives way to those who wait for one: at
 * once when it is idle, otherwise when a call on it has ended and those that have begun
 * until then have, too. So turns are taken, as with calls of HTTP/1.1. Thread-safe.
 */
final class Room {

    /**
     * Who gives way, and still has a call after this, may have it for hours, and another
     * is asked.
     */
    private static final long LONG_CALL = TimeUnit.MILLISECONDS.toNanos(250);

    private final Set<ChannelGuard> guards = ConcurrentHashMap.newKeySet();

    private final Permits permits;

    private final int max;

    private final boolean shared;

    /**
     * Create the room.
     * @param max how many connections there may be
     * @param shared whether there may be connections that streams share
     */
    Room(int max, boolean shared) {
        this.permits = new Permits(max);
        this.max = max;
        this.shared = shared;
    }

    Permits permits() {
        return this.permits;
    }

    int max() {
        return this.max;
    }

    /** Whether there may be connections that streams share. */
    boolean isShared() {
        return this.shared;
    }

    void add(ChannelGuard guard, Channel channel) {
        this.guards.add(guard);
        channel.closeFuture().addListener((closed) -> this.guards.remove(guard));
    }

    void remove(ChannelGuard guard) {
        this.guards.remove(guard);
    }

    void forEach(Consumer<ChannelGuard> action) {
        this.guards.forEach(action);
    }

    /** Return how many connections have a call, or are being opened for one. */
    int active() {
        return count((guard) -> guard.isConnection() && !guard.isIdle());
    }

    /** Return how many connections wait for a call. */
    int idle() {
        return count((guard) -> guard.isConnection() && guard.isIdle());
    }

    /** Who opens a connection has a permit for it: one that is idle gives way. */
    void opens() {
        if (this.guards.size() <= this.max) {
            return;
        }
        synchronized (this) {
            int stay = count((guard) -> guard.isConnection() && !(guard.isIdle() && guard.isRetired()));
            idle(stay - this.max, (guard) -> !guard.isRetired()).forEach(ChannelGuard::retire);
        }
    }

    /** Return those that have been idle for longest. */
    private List<ChannelGuard> idle(int most, Predicate<ChannelGuard> kind) {
        long now = System.nanoTime();
        return this.guards.stream()
            .filter(kind)
            // Kept, for it may change while this sorts.
            .map((guard) -> new Idle(guard, guard.idleSince()))
            .filter((idle) -> idle.since() != 0)
            .sorted(Comparator.comparingLong((idle) -> idle.since() - now))
            .limit(Math.max(0, most))
            .map(Idle::guard)
            .toList();
    }

    private int count(Predicate<ChannelGuard> kind) {
        return (int) this.guards.stream().filter(kind).count();
    }

    /**
     * Somebody has begun to wait for a permit, or a call has ended: as many connections
     * give way as are waited for.
     * @param ended the connection that the call was on, or {@code null}
     */
    void make(@Nullable ChannelGuard ended) {
        if (!this.shared || this.permits.pending() == 0) {
            return;
        }
        synchronized (this) {
            long now = System.nanoTime();
            int missing = this.permits.pending() - count((guard) -> guard.isIdle() && guard.givesWay());
            List<ChannelGuard> idle = idle(missing, (guard) -> guard != ended && guard.mayGiveWay());
            idle.forEach((guard) -> guard.giveWay(false));
            missing -= idle.size();
            if (ended != null && ended.mayGiveWay() && missing > (ended.isIdle() ? 0 : count(
                    (guard) -> !guard.isIdle() && guard.givesWay() && now - guard.givesWaySince() < LONG_CALL))) {
                ended.giveWay(true);
            }
        }
    }

    /**
     * A connection that waits for a call.
     */
    private record Idle(ChannelGuard guard, long since) {
    }

}
