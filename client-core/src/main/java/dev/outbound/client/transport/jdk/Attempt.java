package dev.outbound.client.transport.jdk;

import java.io.EOFException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.client.transport.AttemptProgress;
import dev.outbound.client.transport.Failures;
import dev.outbound.client.transport.IncomingHead;
import dev.outbound.client.transport.OutgoingHead;

/**
 * One request on its way, and its response until the body's end. Knows how far it has
 * come, which {@link Traffic} tells it, and since when it waits there. Thread-safe.
 */
final class Attempt implements AttemptProgress {

    /** How an attempt ends for its lane. Called once at most, on any thread. */
    interface Lane {

        boolean isBlocking();

        void responded(IncomingHead head, Inbound body);

        void failed(Throwable failure);

        /** The attempt is over, the body of its response included. */
        default void ended() {
        }

    }

    /** Since when something is waited for that has no limit. */
    private static final long NOT_WAITING = Long.MIN_VALUE;

    private static final long PATIENCE_MILLIS = 50;

    private static final int MOST_RESTARTS = 3;

    private final Connections connections;

    private final Request request;

    private final @Nullable Upload upload;

    private final Lane lane;

    private final OutgoingRequest outgoing;

    private final long shortestLimit;

    private volatile Phase phase = Phase.POOL;

    private final long created = System.nanoTime();

    private volatile long waitingSince = this.created;

    private volatile @Nullable Future<?> future;

    private volatile @Nullable IncomingHead head;

    private volatile @Nullable EarlyBody early;

    private final Inbound inbound = new Inbound(this);

    private volatile @Nullable RequestException found;

    private volatile boolean sent;

    private volatile boolean cutOff;

    private volatile @Nullable Traffic traffic;

    private @Nullable JdkClient client;

    private long started;

    private int round;

    private int openedIn = -1;

    private int restarts;

    private boolean begun;

    private volatile boolean brokenOff;

    private boolean over;

    private boolean ended;

    Attempt(Connections connections, Request request, OutgoingHead head, @Nullable Upload upload, Lane lane) {
        this.connections = connections;
        this.request = request;
        this.upload = upload;
        this.lane = lane;
        this.shortestLimit = shortestLimit(request.timeouts());
        this.outgoing = connections.outgoing(request, head, upload);
    }

    Request request() {
        return this.request;
    }

    String method() {
        return this.request.method().name();
    }

    boolean isBlocking() {
        return this.lane.isBlocking();
    }

    long number() {
        return this.outgoing.number();
    }

