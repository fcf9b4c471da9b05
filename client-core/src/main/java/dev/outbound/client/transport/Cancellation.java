package dev.outbound.client.transport;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.WriteTimeoutException;

/**
 * How a running call is brought to its end from outside: by its deadline, an interrupt of
 * its thread, a stalled write or read, or its client's closing. One for each call;
 * thread-safe.
 * <p>
 * While it is {@linkplain #watch() watched}, one daemon thread that serves all calls
 * looks at it about every 20 ms; a timer for each call would cost more than the call's
 * whole policy.
 *
 * @since 0.1
 */
public sealed class Cancellation permits SendCancellation {

    /** Stands for a call that may take as long as it likes. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** Why a call was ended. */
    public enum Cause {

        /** The deadline has passed. */
        DEADLINE,

        /** A write did not end in time. */
        WRITE_TIMEOUT,

        /** A read did not end in time. */
        READ_TIMEOUT,

        /** The thread of the call was interrupted. */
        INTERRUPTED,

        /** The client was closed. */
        CLOSED,

        /** Another send of the same request has ended the attempt. */
        SUPERSEDED

    }

    private volatile long deadline;

    /** How long the body may take that the deadline is of, or 0. */
    private volatile long streamTotal;

    private volatile long writeDeadline = NO_DEADLINE;

    private volatile long readDeadline = NO_DEADLINE;

    private volatile boolean watched;

    private volatile @Nullable Thread thread;

    private volatile @Nullable Cause cause;

    private @Nullable Runnable action;

    private @Nullable RunningCalls calls;

    private volatile @Nullable AttemptProgress progress;

    /** Where it is watched, or {@code null}; with its links, written by that only. */
    volatile @Nullable WatchedCalls among;

    @Nullable Cancellation previous;

    @Nullable Cancellation next;

    /**
     * Create the cancellation of one call.
     * @param deadline when the call must have ended, in the nanoseconds of the driver's
     * clock, or {@link #NO_DEADLINE}
     */
    public Cancellation(long deadline) {
        this.deadline = deadline;
    }

    /**
     * Return when the call must have ended.
     * @return nanoseconds of the driver's clock, or {@link #NO_DEADLINE}
     */
    public long deadline() {
        return this.deadline;
    }

    /**
     * Move the deadline, for example when the head of a streamed response is there.
     * @param deadline nanoseconds of the driver's clock, or {@link #NO_DEADLINE}
     */
    public void deadline(long deadline) {
        this.deadline = deadline;
    }

    /**
     * Move the deadline to that of a body that is streamed, when its head is there.
     * @param deadline nanoseconds of the driver's clock, or {@link #NO_DEADLINE}
     * @param limit how long the body may take, in nanoseconds
     */
    public void streamDeadline(long deadline, long limit) {
        this.streamTotal = limit;
        this.deadline = deadline;
    }

    /**
     * Return the failure of a call whose deadline has passed.
     * @param phase what was going on
     * @param broken what the engine threw, or {@code null}
     * @return the failure
     */
    public TotalTimeoutException outOfTime(Phase phase, @Nullable Throwable broken) {
        long limit = this.streamTotal;
        return new TotalTimeoutException(phase, (limit != 0) ? "the body took longer than its limit 'stream-total' of "
                + TimeUnit.NANOSECONDS.toMillis(limit) + " ms" : "the time for the whole call ran out", broken);
    }

    /**
     * Say what breaks the running I/O off. It takes the place of what was said before,
     * and runs at once when the call was ended already. It must not block.
     * @param action the action, or {@code null} for none
     */
    public void onCancel(@Nullable Runnable action) {
        synchronized (this) {
            if (this.cause == null) {
                this.action = action;
                return;
            }
        }
        if (action != null) {
            action.run();
        }
    }

    /**
     * End the call. The first cause counts.
     * @param cause why
     * @return whether the call was not ended before
     */
    public boolean cancel(Cause cause) {
        Runnable action;
        synchronized (this) {
            if (this.cause != null) {
                return false;
            }
            this.cause = cause;
            action = this.action;
            this.action = null;
        }
        if (action != null) {
            action.run();
        }
        return true;
    }

    /**
     * Return the cancellation of another send of the same request, beside the one that
     * this is for. It has the deadline of the call, and can be ended by itself; it is not
     * watched with this one.
     * @return a new cancellation
     */
    public Cancellation another() {
        return new SendCancellation(this);
    }

