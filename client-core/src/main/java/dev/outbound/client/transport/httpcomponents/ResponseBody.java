package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;

import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Cancellation;

/**
 * The body of a response as it comes from the connection, which goes back to the pool at
 * its end.
 */
final class ResponseBody extends InputStream {

    private static final Duration DRAIN_TIME = Duration.ofMillis(50);

    private final InputStream content;

    private final Lease lease;

    private final @Nullable TimeValue keepAlive;

    private final Cancellation cancellation;

    private final Url url;

    /** How much is to come, or -1. */
    private long remaining;

    private boolean ended;

    private volatile boolean reading;

    private @Nullable RequestException failure;

    ResponseBody(InputStream content, long length, Lease lease, @Nullable TimeValue keepAlive,
            Cancellation cancellation, Url url) {
        this.content = content;
        this.remaining = length;
        this.lease = lease;
        this.keepAlive = keepAlive;
        this.cancellation = cancellation;
        this.url = url;
        if (length == 0) {
            end();
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (this.failure != null) {
            throw this.failure;
        }
        if (this.ended) {
            return -1;
        }
        this.cancellation.enter();
        this.reading = true;
        try {
            RequestException stopped = this.cancellation.failure(Phase.BODY, null);
            if (stopped != null) {
                throw stopped;
            }
            return readContent(target, offset, length);
        }
        catch (IOException | RuntimeException ex) {
            throw fail(ex);
        }
        finally {
            this.reading = false;
            this.cancellation.leave();
        }
    }

    private int readContent(byte[] target, int offset, int length) throws IOException {
        int count = this.content.read(target, offset, length);
        if (this.remaining > 0 && count > 0) {
            this.remaining -= count;
        }
        if (count < 0 || this.remaining == 0) {
            end();
        }
        return count;
    }

    private void end() {
        this.ended = true;
        this.lease.end(this.keepAlive);
    }

    private RequestException fail(Exception ex) {
        RequestException failure = EngineFailures.ended(this.cancellation, Phase.BODY, this.url, ex);
        if (failure == null && this.lease.isPoolClosed()) {
            failure = new CancelledException(Phase.BODY, "the client was closed", ex);
        }
        if (failure == null && this.lease.isEnded()) {
            failure = new CancelledException(Phase.BODY, "the response was closed or aborted", ex);
        }
        if (failure == null) {
            failure = EngineFailures.of(Phase.BODY, this.url, ex);
        }
        this.failure = failure;
        this.lease.abort();
        return failure;
    }

    @Override
    public int available() {
        try {
            return (this.ended || this.failure != null) ? 0 : Math.max(0, this.content.available());
        }
        catch (IOException ex) {
            return 0;
        }
    }

    /** Read what little is left, or else close the connection. */
    void drain() {
        if (this.lease.isEnded()) {
            return;
        }
        // Who closes while another thread reads wants that to end, and not to wait for
        // it.
        int most = this.lease.wire().limits().drain();
        boolean cheap = !this.reading && this.keepAlive != null && this.failure == null && this.remaining <= most;
        if (!cheap || !drained(most)) {
            this.lease.abort();
        }
        this.ended = true;
    }

    private boolean drained(int most) {
        long end = System.nanoTime() + DRAIN_TIME.toNanos();
        byte[] waste = new byte[8 * 1024];
        int read = 0;
        try {
            for (long left = DRAIN_TIME.toNanos(); left > 0 && read <= most; left = end - System.nanoTime()) {
                this.lease.wire().readLimit(Duration.ofNanos(left));
                int count = readContent(waste, 0, waste.length);
                if (this.ended) {
                    return true;
                }
                read += count;
            }
            return false;
        }
        catch (IOException | RuntimeException ex) {
            return false;
        }
    }

}
