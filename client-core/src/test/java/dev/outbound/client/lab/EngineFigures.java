package dev.outbound.client.lab;

import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.transport.PoolStatistics;

/**
 * What an engine has in use.
 *
 * @param pool its connections
 * @param open the responses that nobody has ended
 */
public record EngineFigures(PoolStatistics pool, IntSupplier open) {

    static EngineFigures of(@Nullable PoolStatistics pool, IntSupplier open) {
        if (pool == null) {
            throw new AssertionError("The engine does not tell of its connections");
        }
        return new EngineFigures(pool, open);
    }

    public boolean areZero() {
        return this.pool.active() == 0 && this.pool.pending() == 0 && this.open.getAsInt() == 0;
    }

    @Override
    public String toString() {
        return this.pool.active() + " connections in use, " + this.pool.pending() + " calls pending, "
                + this.open.getAsInt() + " responses open";
    }

}
