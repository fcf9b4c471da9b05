package dev.outbound.boot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Time limits of a call. Each has one meaning on every engine.
 *
 * @since 0.1
 */
public class TimeoutProperties {

    /**
     * Longest time to open a connection, name lookup included, or "none".
     */
    private @Nullable Duration connect = Duration.ofSeconds(5);

    /**
     * Longest TLS handshake, or "none".
     */
    private @Nullable Duration tls = Duration.ofSeconds(5);

    /**
     * Longest gap between two bytes of a response, or "none".
     */
    private @Nullable Duration read = Duration.ofSeconds(5);

    /**
     * Longest time that one write may wait, or "none".
     */
    private @Nullable Duration write = Duration.ofSeconds(5);

    /**
     * Longest wait for a connection of the pool, or "none".
     */
    private @Nullable Duration pool = Duration.ofSeconds(5);

    /**
     * Longest time of the whole call with its retries and waits, or "none". For a
     * streamed call it ends when the head of the response is there.
     */
    private @Nullable Duration total = Duration.ofSeconds(30);

    /**
     * Longest time to read a streamed body, or "none", which is the default.
     */
    private @Nullable Duration streamTotal;

    public @Nullable Duration getConnect() {
        return this.connect;
    }

    public void setConnect(@Nullable Duration connect) {
        this.connect = connect;
    }

    public @Nullable Duration getTls() {
        return this.tls;
    }

    public void setTls(@Nullable Duration tls) {
        this.tls = tls;
    }

    public @Nullable Duration getRead() {
        return this.read;
    }

    public void setRead(@Nullable Duration read) {
        this.read = read;
    }

    public @Nullable Duration getWrite() {
        return this.write;
    }

    public void setWrite(@Nullable Duration write) {
        this.write = write;
    }

    public @Nullable Duration getPool() {
        return this.pool;
    }

    public void setPool(@Nullable Duration pool) {
        this.pool = pool;
    }

    public @Nullable Duration getTotal() {
        return this.total;
    }

    public void setTotal(@Nullable Duration total) {
        this.total = total;
    }

    public @Nullable Duration getStreamTotal() {
        return this.streamTotal;
    }

    public void setStreamTotal(@Nullable Duration streamTotal) {
        this.streamTotal = streamTotal;
    }

}
