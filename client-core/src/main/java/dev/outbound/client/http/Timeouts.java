package dev.outbound.client.http;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The time limits of a call; {@code null} stands for no limit. Immutable.
 * <p>
 * One meaning on every engine: {@code connect} ends with an open connection, name lookup
 * included; {@code tls} is the handshake; {@code read} the longest gap between two bytes
 * of the response; {@code write} the longest time that one write may wait; {@code pool}
 * the wait for a connection; {@code total} the whole call with its retries and waits (of
 * a streamed call: until its head is there); {@code streamTotal} the reading of a
 * streamed body.
 *
 * @since 0.1
 */
public final class Timeouts {

    /** The longest limit: what fits an engine's milliseconds. */
    public static final Duration MAX = Duration.ofMillis(Integer.MAX_VALUE);

    private static final Timeouts DEFAULTS = of(Duration.ofSeconds(5)).withTls(Duration.ofSeconds(5))
        .withTotal(Duration.ofSeconds(30));

    private final @Nullable Duration connect;

    private final @Nullable Duration tls;

    private final @Nullable Duration read;

    private final @Nullable Duration write;

    private final @Nullable Duration pool;

    private final @Nullable Duration total;

    private final @Nullable Duration streamTotal;

    private Timeouts(@Nullable Duration connect, @Nullable Duration tls, @Nullable Duration read,
            @Nullable Duration write, @Nullable Duration pool, @Nullable Duration total,
            @Nullable Duration streamTotal) {
        this.connect = check("connect", connect);
        this.tls = check("tls", tls);
        this.read = check("read", read);
        this.write = check("write", write);
        this.pool = check("pool", pool);
        this.total = check("total", total);
        this.streamTotal = check("stream-total", streamTotal);
    }

    private static @Nullable Duration check(String name, @Nullable Duration value) {
        if (value != null) {
            Assert.isTrue(!value.isNegative() && !value.isZero(),
                    () -> name + " timeout must be positive, or null for no limit, but is " + value);
            Assert.isTrue(value.compareTo(MAX) <= 0,
                    () -> name + " timeout " + value + " is longer than the largest supported one, " + MAX);
        }
        return value;
    }

    /**
     * Return the defaults: 5 seconds for each part, as HTTPX has it, and 30 for the whole
     * call. A streamed body has no limit beyond {@code read}.
     * @return the defaults
     */
    public static Timeouts defaults() {
        return DEFAULTS;
    }

    /**
     * Return limits without a limit.
     * @return no limits
     */
    public static Timeouts none() {
        return new Timeouts(null, null, null, null, null, null, null);
    }

    private static Timeouts of(Duration all) {
        return none().withAll(all);
    }

    /**
     * Return these limits with another one for connect, read, write and pool, as HTTPX's
     * single number sets them.
     * @param limit the limit, or {@code null} for none
     * @return other limits
     */
    public Timeouts withAll(@Nullable Duration limit) {
        return new Timeouts(limit, this.tls, limit, limit, limit, this.total, this.streamTotal);
    }

    public Timeouts withConnect(@Nullable Duration connect) {
        return new Timeouts(connect, this.tls, this.read, this.write, this.pool, this.total, this.streamTotal);
    }

    public Timeouts withTls(@Nullable Duration tls) {
        return new Timeouts(this.connect, tls, this.read, this.write, this.pool, this.total, this.streamTotal);
    }

    public Timeouts withRead(@Nullable Duration read) {
        return new Timeouts(this.connect, this.tls, read, this.write, this.pool, this.total, this.streamTotal);
    }

    public Timeouts withWrite(@Nullable Duration write) {
        return new Timeouts(this.connect, this.tls, this.read, write, this.pool, this.total, this.streamTotal);
    }

    public Timeouts withPool(@Nullable Duration pool) {
        return new Timeouts(this.connect, this.tls, this.read, this.write, pool, this.total, this.streamTotal);
    }

    public Timeouts withTotal(@Nullable Duration total) {
        return new Timeouts(this.connect, this.tls, this.read, this.write, this.pool, total, this.streamTotal);
    }

    public Timeouts withStreamTotal(@Nullable Duration streamTotal) {
        return new Timeouts(this.connect, this.tls, this.read, this.write, this.pool, this.total, streamTotal);
    }

    public @Nullable Duration connect() {
        return this.connect;
    }

    public @Nullable Duration tls() {
        return this.tls;
    }

    public @Nullable Duration read() {
        return this.read;
    }

    public @Nullable Duration write() {
        return this.write;
    }

    public @Nullable Duration pool() {
        return this.pool;
    }

    public @Nullable Duration total() {
        return this.total;
    }

    public @Nullable Duration streamTotal() {
        return this.streamTotal;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Timeouts that && Objects.equals(this.connect, that.connect)
                && Objects.equals(this.tls, that.tls) && Objects.equals(this.read, that.read)
                && Objects.equals(this.write, that.write) && Objects.equals(this.pool, that.pool)
                && Objects.equals(this.total, that.total) && Objects.equals(this.streamTotal, that.streamTotal));
    }

    @Override
    public int hashCode() {
        return Objects.hash(this.connect, this.tls, this.read, this.write, this.pool, this.total, this.streamTotal);
    }

    @Override
    public String toString() {
        return "connect=" + this.connect + ", tls=" + this.tls + ", read=" + this.read + ", write=" + this.write
                + ", pool=" + this.pool + ", total=" + this.total + ", stream-total=" + this.streamTotal;
    }

}
