package dev.outbound.client.transport.reactor;

import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.TimeStatistics;

/** Sums up the figures of a transport's pools. They are read when asked for. */
final class PoolFigures implements ConnectionProvider.MeterRegistrar, PoolStatistics {

    private final Map<Pool, ConnectionPoolMetrics> pools = new ConcurrentHashMap<>();

    private final TimeStatistics connects = new TimeStatistics();

    private final TimeStatistics acquires = new TimeStatistics();

    private final Room room;

    PoolFigures(Room room) {
        this.room = room;
    }

    @Override
    public void registerMetrics(String poolName, String id, SocketAddress remoteAddress,
            ConnectionPoolMetrics metrics) {
        this.pools.put(new Pool(poolName, id, remoteAddress), metrics);
    }

    @Override
    public void deRegisterMetrics(String poolName, String id, SocketAddress remoteAddress) {
        this.pools.remove(new Pool(poolName, id, remoteAddress));
    }

    @Override
    public String engine() {
        return "reactor";
    }

    @Override
    public int max() {
        return this.room.max();
    }

    @Override
    public TimeStatistics connects() {
        return this.connects;
    }

    @Override
    public TimeStatistics acquires() {
        return this.acquires;
    }

    @Override
    public int active() {
        // The pools do not tell streams from connections.
        return this.room.isShared() ? this.room.active() : this.room.permits().held();
    }

    @Override
    public int idle() {
        return this.room.isShared() ? this.room.idle() : sum(ConnectionPoolMetrics::idleSize);
    }

    @Override
    public int pending() {
        return this.room.permits().pending() + sum(ConnectionPoolMetrics::pendingAcquireSize);
    }

    boolean isUnused(SocketAddress address) {
        return this.pools.entrySet()
            .stream()
            .filter((entry) -> entry.getKey().address().equals(address))
            .map(Map.Entry::getValue)
            .allMatch((pool) -> pool.allocatedSize() == pool.idleSize() && pool.pendingAcquireSize() == 0);
    }

    private int sum(ToIntFunction<ConnectionPoolMetrics> figure) {
        return this.pools.values().stream().mapToInt(figure).sum();
    }

    /**
     * One of Reactor Netty's pools.
     *
     * @param name tells that of streams from that of their connections
     */
    private record Pool(String name, String id, SocketAddress address) {
    }

}
