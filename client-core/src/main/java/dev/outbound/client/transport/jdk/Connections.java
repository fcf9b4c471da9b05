package dev.outbound.client.transport.jdk;

import java.net.http.HttpResponse;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.TransportSettings;

/**
 * What a transport on the JDK's client has: a client for http and one for https, both
 * made when they are needed, a limit for the calls that they serve at a time, and those
 * calls. Thread-safe.
 */
final class Connections {

    private final TransportSettings settings;

    private final Permits permits;

    private final Map<Long, Attempt> attempts = new ConcurrentHashMap<>();

    private final Set<String> shared = ConcurrentHashMap.newKeySet();

    private final AtomicLong numbers = new AtomicLong();

    private final Workers workers;

    private @Nullable JdkClient plain;

    private @Nullable JdkClient secure;

    private volatile boolean closed;

    Connections(TransportSettings settings) {
        this.settings = settings;
        this.permits = new Permits(settings.maxConnections());
        this.workers = new Workers(settings.clientName());
    }

    Limits limits() {
        return this.settings.limits();
    }

    /** HTTP/2 is spoken with the origin of an attempt. */
    void shared(Request request) {
        this.shared.add(request.url().origin());
    }

    boolean isShared(Request request) {
        return this.settings.http2() != Http2.OFF && this.shared.contains(request.url().origin());
    }

    private boolean isMarked(Request request) {
        return this.settings.http2() == Http2.OFF || !request.url().scheme().equals("https");
    }

    OutgoingRequest outgoing(Request request, @Nullable Upload upload) {
        return new OutgoingRequest(this.numbers.incrementAndGet(), request, upload, isMarked(request));
    }

    /**
     * Wait for a place among the calls that are served.
     * @param granted runs when there is one; it is given back by {@link #ended}
     * @throws IllegalStateException if the transport was closed
     */
    void acquire(Runnable granted) {
        if (this.closed) {
            throw new IllegalStateException("The transport of client '" + this.settings.clientName() + "' was closed");
        }
        this.permits.acquire(granted);
    }

    boolean leave(Runnable granted) {
        return this.permits.leave(granted);
    }

    void release() {
        this.permits.release();
    }

    PoolTimeoutException poolTimeout(Request request) {
        Duration limit = request.timeouts().pool();
        return new PoolTimeoutException("none of the " + this.settings.maxConnections() + " connections of client '"
                + this.settings.clientName() + "' became free within " + ((limit != null) ? limit.toMillis() : 0)
                + " ms; close streamed responses, or raise the limit of connections", null);
    }

    /** Hand a request to the JDK. */
    void send(Attempt attempt) {
        this.attempts.put(attempt.number(), attempt);
        if (attempt.isEnded()) {
            this.attempts.remove(attempt.number());
            return;
        }
        CompletableFuture<HttpResponse<Inbound>> future;
        try {
            future = client(attempt.request()).send(attempt);
        }
        catch (RuntimeException ex) {
            attempt.fail(this.closed ? new CancelledException(attempt.phase(), "the client was closed", ex) : ex);
            return;
        }
        attempt.running(future);
    }

    private synchronized JdkClient client(Request request) {
        if (this.closed) {
            throw new IllegalStateException("The transport of client '" + this.settings.clientName() + "' was closed");
        }
        if (request.url().scheme().equals("https")) {
            if (this.secure == null) {
                this.secure = new JdkClient(this, this.workers, tls(), this.settings.http2() != Http2.OFF);
            }
            return this.secure;
        }
        if (this.plain == null) {
            this.plain = new JdkClient(this, this.workers, null, false);
        }
        return this.plain;
    }

    private SecureEngines tls() {
        SSLContext context = this.settings.sslContext();
        return new SecureEngines((context != null) ? context : standard(), this.settings.tls());
    }

    private static SSLContext standard() {
        try {
            return SSLContext.getDefault();
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException(
                    "The JDK's default SSLContext cannot be made; check the system" + " properties javax.net.ssl.*",
                    ex);
        }
    }

    @Nullable Attempt attempt(long number) {
        return this.attempts.get(number);
    }

    void ended(Attempt attempt) {
        this.attempts.remove(attempt.number());
        this.permits.release();
    }

    /**
     * Return whether a connection is to be used no longer.
     * @param opened when it was made
     * @param idleSince when its last response ended, or 0 for none
     */
    boolean isTooOld(long opened, long idleSince) {
        long now = System.nanoTime();
        return isOver(this.settings.lifetime(), opened, now)
                || (idleSince != 0 && isOver(this.settings.idle(), idleSince, now));
    }

    private static boolean isOver(@Nullable Duration limit, long since, long now) {
        return limit != null && now - since > limit.toNanos();
    }

    boolean isClosed() {
        return this.closed;
    }

    int held() {
        return this.permits.held();
    }

    int pending() {
        return this.permits.pending();
    }

    void close() {
        JdkClient plain;
        JdkClient secure;
        synchronized (this) {
            if (this.closed) {
                return;
            }
            this.closed = true;
            plain = this.plain;
            secure = this.secure;
            this.plain = null;
            this.secure = null;
        }
        for (Attempt attempt : this.attempts.values()) {
            attempt.closed();
        }
        // Who waits wakes one by one, sees that there is nothing to wait for, and wakes
        // the next.
        this.permits.release();
        if (plain != null) {
            plain.close();
        }
        if (secure != null) {
            secure.close();
        }
        this.workers.close();
    }

}
