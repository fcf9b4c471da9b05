package dev.outbound.client.transport.reactor;

import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

import dev.outbound.client.transport.Permits;
import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.TimeStatistics;

/** Sums up the figures of a transport's pools. They are read when asked for. */
final class PoolFigures implements ConnectionProvider.MeterRegistrar, PoolStatistics {

    private final Map<Pool, ConnectionPoolMetrics> pools = new ConcurrentHashMap<>();

    private final TimeStatistics connects = new TimeStatistics();

    private final TimeStatistics acquires = new TimeStatistics();

    private final int max;

    private final Permits permits;

    private final @Nullable IntSupplier idleHttp2;

    /**
     * Create figures.
     * @param permits what calls have that do not share connections
     * @param idleHttp2 counts the connections of HTTP/2 without a stream, which the pool
     * does not tell from others; {@code null} where there is no HTTP/2
     */
    PoolFigures(int max, Permits permits, @Nullable IntSupplier idleHttp2) {
        this.max = max;
        this.permits = permits;
        this.idleHttp2 = idleHttp2;
    }

    @Override
    public void registerMetrics(String poolName, String id, SocketAddress remoteAddress,
            ConnectionPoolMetrics metrics) {
        this.pools.put(new Pool(id, remoteAddress), metrics);
    }

    @Override
    public void deRegisterMetrics(String poolName, String id, SocketAddress remoteAddress) {
        this.pools.remove(new Pool(id, remoteAddress));
    }

    @Override
    public String engine() {
        return "reactor";
    }

    @Override
    public int max() {
        return this.max;
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
        if (this.idleHttp2 == null) {
            return this.permits.held();
        }
        // What is allocated and not idle; the pool's own number leaves out what is still
        // being opened.
        return Math.max(0, sum((pool) -> pool.allocatedSize() - pool.idleSize()) - this.idleHttp2.getAsInt());
    }

    @Override
    public int idle() {
        return sum(ConnectionPoolMetrics::idleSize) + ((this.idleHttp2 != null) ? this.idleHttp2.getAsInt() : 0);
    }

    @Override
    public int pending() {
        return this.permits.pending() + sum(ConnectionPoolMetrics::pendingAcquireSize);
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

    private record Pool(String id, SocketAddress address) {
    }

}
