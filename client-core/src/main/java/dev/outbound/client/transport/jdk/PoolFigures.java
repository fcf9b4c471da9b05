package dev.outbound.client.transport.jdk;

import dev.outbound.client.transport.PoolStatistics;
import dev.outbound.client.transport.TimeStatistics;

/** The figures of a transport's connections. They are read when asked for. */
final class PoolFigures implements PoolStatistics {

    private final Connections connections;

    private final int max;

    private final TimeStatistics connects = new TimeStatistics();

    private final TimeStatistics acquires = new TimeStatistics();

    PoolFigures(Connections connections, int max) {
        this.connections = connections;
        this.max = max;
    }

    @Override
    public String engine() {
        return "jdk";
    }

    @Override
    public int active() {
        return this.connections.active();
    }

    @Override
    public int idle() {
        return this.connections.idle();
    }

    @Override
    public int pending() {
        return this.connections.pending();
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

}
