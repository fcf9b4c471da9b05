package dev.outbound.client.transport.jdk;

import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.Request;
import dev.outbound.client.transport.Failures;
import dev.outbound.client.transport.Http2;
import dev.outbound.client.transport.OutgoingHead;
import dev.outbound.client.transport.Permits;
import dev.outbound.client.transport.TlsSettings;
import dev.outbound.client.transport.TransportSettings;

/**
 * What a transport on the JDK's client has: a client for http and one for https, both
 * made when they are needed, a limit for the calls that they serve at a time, and those
 * calls. Thread-safe.
 */
final class Connections {

    private static final long SWEEP_DELAY_MILLIS = 100;

    private final Permits permits;

    private final Map<Long, Attempt> attempts = new ConcurrentHashMap<>();

    private final Set<String> shared = ConcurrentHashMap.newKeySet();

    private final Set<String> http11 = ConcurrentHashMap.newKeySet();

    private final AtomicLong numbers = new AtomicLong();

    private final Workers workers;

    private final PoolFigures figures;

    private final AtomicBoolean sweeping = new AtomicBoolean();

    private volatile TransportSettings settings;

    private @Nullable JdkClient plain;

    private @Nullable JdkClient secure;

    private volatile boolean closed;

    Connections(TransportSettings settings) {
        this.settings = settings;
        this.permits = new Permits(settings.maxConnections());
        this.workers = new Workers(settings.clientName(), settings.maxConnections());
        this.figures = new PoolFigures(this, settings.maxConnections());
    }

    Limits limits() {
        return this.settings.limits();
    }

    PoolFigures figures() {
        return this.figures;
    }

    /** HTTP/2 is spoken with the origin of an attempt. */
    void shared(Request request) {
        this.shared.add(request.url().origin());
    }

    /** The origin of a request wants no HTTP/2 (RFC 9113, section 7). */
    void requireHttp11(Request request) {
        this.http11.add(request.url().origin());
        this.shared.remove(request.url().origin());
    }

    boolean isShared(Request request) {
        return this.settings.http2() != Http2.OFF && this.shared.contains(request.url().origin());
    }

    private boolean isMarked(Request request) {
        return this.settings.http2() == Http2.OFF || !request.url().scheme().equals("https");
    }

    OutgoingRequest outgoing(Request request, OutgoingHead head, @Nullable Upload upload) {
        boolean http2 = !isMarked(request) && !this.http11.contains(request.url().origin());
        return new OutgoingRequest(this.numbers.incrementAndGet(), request, head, upload, isMarked(request), http2);
    }

    /**
     * Wait for a place among the calls that are served.
     * @param granted runs when there is one; it is given back by {@link #ended}
     * @throws IllegalStateException if the transport was closed
     */
    void acquire(Runnable granted) {
        if (this.closed) {
            throw closed();
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
        return Failures.poolTimeout(this.settings, request.timeouts().pool(), null);
    }

    /** Hand a request to the JDK. */
    void send(Attempt attempt) {
        this.attempts.put(attempt.number(), attempt);
        if (attempt.isEnded()) {
            this.attempts.remove(attempt.number());
            return;
        }
        int round = attempt.round();
        Future<?> future;
        try {
            future = enter(attempt).send(round, attempt);
        }
        catch (RuntimeException ex) {
            attempt.fail(this.closed ? new CancelledException(attempt.phase(), "the client was closed", ex) : ex);
            return;
        }
        attempt.running(round, future);
    }

    /** Give an attempt the client that it is sent by. */
    private synchronized JdkClient enter(Attempt attempt) {
        if (this.closed) {
            throw closed();
        }
        JdkClient client = client(attempt.request());
        if (!client.enter()) {
            forget(client);
            client = client(attempt.request());
            client.enter();
        }
        attempt.sentBy(client);
        return client;
    }

    private IllegalStateException closed() {
        return new IllegalStateException("The transport of client '" + this.settings.clientName() + "' was closed");
    }

    private JdkClient client(Request request) {
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

    /** Run something on a thread that may not be held up, now or a little later. */
    void run(Runnable task, long delayMillis) {
        try {
            if (delayMillis == 0) {
                this.workers.hand(task);
            }
            else {
                CompletableFuture.delayedExecutor(delayMillis, TimeUnit.MILLISECONDS, this.workers).execute(task);
            }
        }
        catch (RejectedExecutionException ex) {
            // The client was closed, which ends all.
        }
    }

    @Nullable Attempt attempt(long number) {
        return this.attempts.get(number);
    }

    void ended(Attempt attempt) {
        this.attempts.remove(attempt.number());
        this.permits.release();
        sweepLater();
    }

    /** A connection of a client was opened. */
    void opened(JdkClient client, Traffic traffic) {
        if (client.opened(traffic) > this.settings.maxConnections()) {
            // Idle ones lead elsewhere.
            retire(client);
        }
    }

    private void retire(JdkClient client) {
        forget(client);
        client.retire();
    }

    private synchronized void forget(JdkClient client) {
        if (client == this.plain) {
            this.plain = null;
        }
        if (client == this.secure) {
            this.secure = null;
        }
    }

    private synchronized List<JdkClient> clients() {
        return Stream.of(this.plain, this.secure).filter(Objects::nonNull).toList();
    }

    /** Look for what was idle, or open, for too long; only while something is open. */
    private void sweepLater() {
        Duration next = shorter(this.settings.idle(), this.settings.lifetime());
        if (next != null && this.sweeping.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(next.toMillis() + SWEEP_DELAY_MILLIS, TimeUnit.MILLISECONDS, this.workers)
                .execute(this::sweep);
        }
    }

    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        return (one == null || (other != null && other.compareTo(one) < 0)) ? other : one;
    }

    private void sweep() {
        this.sweeping.set(false);
        for (JdkClient client : clients()) {
            if (client.isOutdated(this)) {
                retire(client);
            }
            else if (client.hasConnections()) {
                sweepLater();
            }
        }
    }

    /**
     * Speak TLS with other settings from now on. Connections that have a call go on until
     * it has ended.
     */
    void reload(TlsSettings tls) {
        JdkClient secure;
        synchronized (this) {
            this.settings = this.settings.withTls(tls);
            secure = this.secure;
            this.secure = null;
        }
        this.shared.clear();
        this.http11.clear();
        if (secure != null) {
            secure.retire();
        }
    }

    void evictIdle() {
        clients().forEach(this::retire);
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

    /** Return how many connections have a call, or are being opened for one. */
    int active() {
        return this.permits.held() - clients().stream().mapToInt(JdkClient::sharing).sum();
    }

    /** Return how many connections have none. */
    int idle() {
        return clients().stream().mapToInt(JdkClient::idle).sum();
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
        this.permits.close();
        if (plain != null) {
            plain.close();
        }
        if (secure != null) {
            secure.close();
        }
        this.workers.close();
    }

}
