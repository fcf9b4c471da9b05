package dev.outbound.client.lab;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a {@link TcpProxy} does to the bytes of one direction. May be changed while they
 * flow. Thread-safe.
 */
public final class Direction {

    private static final long NEVER = Long.MAX_VALUE;

    private Duration latency = Duration.ZERO;

    private int slice = Integer.MAX_VALUE;

    private int bytesPerSecond = Integer.MAX_VALUE;

    private long end = NEVER;

    private boolean reset;

    private boolean silent;

    Direction() {
    }

    /**
     * Hold back whatever is read at once.
     * @param latency how long
     * @return this direction
     */
    public synchronized Direction latency(Duration latency) {
        this.latency = latency;
        return this;
    }

    /**
     * Pass bytes on in pieces.
     * @param size the largest number of bytes that are written at once
     * @return this direction
     */
    public synchronized Direction slice(int size) {
        this.slice = size;
        return this;
    }

    /**
     * Make it slow.
     * @param bytesPerSecond how many bytes are passed in a second
     * @return this direction
     */
    public synchronized Direction throttle(int bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
        return this;
    }

    /**
     * End each connection in both directions.
     * @param bytes how many bytes of this direction are passed before
     * @return this direction
     */
    public synchronized Direction cutAfter(long bytes) {
        this.end = bytes;
        this.reset = false;
        return this;
    }

    /**
     * Reset each connection.
     * @param bytes how many bytes of this direction are passed before
     * @return this direction
     */
    public synchronized Direction resetAfter(long bytes) {
        this.end = bytes;
        this.reset = true;
        return this;
    }

    /**
     * Swallow all bytes, and the end, as a firewall does that has forgotten the
     * connection.
     * @param silent whether to do so
     * @return this direction
     */
    public synchronized Direction silent(boolean silent) {
        this.silent = silent;
        notifyAll();
        return this;
    }

    Flow flow() {
        return new Flow();
    }

    /** This direction of one connection. Used by one thread. */
    final class Flow {

        private long passed;

        private boolean broken;

        /** How much to read at once. */
        int most(int room) {
            synchronized (Direction.this) {
                return Math.min(room, Math.min(Direction.this.slice, Direction.this.bytesPerSecond));
            }
        }

        /**
         * Wait as told.
         * @return how many of the bytes to pass on
         */
        int pass(int count) throws InterruptedException {
            long pause;
            int passes;
            synchronized (Direction.this) {
                if (Direction.this.silent) {
                    return 0;
                }
                pause = Direction.this.latency.toNanos()
                        + TimeUnit.SECONDS.toNanos(count) / Direction.this.bytesPerSecond;
                passes = (int) Math.max(0, Math.min(count, Direction.this.end - this.passed));
                this.passed += passes;
                this.broken = this.passed >= Direction.this.end;
            }
            TimeUnit.NANOSECONDS.sleep(pause);
            return passes;
        }

        /** An end is swallowed like everything else. */
        void awaitVoice() throws InterruptedException {
            synchronized (Direction.this) {
                while (Direction.this.silent) {
                    Direction.this.wait();
                }
            }
        }

        boolean isBroken() {
            return this.broken;
        }

        boolean isReset() {
            synchronized (Direction.this) {
                return Direction.this.reset;
            }
        }

    }

}
