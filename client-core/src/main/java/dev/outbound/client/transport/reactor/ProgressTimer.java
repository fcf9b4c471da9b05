package dev.outbound.client.transport.reactor;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.transport.Failures;

/**
 * Keeps the {@code read} and {@code write} limits of the calls that a channel serves.
 * <p>
 * Calls only note the time. A task that looks at it is scheduled when there is none, and
 * finds out itself when to look again: a channel in steady use has one task for many
 * calls. Used on the event loop only.
 */
final class ProgressTimer implements Runnable {

    private static final long LEAST_WRITE_TICK = TimeUnit.MILLISECONDS.toNanos(5);

    private final Channel channel;

    private final ChannelGuard guard;

    private @Nullable Call call;

    private long readLimit;

    private long writeLimit;

    private boolean written;

    private long since;

    private long pendingBytes;

    private long progress;

    private long writesBegun;

    private long writesEnded;

    private @Nullable Future<?> task;

    private long taskTime;

    ProgressTimer(Channel channel, ChannelGuard guard) {
        this.channel = channel;
        this.guard = guard;
    }

    void begin(Call call) {
        Timeouts timeouts = call.request().timeouts();
        this.call = call;
        this.readLimit = nanos(timeouts.read());
        this.writeLimit = nanos(timeouts.write());
        this.written = false;
        this.pendingBytes = 0;
        this.writesBegun = 0;
        this.writesEnded = 0;
        this.since = System.nanoTime();
        lookIn(writeTick());
    }

    /** Something is given to a stream of HTTP/2, whose window may be closed. */
    void writing() {
        this.writesBegun++;
    }

    void wrote() {
        this.writesEnded++;
    }

    void requestWritten() {
        this.written = true;
        this.since = System.nanoTime();
        lookIn(this.guard.isStream() ? this.readLimit / 2 : this.readLimit);
    }

    boolean isRequestWritten() {
        return this.written;
    }

    void hasRead() {
        Call call = this.call;
        if (call != null && isReading(call)) {
            this.since = System.nanoTime();
            if (!this.written) {
                lookIn(this.readLimit);
            }
        }
    }

    /** A response may come before the request is written; then the response counts. */
    private boolean isReading(Call call) {
        return this.written || call.body() != null;
    }

    void end() {
        this.call = null;
    }

    void stop() {
        this.call = null;
        Future<?> task = this.task;
        if (task != null) {
            task.cancel(false);
            this.task = null;
        }
    }

    private static long nanos(@Nullable Duration limit) {
        return (limit != null) ? limit.toNanos() : 0;
    }

    private long writeTick() {
        // There is no event for progress in writing: looked at often enough, it is seen
        // in time.
        return (this.writeLimit > 0) ? Math.max(this.writeLimit / 8, LEAST_WRITE_TICK) : 0;
    }

    private void lookIn(long delay) {
        if (delay <= 0) {
            return;
        }
        long time = System.nanoTime() + delay;
        Future<?> task = this.task;
        if (task != null) {
            if (this.taskTime - time <= 0) {
                return;
            }
            task.cancel(false);
        }
        this.taskTime = time;
        this.task = this.channel.eventLoop().schedule(this, delay, TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        this.task = null;
        Call call = this.call;
        if (call == null) {
            return;
        }
        long now = System.nanoTime();
        if (!isReading(call)) {
            lookAtWriting(call, now);
        }
        else if (this.readLimit > 0) {
            lookAtReading(call, now);
        }
    }

    private void lookAtWriting(Call call, long now) {
        ChannelOutboundBuffer buffer = this.channel.unsafe().outboundBuffer();
        long pendingBytes = (buffer != null) ? buffer.totalPendingWriteBytes() : this.writesBegun - this.writesEnded;
        long progress = (buffer != null) ? buffer.currentProgress() : this.writesEnded;
        if (pendingBytes == 0 || pendingBytes != this.pendingBytes || progress != this.progress) {
            this.pendingBytes = pendingBytes;
            this.progress = progress;
            this.since = now;
        }
        else if (this.writeLimit > 0 && now - this.since >= this.writeLimit) {
            call.broken(timeout(call, Phase.WRITE, call.request().timeouts().write()));
            return;
        }
        lookIn(writeTick());
    }

    /** In the middle of its limit, a stream asks whether its connection lives. */
    private void lookAtLife(long left) {
        long half = this.readLimit / 2;
        if (!this.guard.isStream()) {
            lookIn(left);
        }
        else if (left > half) {
            lookIn(left - half);
        }
        else {
            this.guard.askForLife();
            lookIn(left);
        }
    }

    private void lookAtReading(Call call, long now) {
        ResponseBody body = call.body();
        long since = this.since;
        if (body != null) {
            if (!body.isWaiting()) {
                // The subscriber is slow, or has not come yet: nobody waits for the
                // network.
                lookIn(this.readLimit);
                return;
            }
            since = Math.max(since - now, body.waitingSince() - now) + now;
        }
        long left = since + this.readLimit - now;
        if (left > 0) {
            lookAtLife(left);
            return;
        }
        this.guard.silentSince(since);
        Duration limit = call.request().timeouts().read();
        if (body != null) {
            body.fail(timeout(call, Phase.BODY, limit));
        }
        else {
            call.broken(timeout(call, Phase.HEAD, limit));
        }
    }

    private static RequestException timeout(Call call, Phase phase, @Nullable Duration limit) {
        return Failures.timeout(phase, call.request().url(), limit, null);
    }

}