    OutgoingRequest outgoing() {
        return this.outgoing;
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

    @Override
    public long bytesSent() {
        return (this.upload != null) ? this.upload.given() : 0;
    }

    @Override
    public long bytesToSend() {
        return (this.upload != null) ? Math.max(-1, this.upload.length()) : 0;
    }

    void phase(Phase phase) {
        this.waitingSince = System.nanoTime();
        this.phase = phase;
    }

    /** Hand the request to the JDK. There is a connection for it, or may be made. */
    void start() {
        long now = System.nanoTime();
        if (this.started == 0) {
            this.connections.figures().acquires().add(now - this.created);
        }
        this.started = now;
        // Where streams share a connection nothing is opened, nor told of.
        if (this.connections.isShared(this.request)) {
            sending();
        }
        else {
            phase(Phase.LOOKUP);
        }
        this.connections.send(this);
    }

    /** Return how often the request was handed to the JDK; the last time counts. */
    synchronized int round() {
        return this.round;
    }

    /** The JDK has the request. */
    void running(int round, Future<?> future) {
        synchronized (this) {
            if (round != this.round) {
                return;
            }
            this.future = future;
        }
        // It may have its response already.
        if (this.brokenOff) {
            future.cancel(true);
        }
    }

    /**
     * The JDK has failed. {@link Traffic} knows most failures as well, and may be faster.
     */
    void broken(int round, Throwable thrown) {
        synchronized (this) {
            if (round != this.round) {
                // The request was handed to it again.
                return;
            }
            this.future = null;
        }
        broken(thrown);
    }

    private void broken(Throwable thrown) {
        EarlyBody early = this.early;
        IncomingHead head = this.head;
        if (isUnsent() && this.restarts < MOST_RESTARTS && !isOver()) {
            // The connection has ended while it waited for a request.
            this.restarts++;
            sentNothing();
        }
        else if (early != null && early.isComplete() && head != null) {
            // The JDK has met the end of the connection while it was still sending.
            deliver(head, early);
        }
        else {
            if (JdkFailures.isHttp11Required(thrown)) {
                this.connections.requireHttp11(this.request);
            }
            fail(failure(thrown));
        }
    }

    /** Deliver a response that the JDK holds back, and send no more. */
    private void deliver(IncomingHead head, EarlyBody early) {
        if (finish()) {
            breakOff();
            this.inbound.give(early.content());
            this.lane.responded(head, this.inbound);
        }
    }

    /** Return whether the JDK was to use a connection that it had, and did not. */
    private synchronized boolean isUnsent() {
        return this.outgoing.isMarked() && !this.begun && !hasOpened() && this.found == null
                && this.phase == Phase.LOOKUP;
    }

    /**
     * The JDK has read the head. This is its first sign, and comes on a thread of ours;
     * its future is completed on the common pool, where others may block.
     * @return what takes the body
     */
    Inbound respond(HttpResponse.ResponseInfo info) {
        IncomingHead head = this.head;
        if (head == null) {
            head = this.outgoing.head(info);
            this.head = head;
        }
        phase(Phase.BODY);
        resting();
        if (finish()) {
            this.lane.responded(head, this.inbound);
            return this.inbound;
        }
        // What came early may be on its way to its reader: that is another's body.
        Inbound unwanted = new Inbound(this);
        unwanted.abort();
        return unwanted;
    }

    /**
     * End the attempt with a failure, unless it has a response or was ended before.
     * @param failure is told to the lane as it is
     */
    void fail(Throwable failure) {
        if (finish()) {
            breakOff();
            this.lane.failed(failure);
        }
    }

    /** End the attempt. Nobody wants to hear of it any more. */
    void cancel() {
        if (finish()) {
            breakOff();
        }
    }

    /**
     * End the attempt, and its response if there is one already. Nobody wants either any
     * more.
     */
    void abandon() {
        cancel();
        this.inbound.abort();
    }

    private synchronized boolean finish() {
        boolean first = !this.over;
        this.over = true;
        return first;
    }

    private synchronized boolean isOver() {
        return this.over;
    }

    private void breakOff() {
        this.brokenOff = true;
        Future<?> future = this.future;
        if (future != null) {
            future.cancel(true);
        }
        if (this.upload != null) {
            this.upload.stop();
        }
        cut();
        end();
    }

    /** The connection, if there is one, is of no use any more. */
    void cut() {
        Traffic traffic = this.traffic;
        if (traffic != null) {
            traffic.ended();
        }
    }

    /** The transport was closed. */
    void closed() {
        CancelledException closed = new CancelledException(this.phase, "the client was closed", null);
        fail(closed);
        this.inbound.fail(closed);
    }

    Inbound inbound() {
        return this.inbound;
    }

    /** This left the queue of the pool, and has no place to give back. */
    synchronized void neverHeld() {
        this.ended = true;
    }

    synchronized boolean isEnded() {
        return this.ended;
    }

    /** Give the place in the pool back. */
    void end() {
        synchronized (this) {
            if (this.ended) {
                return;
            }
            this.ended = true;
        }
        sentBy(null);
        this.lane.ended();
        this.connections.ended(this);
    }

    /**
     * Say which client of the JDK has this, instead of the one before.
     * @param client the client, or {@code null} for none
     */
    void sentBy(@Nullable JdkClient client) {
        JdkClient before;
        synchronized (this) {
            before = this.client;
            this.client = client;
        }
        if (before != null) {
            before.leave();
        }
    }

    /** Say which connection has this. */
    void sentOver(Traffic traffic) {
        this.traffic = traffic;
    }

    /**
     * A connection is being opened for this.
     * @return whether it is the first one: the JDK tries again when one is lost at once
     */
    synchronized boolean opening() {
        phase(Phase.CONNECT);
        boolean first = this.openedIn != this.round;
        this.openedIn = this.round;
        return first;
    }

    /**
     * HTTP/2 may be spoken: if the server does not take the request, the JDK sends it
     * over another connection.
     */
    synchronized void openedFully() {
        this.openedIn = -1;
    }

    /** Return whether a connection was opened for this. */
    synchronized boolean hasOpened() {
        return this.openedIn == this.round;
    }

    /** The first connection was lost before anything could be sent. */
    void lostEarly() {
        found(new ConnectionLostException(Phase.HEAD,
                "the connection to " + Failures.peer(this.request.url()) + " was lost as soon as it was open", null));
    }

    /** The connection that was opened for this is ready for use. */
    void connected() {
        this.connections.figures().connects().add(System.nanoTime() - this.started);
    }

    /** Take note of what is wrong with the response, or with TLS. */
    void found(Exception failure) {
        if (this.found == null) {
            this.found = (failure instanceof RequestException known) ? known
                    : JdkFailures.of(this.phase, this.request.url(), failure);
            this.connections.run(() -> broken(failure), 0);
        }
    }

    /**
     * The connection has ended, and the response is not complete. The JDK will say why.
     */
    void ended(Traffic traffic) {
        if (this.traffic == traffic) {
            this.connections.run(() -> broken(new EOFException("The connection has ended")), PATIENCE_MILLIS);
        }
    }

    /** Return what an exception of the JDK means for this attempt. */
    RequestException failure(Throwable thrown) {
        Throwable cause = (thrown instanceof CompletionException && thrown.getCause() != null) ? thrown.getCause()
                : thrown;
        RequestException found = this.found;
        if (found != null) {
            return found;
        }
        if (this.connections.isClosed()) {
            return new CancelledException(this.phase, "the client was closed", cause);
        }
        // The tap has seen the head before the JDK.
        Phase phase = (this.phase == Phase.HEAD && this.head != null) ? Phase.BODY : this.phase;
        return JdkFailures.of(phase, this.request.url(), cause);
    }

    /** Say whether the end of the connection may have come before that of the body. */
    void cutOff(boolean cutOff) {
        this.cutOff = cutOff;
    }

    /**
     * Return what is wrong with a body that the JDK has taken for whole: the end of the
     * connection was its end, or it has another length in HTTP/2 (RFC 9113, section
     * 8.1.1).
     * @param received its length
     */
    @Nullable RequestException incomplete(long received) {
        IncomingHead head = this.head;
        long expected = (head != null && head.isHttp2()) ? contentLength(head) : -1;
        if (expected >= 0 && expected != received) {
            return new RemoteProtocolException(Phase.BODY, "the body from " + Failures.peer(this.request.url())
                    + " has " + received + " bytes, but its head says " + expected, null);
        }
        return this.cutOff ? new TruncatedBodyException("the connection to " + Failures.peer(this.request.url())
                + " was cut off, so that the body may not be complete", null) : null;
    }

    /**
     * Return the time until this has waited too long.
     * @return nanoseconds, {@code Long.MAX_VALUE} for no limit
     */
    long timeLeft(long now) {
        Timeouts timeouts = this.request.timeouts();
        Phase phase = this.phase;
        Duration limit = switch (phase) {
            case POOL -> timeouts.pool();
            case LOOKUP, CONNECT -> timeouts.connect();
            case TLS -> timeouts.tls();
            case WRITE -> timeouts.write();
            default -> timeouts.read();
        };
        long since = this.waitingSince;
        return (limit != null && since != NOT_WAITING) ? Math.max(0, since + limit.toNanos() - now) : Long.MAX_VALUE;
    }

    /**
     * Return how long nobody need look at {@link #timeLeft}: what is waited for may
     * change at any time, but no wait can be over before the shortest limit from now.
     * @return nanoseconds
     */
    long nextLook(long timeLeft) {
        return Math.min(timeLeft, this.shortestLimit);
    }

    private static long shortestLimit(Timeouts timeouts) {
        return Stream.of(timeouts.pool(), timeouts.connect(), timeouts.tls(), timeouts.write(), timeouts.read())
            .filter((limit) -> limit != null)
            .mapToLong(Duration::toNanos)
            .min()
            .orElse(TimeUnit.DAYS.toNanos(1));
    }

    /** Return the failure of having waited too long. */
    RequestException timeout() {
        return (this.phase == Phase.POOL) ? this.connections.poolTimeout(this.request)
                : Failures.timeout(this.phase, this.request.url(), null);
    }

    /** Something is waited for. */
    void waiting() {
        this.waitingSince = System.nanoTime();
    }

    /** It is up to this side to go on. */
    void resting() {
        this.waitingSince = NOT_WAITING;
    }

    byte[] head() {
        return this.outgoing.head();
    }

    long sentLength() {
        return this.outgoing.bodyLength();
    }

    /**
     * The connection was found unfit before a byte was sent: another one is to be used.
     */
    void sentNothing() {
        synchronized (this) {
            this.round++;
            this.future = null;
        }
        this.connections.run(() -> {
            if (!isOver()) {
                start();
            }
        }, 0);
    }

    /** Return whether the request was not sent before. */
    synchronized boolean sendOnce() {
        boolean first = !this.begun;
        this.begun = true;
        return first;
    }

    /** The connection is open, and the head of the request is being sent. */
    void sending() {
        phase((this.upload != null && !this.upload.isComplete()) ? Phase.WRITE : Phase.HEAD);
    }

    /** All of the request is with the JDK. */
    void uploaded() {
        if (this.phase == Phase.WRITE) {
            phase(Phase.HEAD);
        }
    }

    /**
     * All of the request has gone to the connection, which the upload may learn later.
     */
    void sent() {
        this.sent = true;
        uploaded();
    }

    boolean isSent() {
        return this.sent;
    }

    /** Bytes of the response have come. */
    void received() {
        if (this.waitingSince != NOT_WAITING) {
            this.waitingSince = System.nanoTime();
        }
    }

    /**
     * The head of the response is there.
     * @param early whether it has come before the request was sent
     */
    void responded(IncomingHead head, boolean early) {
        this.early = early ? new EarlyBody(drainLimit()) : null;
        this.head = head;
    }

    /** Some of the body is there. */
    void receivedEarly(ByteBuffer content) {
        EarlyBody early = this.early;
        if (early != null) {
            early.add(content);
        }
    }

    /** All of the body is there. */
    void receivedAll() {
        EarlyBody early = this.early;
        IncomingHead head = this.head;
        if (early != null && head != null) {
            early.complete();
            if (early.isComplete() && head.status() >= 300) {
                // Nobody wants the rest of the request (RFC 9112, section 9.5).
                this.connections.run(() -> deliver(head, early), 0);
            }
        }
    }

    /** Return how much is read of a body that nobody wants. */
    int drainLimit() {
        return this.connections.limits().drain();
    }

    /** Return the length that the response announces, or -1. */
    long contentLength(IncomingHead head) {
        long length = head.bodyLength(method());
        return (length >= 0) ? length : -1;
    }

}
