package dev.outbound.client.guard;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that shows the time it was told last, and never an earlier one: what
 * Resilience4j asks for the time is told that of the call. Guarded by the lock of whoever
 * tells it.
 */
final class GivenTime extends Clock {

    private boolean started;

    private long start;

    private long latest;

    /** Tell the time, in nanoseconds of the clock of the drivers. */
    void tell(long now) {
        if (!this.started) {
            this.started = true;
            this.start = now;
            this.latest = now;
        }
        // Threads read the clock before they get here, and not in this order.
        if (now - this.latest > 0) {
            this.latest = now;
        }
    }

    /** The time since it was told for the first time, in nanoseconds. */
    long elapsed() {
        return this.latest - this.start;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(elapsed());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

}