    /**
     * Go on with another attempt of the call, or with another send: that a write or a
     * read of the one before took too long no longer counts, nor that it was superseded,
     * nor how far it had come.
     */
    public synchronized void nextAttempt() {
        this.progress = null;
        if (this.cause == Cause.WRITE_TIMEOUT || this.cause == Cause.READ_TIMEOUT || this.cause == Cause.SUPERSEDED) {
            this.cause = null;
        }
    }

    /**
     * Return why the call was ended.
     * @return the cause, or {@code null} while it was not
     */
    public @Nullable Cause cause() {
        return this.cause;
    }

    /**
     * Say whom to ask how far the attempt has come, should it fail. Engines say it when
     * they begin.
     * @param progress is asked from any thread
     */
    public void progress(AttemptProgress progress) {
        this.progress = progress;
    }

    /**
     * Return whom to ask how far the attempt has come.
     * @return the progress, or {@code null} where the engine has not said
     */
    public @Nullable AttemptProgress progress() {
        return this.progress;
    }

    /**
     * Say that the current thread may block in I/O from now on; its interruption ends the
     * call. No interrupt is ever cleared.
     */
    public void enter() {
        this.thread = Thread.currentThread();
    }

    /**
     * Say that no thread blocks any more.
     */
    public void leave() {
        this.thread = null;
    }

    /**
     * Say that a write begins.
     * @param limit how long it may take, or {@code null} for no limit
     */
    public void writing(@Nullable Duration limit) {
        this.writeDeadline = (limit != null) ? System.nanoTime() + limit.toNanos() : NO_DEADLINE;
    }

    /**
     * Say that the write has ended.
     */
    public void written() {
        this.writeDeadline = NO_DEADLINE;
    }

    /**
     * Say that a read begins. It ends the call only while that is
     * {@linkplain #isWatched() watched}.
     * @param limit how long it may take, or {@code null} for no limit
     */
    public void reading(@Nullable Duration limit) {
        this.readDeadline = (limit != null) ? System.nanoTime() + limit.toNanos() : NO_DEADLINE;
    }

    /**
     * Say that the read has ended.
     */
    public void hasRead() {
        this.readDeadline = NO_DEADLINE;
    }

    /** Before it is watched. */
    void belongsTo(RunningCalls calls) {
        this.calls = calls;
    }

    boolean belongs(RunningCalls calls) {
        return this.calls == calls;
    }

    /**
     * Begin to look after deadline, interrupts, writes and reads. Only for calls on
     * system time.
     */
    public void watch() {
        this.watched = true;
        Watchdog.add(this);
    }

    /**
     * End what {@link #watch()} began.
     */
    public void unwatch() {
        this.watched = false;
        Watchdog.remove(this);
    }

    /**
     * Return whether deadline, interrupts, writes and reads are looked after.
     * @return whether this is between {@link #watch()} and {@link #unwatch()}
     */
    public boolean isWatched() {
        return this.watched;
    }

    void check(long now) {
        Thread thread = this.thread;
        if (thread != null && thread.isInterrupted()) {
            cancel(Cause.INTERRUPTED);
        }
        else if (isOver(deadline(), now)) {
            cancel(Cause.DEADLINE);
        }
        else if (isOver(this.writeDeadline, now)) {
            cancel(Cause.WRITE_TIMEOUT);
        }
        else if (isOver(this.readDeadline, now)) {
            cancel(Cause.READ_TIMEOUT);
        }
    }

    private static boolean isOver(long deadline, long now) {
        return deadline != NO_DEADLINE && deadline - now <= 0;
    }

    /**
     * Return the failure that this cancellation means for I/O that was broken off by it.
     * @param phase what was going on
     * @param broken what the engine threw
     * @return the failure, or {@code null} when the call was not ended from outside
     */
    public @Nullable RequestException failure(Phase phase, @Nullable Throwable broken) {
        Cause cause = this.cause;
        if (cause == null && this.thread != null && Thread.currentThread().isInterrupted()) {
            cause = Cause.INTERRUPTED;
        }
        if (cause == null) {
            return null;
        }
        return switch (cause) {
            case DEADLINE -> outOfTime(phase, broken);
            case WRITE_TIMEOUT -> new WriteTimeoutException("the server took nothing of the request in time", broken);
            case READ_TIMEOUT -> new ReadTimeoutException(phase, "the server sent "
                    + ((phase == Phase.BODY) ? "nothing more of the body" : "no head of a response") + " in time",
                    broken);
            case INTERRUPTED -> new CancelledException(phase, "the calling thread was interrupted", broken);
            case CLOSED -> new CancelledException(phase, "the client was closed", broken);
            case SUPERSEDED -> new CancelledException(phase, "another send of the request was answered first", broken);
        };
    }

}
